/** The demo's one JSON document. Fields that do not apply are absent. */
import type { InstanceSummary } from "../../cloud/ec2/control-reads.ts";
import type { AnyReport } from "../any-report.ts";
import { groupStoryJson } from "../cluster/group-document.ts";
import { nodeStoryJson } from "../kubernetes/node-document.ts";
import { countOf } from "../../cli/report/course.ts";
import { hasHeld, type StoryEnding, type StoryReport } from "../story.ts";
import { rejectionCounts, topCandidates } from "../../cli/report/candidates.ts";
import { downtimeOf, savingOf } from "./summary.ts";

const cents = (usd: number): number => Math.round(usd * 100) / 100;

type Fields = Readonly<Record<string, unknown>>;

/** The fields that every reader of the document may count on, in this order. */
const headFields = (report: StoryReport, ending: StoryEnding): Fields => {
  const { evaluation, mutatingCalls, orphans, service } = ending;
  const saving = savingOf(report);
  return {
    name: report.name,
    mode: evaluation.mode,
    verdict: evaluation.verdict?.kind,
    reason: evaluation.verdict?.reason,
    status: evaluation.status,
    mutating_calls: countOf(mutatingCalls),
    orphans: orphans.length,
    downtime_seconds: downtimeOf(report),
    min_healthy_minus_desired: service.fewestHolders - 1,
    monthly_savings_usd: saving === undefined ? undefined : cents(saving),
    ok: hasHeld(report),
    title: report.title,
  };
};

/** What the record says of the decision and its outcome. */
const recordFields = ({ evaluation }: StoryEnding): Fields => {
  const { verdict, outcome, savings, status } = evaluation;
  return {
    evaluation_id: evaluation.evaluation_id,
    region: evaluation.region,
    sentence: verdict?.sentence,
    outcome_reason: outcome?.reason,
    outcome_sentence: outcome?.sentence,
    /** What a switch that did not come about would have saved. */
    potential_monthly_savings_usd:
      savings === undefined || status === "SWITCHED" ? undefined : cents(savings.monthly_usd),
    phases: evaluation.phases,
  };
};

const instanceFields = (instance: InstanceSummary | undefined): Fields | undefined =>
  instance && {
    instance_id: instance.instanceId,
    instance_type: instance.instanceType,
    zone_id: instance.zoneId,
  };

/** What the simulated cloud shows. */
const cloudFields = (ending: StoryEnding): Fields => ({
  original: { ...instanceFields(ending.before), address: ending.before.publicIps[0] },
  replacement: instanceFields(ending.replacement),
  mutating_calls_by_name: ending.mutatingCalls,
  unserved_seconds: ending.service.unservedSeconds,
  writes: ending.writes,
});

const candidateFields = ({ evaluation: { candidates }, before }: StoryEnding): Fields => ({
  total: candidates.length,
  acceptable: candidates.filter(({ rejection }) => rejection === undefined).length,
  rejected: Object.fromEntries(rejectionCounts(candidates)),
  top: topCandidates(candidates, before.instanceType),
});

/** Undefined fields are left out by JSON.stringify. */
const instanceStoryJson = (report: StoryReport): Fields => {
  const { name, mode, title, ending, error } = report;
  if (ending === undefined) return { name, mode, ok: false, title, error };
  return {
    ...headFields(report, ending),
    ...recordFields(ending),
    ...cloudFields(ending),
    candidates: candidateFields(ending),
    checks: report.expectations,
  };
};

const storyJson = (report: AnyReport): Fields => {
  switch (report.mode) {
    case "LINEAR":
      return instanceStoryJson(report);
    case "CLUSTER":
      return groupStoryJson(report);
    case "KUBERNETES":
      return nodeStoryJson(report);
  }
};

export interface MarketNote {
  readonly kind: "seeded" | "recorded";
  /** Virtual time at which the stories begin, ISO 8601. */
  readonly at: string;
  readonly [detail: string]: unknown;
}

export const demoDocument = (demo: {
  readonly seed: number;
  readonly market: MarketNote;
  readonly reports: readonly AnyReport[];
}): Readonly<Record<string, unknown>> => ({
  ok: demo.reports.every(hasHeld),
  seed: demo.seed,
  market: demo.market,
  stories: demo.reports.map(storyJson),
});

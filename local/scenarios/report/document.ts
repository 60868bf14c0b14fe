/** The demo's one JSON document. Fields that do not apply are absent. */
import { countOf, hasHeld, type StoryReport } from "../story.ts";
import { rejectionCounts, topCandidates } from "./candidates.ts";
import { downtimeOf, savingOf } from "./summary.ts";

const cents = (usd: number): number => Math.round(usd * 100) / 100;

/** Undefined fields are left out by JSON.stringify. */
const storyJson = (report: StoryReport): Readonly<Record<string, unknown>> => {
  const { name, ending, error } = report;
  const checks = report.expectations.map(({ rule, held, found }) => ({ rule, held, found }));
  if (ending === undefined) return { name, mode: "LINEAR", ok: false, error };
  const { evaluation, before, replacement, service, writes } = ending;
  const { verdict, outcome, savings, candidates } = evaluation;
  const isSwitched = evaluation.status === "SWITCHED";
  const saving = savingOf(report);
  return {
    name,
    mode: evaluation.mode,
    verdict: verdict?.kind,
    reason: outcome?.reason,
    status: evaluation.status,
    mutating_calls: countOf(ending.mutatingCalls),
    orphans: ending.orphans.length,
    downtime_seconds: downtimeOf(report),
    min_healthy_minus_desired: service.fewestHolders - 1,
    monthly_savings_usd: saving === undefined ? undefined : cents(saving),
    ok: hasHeld(report),
    title: report.title,
    verdict_reason: verdict?.reason,
    verdict_sentence: verdict?.sentence,
    outcome_sentence: outcome?.sentence,
    potential_monthly_savings_usd:
      isSwitched || savings === undefined ? undefined : cents(savings.monthly_usd),
    unserved_seconds: service.unservedSeconds,
    writes,
    mutating_calls_by_name: ending.mutatingCalls,
    evaluation_id: evaluation.evaluation_id,
    region: evaluation.region,
    original: {
      instance_id: before.instanceId,
      instance_type: before.instanceType,
      zone_id: before.zoneId,
      address: before.publicIps[0],
    },
    replacement:
      replacement === undefined
        ? undefined
        : {
            instance_id: replacement.instanceId,
            instance_type: replacement.instanceType,
            zone_id: replacement.zoneId,
          },
    candidates: {
      total: candidates.length,
      acceptable: candidates.filter(({ rejection }) => rejection === undefined).length,
      rejected: Object.fromEntries(rejectionCounts(candidates)),
      top: topCandidates(evaluation, before.instanceType),
    },
    phases: evaluation.phases,
    checks,
  };
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
  readonly reports: readonly StoryReport[];
}): Readonly<Record<string, unknown>> => ({
  ok: demo.reports.every(hasHeld),
  seed: demo.seed,
  market: demo.market,
  stories: demo.reports.map(storyJson),
});

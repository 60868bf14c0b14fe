/** A story of a group in the demo's document. */
import { countOf } from "../../cli/report/course.ts";
import { hasHeld } from "../story.ts";
import type { CapacitySample } from "../../lab/capacity-ledger.ts";
import { groupSaving, leastServing } from "./group-figures.ts";
import type { GroupReport, GroupStoryEnding } from "./group-story.ts";

type Fields = Readonly<Record<string, unknown>>;

const sampleJson = ({ atMs, desired, asked, inService, healthy, serving }: CapacitySample) => ({
  at: new Date(atMs).toISOString(),
  desired,
  asked,
  in_service: inService,
  healthy,
  serving,
});

const sizesOf = ({ before, after }: GroupStoryEnding): Fields => {
  const [was, is] = [before, after].map(({ min, max, desired, members }) => ({
    min,
    max,
    desired,
    members: members.length,
    spot: members.filter(({ lifecycle }) => lifecycle === "spot").length,
  }));
  return { before: was, after: is };
};

const recordFields = ({ evaluation }: GroupStoryEnding): Fields => ({
  evaluation_id: evaluation.evaluation_id,
  region: evaluation.region,
  sentence: evaluation.verdict?.sentence,
  outcome_reason: evaluation.outcome?.reason,
  outcome_sentence: evaluation.outcome?.sentence,
  phases: evaluation.phases,
  swaps: evaluation.swaps.map(({ swap_id, batch, original_id, stage, sentence, replacement }) => ({
    swap_id,
    batch,
    original_id,
    stage,
    sentence,
    replacement,
  })),
});

const cloudFields = (ending: GroupStoryEnding): Fields => {
  const { capacity, mutatingCalls, drains, scaledMs } = ending;
  const least = leastServing(capacity);
  return {
    group: sizesOf(ending),
    scaled_at: scaledMs === undefined ? undefined : new Date(scaledMs).toISOString(),
    drained: drains.length,
    mutating_calls_by_name: mutatingCalls,
    least: least === undefined ? undefined : sampleJson(least),
    capacity: capacity.map(sampleJson),
  };
};

/** Undefined fields are left out by JSON.stringify. */
export const groupStoryJson = (report: GroupReport): Fields => {
  const { name, mode, title, ending, error } = report;
  if (ending === undefined) return { name, mode, ok: false, title, error };
  const { evaluation, mutatingCalls, orphans, margin } = ending;
  const saving = groupSaving(ending);
  return {
    name,
    mode,
    verdict: evaluation.verdict?.kind,
    reason: evaluation.verdict?.reason,
    status: evaluation.status,
    mutating_calls: countOf(mutatingCalls),
    orphans: orphans.length,
    min_healthy_minus_desired: margin,
    monthly_savings_usd: saving === undefined ? undefined : Math.round(saving * 100) / 100,
    ok: hasHeld(report),
    title,
    ...recordFields(ending),
    ...cloudFields(ending),
    checks: report.expectations,
  };
};

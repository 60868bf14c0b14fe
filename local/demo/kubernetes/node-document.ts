/** A story of a node in the demo's document. */
import { leastSpare, type BudgetHistory } from "../../lab/pod-ledger.ts";
import type { PodMove } from "../../lab/pod-moves.ts";
import { countOf } from "../../cli/report/course.ts";
import { hasHeld } from "../story.ts";
import { leastOf, nodeLabels, nodeSaving } from "./node-figures.ts";
import type { NodeReport, NodeStoryEnding } from "./node-story.ts";

type Fields = Readonly<Record<string, unknown>>;

const instant = (atMs: number | undefined): string | undefined =>
  atMs === undefined ? undefined : new Date(atMs).toISOString();

const moveJson = (
  { owner, pod, successor, from, to, atMs, placedMs, readyMs }: PodMove,
  labels: ReadonlyMap<string, string>,
): Fields => ({
  owner,
  pod,
  successor,
  from: labels.get(from),
  to: to === undefined ? undefined : labels.get(to),
  left_at: instant(atMs),
  placed_at: instant(placedMs),
  ready_at: instant(readyMs),
});

const budgetJson = (history: BudgetHistory): Fields => {
  const least = leastOf(history);
  return {
    budget: history.budget,
    least_healthy: least?.healthy,
    must_be_healthy: least?.desired,
    samples: history.samples.map(({ atMs, healthy, desired, expected }) => ({
      at: instant(atMs),
      healthy,
      must_be_healthy: desired,
      expected,
    })),
  };
};

const recordFields = ({ evaluation }: NodeStoryEnding): Fields => ({
  evaluation_id: evaluation.evaluation_id,
  region: evaluation.region,
  sentence: evaluation.verdict?.sentence,
  outcome_reason: evaluation.outcome?.reason,
  outcome_sentence: evaluation.outcome?.sentence,
  phases: evaluation.phases,
  swaps: evaluation.swaps.map(({ swap_id, original_id, stage, sentence, replacement }) => ({
    swap_id,
    original_id,
    stage,
    sentence,
    replacement,
  })),
});

/** Undefined fields are left out by JSON.stringify. */
export const nodeStoryJson = (report: NodeReport): Fields => {
  const { name, mode, title, ending, error } = report;
  if (ending === undefined) return { name, mode, ok: false, title, error };
  const { evaluation, mutatingCalls, orphans, budgets, moves, capacity, watch } = ending;
  const saving = nodeSaving(ending);
  const labels = nodeLabels(ending);
  return {
    name,
    mode,
    verdict: evaluation.verdict?.kind,
    reason: evaluation.verdict?.reason,
    status: evaluation.status,
    mutating_calls: countOf(mutatingCalls),
    orphans: orphans.length,
    min_healthy_minus_desired: Math.min(...capacity.map(({ serving, asked }) => serving - asked)),
    min_healthy_pods_minus_desired: leastSpare(budgets),
    lost_pods: watch.pods.lost.length,
    monthly_savings_usd: saving === undefined ? undefined : Math.round(saving * 100) / 100,
    ok: hasHeld(report),
    title,
    ...recordFields(ending),
    nodes: ending.after.nodes.map(({ metadata }) => labels.get(metadata.name)),
    mutating_calls_by_name: mutatingCalls,
    budgets: budgets.map(budgetJson),
    pod_moves: moves.map((move) => moveJson(move, labels)),
    checks: report.expectations,
  };
};

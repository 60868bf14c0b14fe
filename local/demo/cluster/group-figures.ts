/** Figures of a told story of a group. */
import type { EvaluationJson } from "../../../lambdas/api/schemas/evaluations.ts";
import type { CapacitySample } from "../../lab/capacity-ledger.ts";
import type { GroupStoryEnding } from "./group-story.ts";

type SwapJson = EvaluationJson["swaps"][number];
type Candidate = EvaluationJson["candidates"][number];

const hoursPerMonth = 730;

export const doneSwaps = ({ evaluation }: GroupStoryEnding): readonly SwapJson[] =>
  evaluation.swaps.filter(({ stage }) => stage === "DONE");

/** The instant at which fewest served. */
export const leastServing = (capacity: readonly CapacitySample[]): CapacitySample | undefined =>
  capacity.reduce<CapacitySample | undefined>(
    (least, sample) => (least === undefined || sample.serving < least.serving ? sample : least),
    undefined,
  );

const priceOf = (
  candidates: readonly Candidate[],
  { zone_id: zone, instance_type: type }: Candidate["pool"],
): number | undefined =>
  candidates.find(({ pool }) => pool.zone_id === zone && pool.instance_type === type)
    ?.spot_hourly_usd;

const onDemandOf = (candidates: readonly Candidate[], type: string): number | undefined =>
  candidates.find(({ pool }) => pool.instance_type === type)?.on_demand_hourly_usd;

/**
 * For 730 hours at the prices of the verdict, of the pairs that are done and whose replacement is a member at the end. Undefined where
 * there is none.
 */
export const groupSaving = (ending: GroupStoryEnding): number | undefined => {
  const { evaluation, before, after } = ending;
  const { candidates } = evaluation;
  const members = new Set(after.members.map(({ instanceId }) => instanceId));
  const savings = doneSwaps(ending).flatMap(({ original_id: original, replacement }) => {
    if (replacement === undefined || !members.has(replacement.instance_id)) return [];
    const type = before.members.find(({ instanceId }) => instanceId === original)?.instanceType;
    const onDemand = onDemandOf(candidates, type ?? "");
    const spot = priceOf(candidates, replacement.pool);
    return onDemand === undefined || spot === undefined ? [] : [(onDemand - spot) * hoursPerMonth];
  });
  return savings.length === 0 ? undefined : savings.reduce((sum, saving) => sum + saving, 0);
};

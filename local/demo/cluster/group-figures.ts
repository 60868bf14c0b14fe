/** Figures of a told story of a group. */
import type { EvaluationJson } from "../../../lambdas/api/schemas/evaluations.ts";
import type { CapacitySample } from "../../lab/capacity-ledger.ts";
import type { GroupStoryEnding } from "./group-story.ts";

type SwapJson = EvaluationJson["swaps"][number];
type Candidate = EvaluationJson["candidates"][number];

const hoursPerMonth = 730;

export const doneSwaps = ({
  evaluation,
}: Pick<GroupStoryEnding, "evaluation">): readonly SwapJson[] =>
  evaluation.swaps.filter(({ stage }) => stage === "DONE");

/** The instant at which fewest served. */
export const leastServing = (capacity: readonly CapacitySample[]): CapacitySample | undefined =>
  capacity.reduce<CapacitySample | undefined>(
    (least, sample) => (least === undefined || sample.serving < least.serving ? sample : least),
    undefined,
  );

/** A month's, by the record. Undefined where no member was replaced. */
export const groupSaving = ({ evaluation }: GroupStoryEnding): number | undefined =>
  doneSwaps({ evaluation }).length === 0 ? undefined : evaluation.savings?.monthly_usd;

const spotPriceOf = (
  candidates: readonly Candidate[],
  { zone_id: zone, instance_type: type }: Pick<Candidate["pool"], "zone_id" | "instance_type">,
): number | undefined =>
  candidates.find(({ pool }) => pool.zone_id === zone && pool.instance_type === type)
    ?.spot_hourly_usd;

const onDemandOf = (candidates: readonly Candidate[], type: string): number | undefined =>
  candidates.find(({ pool }) => pool.instance_type === type)?.on_demand_hourly_usd;

type Member = GroupStoryEnding["before"]["members"][number];

/** An hour of a member where it stands, at the prices of the verdict: as the simulated cloud shows how it is bought. */
const hourlyUsdOf = (
  { instanceType, zoneName, lifecycle }: Member,
  { evaluation: { candidates }, stage, name }: GroupStoryEnding,
): number => {
  const zones = stage.platform.ec2.control.zones(name.accountId, name.region);
  const zoneId = zones.find((zone) => zone.name === zoneName)?.id ?? "";
  const hourlyUsd =
    lifecycle === "spot"
      ? spotPriceOf(candidates, { zone_id: zoneId, instance_type: instanceType })
      : onDemandOf(candidates, instanceType);
  if (hourlyUsd === undefined) throw new Error(`No price of ${instanceType} in ${zoneName}.`);
  return hourlyUsd;
};

/** What the group costs less in 730 hours than before, at the prices of the verdict: as large as it was. */
export const costsLess = (ending: GroupStoryEnding): number => {
  const [before, after] = [ending.before, ending.after].map(({ members }) =>
    members.reduce((sum, member) => sum + hourlyUsdOf(member, ending), 0),
  );
  return ((before ?? 0) - (after ?? 0)) * hoursPerMonth;
};

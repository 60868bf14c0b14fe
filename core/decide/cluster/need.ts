/** States what a replacement in a group must offer: what the template gives, in the group's own subnets. */
import { SpotOptimizerError } from "../../errors.ts";
import type { ClusterFacts, MarketedFacts } from "../../model/evaluation.ts";
import { kindOf } from "../../model/evaluation-kind.ts";
import { isOnDemand, type GroupFacts, type GroupMember } from "../../model/group.ts";
import type { Policy } from "../../policy/policy.ts";
import type { Whereabouts } from "../offers/judge.ts";
import { launchedTypeOf, needOfGroup } from "../offers/group-need.ts";
import type { Need } from "../offers/need.ts";
import type { Standing } from "../offers/placement.ts";

/** @throws BrokenFacts when Auto Scaling did not show it: such an evaluation was refused, and goes no further */
export const groupIn = ({ group }: ClusterFacts): GroupFacts => {
  if (group !== undefined) return group;
  throw new SpotOptimizerError("BrokenFacts", "The facts do not hold the group.");
};

/** @throws BrokenFacts, see `groupIn` */
export const whereaboutsOfGroup = (facts: ClusterFacts): Whereabouts => {
  const group = groupIn(facts);
  const { platformDetails: product, instanceType } = launchedTypeOf(group);
  const onDemand = group.members.filter(isOnDemand).map((member) => member.instanceType);
  const otherTypes = [...new Set(onDemand)].filter((type) => type !== instanceType).sort();
  return {
    product,
    vpcId: group.vpcId,
    instanceType,
    ...(otherTypes.length === 0 ? {} : { otherTypes }),
  };
};

/**
 * Of one member: its replacement stands in its zone, or the group's zones become uneven, and with cross-zone load balancing off a zone
 * may be left without a target.
 */
export const needOfVictim = (
  { instanceId, zoneId, instance }: Pick<GroupMember, "instanceId" | "zoneId" | "instance">,
  { group, policy }: { readonly group: GroupFacts; readonly policy: Pick<Policy, "batchSize"> },
  standing: Standing = { kind: "ON_DEMAND" },
): Need => {
  const need = needOfGroup(group, policy);
  return {
    ...need,
    subnetId: instance?.subnetId ?? need.subnetId,
    pins: [{ zoneId, because: `member ${instanceId} is` }],
    standing,
  };
};

/** For the steps that judge piece by piece: of the group as a whole. The way back goes to the template's own type. */
export const needOfClusterFacts = (
  facts: MarketedFacts<"CLUSTER">,
  policy: Pick<Policy, "batchSize">,
): Need => {
  const need = needOfGroup(groupIn(facts), policy);
  return kindOf(facts) === "FALL_BACK" ? { ...need, purchase: "ON_DEMAND" } : need;
};

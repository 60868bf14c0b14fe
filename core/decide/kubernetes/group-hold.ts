/** Does EKS itself work on a managed node group? Then nothing is taken from it: two would drain at a time, and its sizes would end as neither means. */
import type { GroupSizes } from "../../model/group.ts";
import type { ManagedNodeGroupFacts } from "../../model/kubernetes/cluster.ts";

/** Source: Amazon EKS API reference, Nodegroup, status. */
const atWork: readonly string[] = ["UPDATING", "DELETING"];

/** @param group undefined: EKS does not show it */
export const whyGroupHolds = (
  name: string,
  group: Pick<ManagedNodeGroupFacts, "status"> | undefined,
): string | undefined => {
  if (group === undefined) return `EKS does not show node group ${name} any longer.`;
  return atWork.includes(group.status)
    ? `Node group ${name} is ${group.status}: EKS drains and ends nodes of it itself, and nothing more is evicted until that has ended.`
    : undefined;
};

/**
 * Can a node leave the group of a managed node group, the place of which has gone to the Spot node group? A cluster autoscaler may have taken another one since it was judged. Source:
 * TerminateInstanceInAutoScalingGroup: never below the minimum.
 */
export const whyAtMinimum = ({
  asgName,
  desiredCapacity,
  minSize,
}: Pick<GroupSizes, "desiredCapacity" | "minSize"> & {
  readonly asgName: string;
}): string | undefined =>
  desiredCapacity > minSize
    ? undefined
    : `Group ${asgName} is at its minimum of ${String(minSize)} by now, and Auto Scaling takes no node away below it: no pod leaves its node for nothing.`;

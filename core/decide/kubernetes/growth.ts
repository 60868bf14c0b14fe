/** May the Spot node group be told to grow by one: now, and by its size as it is now against that before our first call. */
import type { LiveGroup } from "../../model/group.ts";
import type { ManagedNodeGroupFacts } from "../../model/kubernetes/cluster.ts";

export type Growth =
  | { readonly kind: "GROW"; readonly desiredSize: number }
  /** By our call, the answer to which was lost, or by its owner: to set a size now would take from what he has set. */
  | { readonly kind: "GROWN"; readonly sentence: string }
  /** Its owner wants fewer by now: what was planned no longer holds. */
  | { readonly kind: "SMALLER"; readonly sentence: string };

export const judgeGrowth = ({
  desiredBefore,
  desiredNow,
}: {
  readonly desiredBefore: number;
  readonly desiredNow: number;
}): Growth => {
  const [was, is] = [String(desiredBefore), String(desiredNow)];
  if (desiredNow > desiredBefore) {
    return { kind: "GROWN", sentence: `has grown from ${was} to ${is} already.` };
  }
  return desiredNow < desiredBefore
    ? { kind: "SMALLER", sentence: `was to grow from ${was}, and is asked for ${is} nodes by now.` }
    : { kind: "GROW", desiredSize: desiredBefore + 1 };
};

/**
 * Why it can't grow now; undefined while it can. A cluster autoscaler sizes the group behind it, of which EKS learns later: the size is set as a number, and would take from what the
 * group is asked for. †
 */
export const whyNoGrowth = (
  {
    name,
    status,
    desiredSize,
    maxSize,
  }: Pick<ManagedNodeGroupFacts, "name" | "status" | "desiredSize" | "maxSize">,
  { asgName, desiredCapacity }: Pick<LiveGroup, "desiredCapacity"> & { readonly asgName: string },
): string | undefined => {
  if (status !== "ACTIVE") return `Node group ${name} is ${status}.`;
  if (desiredSize !== desiredCapacity) {
    return `Node group ${name} is to have ${String(desiredSize)} nodes by EKS, and ${String(desiredCapacity)} by its group ${asgName}.`;
  }
  return desiredSize >= maxSize
    ? `Node group ${name} is at its maximum of ${String(maxSize)}.`
    : undefined;
};

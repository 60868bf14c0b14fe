/**
 * Is the place that we have added to a group still ours to take off again? Whoever else sets the desired capacity takes it for his own, upwards as well as downwards: from then on what
 * he set is what is asked for. Cluster Autoscaler does so from its own memory, which may be a minute old.
 */
import type { LiveGroup } from "../../model/group.ts";

type Size = Pick<LiveGroup, "desiredCapacity" | "minSize">;

/** @param before the desired capacity right before our place was added to it */
export const isAbsorbed = ({ desiredCapacity, minSize }: Size, before: number): boolean =>
  desiredCapacity !== before + 1 || desiredCapacity <= minSize;

/** Undefined: nobody has changed it. */
export const whyAbsorbed = (
  group: Size & { readonly asgName: string },
  before: number,
): string | undefined => {
  if (!isAbsorbed(group, before)) return undefined;
  const { asgName, desiredCapacity, minSize } = group;
  return `Group ${asgName} is asked for ${String(desiredCapacity)} nodes (minimum ${String(minSize)}) by somebody else, a cluster autoscaler for instance, and not for the ${String(before)} of before and our one: the new node is one of these, and no other may leave for it.`;
};

/**
 * Is the place that we have added to a group still ours to take off again? Whoever else sets the desired capacity takes it for his own, upwards as well as downwards: from then on what
 * he set is what is asked for. Cluster Autoscaler does so from its own memory, which may be a minute old.
 */
import type { LiveGroup } from "../../model/group.ts";

type Size = Pick<LiveGroup, "desiredCapacity" | "minSize">;

/** What was asked for right before our place was added to a group. */
export interface AskedBefore {
  readonly asked: number;
  /** Our call before it has taken one of these: the place gives that back, and never was ours. */
  readonly isOwed: boolean;
}

export const isAbsorbed = (
  { desiredCapacity, minSize }: Size,
  { asked, isOwed }: AskedBefore,
): boolean => isOwed || desiredCapacity !== asked + 1 || desiredCapacity <= minSize;

/** Undefined: nobody has changed it. */
export const whyAbsorbed = (
  group: Size & { readonly asgName: string },
  before: AskedBefore,
): string | undefined => {
  if (!isAbsorbed(group, before)) return undefined;
  const { asgName, desiredCapacity, minSize } = group;
  const asked = String(before.asked);
  if (before.isOwed) {
    return `Group ${asgName} was set to ${asked} nodes in the instant in which the last node was asked to leave, which has lowered it by one: the new node is one of these, and no other may leave for it.`;
  }
  return `Group ${asgName} is asked for ${String(desiredCapacity)} nodes (minimum ${String(minSize)}) by somebody else, a cluster autoscaler for instance, and not for the ${asked} of before and our one: the new node is one of these, and no other may leave for it.`;
};

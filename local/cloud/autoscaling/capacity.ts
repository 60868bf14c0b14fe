/** How desired, minimum and maximum change, by whom, and how activities word it. */
import type { Call } from "../contract.ts";
import { sentence } from "./activities.ts";
import type { AutoScalingContext } from "./context.ts";
import { invalid } from "./refusals.ts";
import type { Group } from "./state.ts";

interface NewDesired {
  readonly to: number;
  /** As activities word it, without "At …", for instance `a user request explicitly set group desired capacity`. */
  readonly because?: string;
  readonly call?: Call | undefined;
}

/** Without effect where it is so already. */
export const setDesired = (
  context: AutoScalingContext,
  group: Group,
  { to, because, call }: NewDesired,
): void => {
  const from = group.desired;
  if (from === to) return;
  group.desired = to;
  if (because !== undefined) {
    const change = `changing the desired capacity from ${String(from)} to ${String(to)}`;
    group.causes.push(sentence(context, `${because} ${change}`));
  }
  context.changed(group, { kind: "DESIRED", from, to, call });
  context.wake(group);
};

export interface Sizes {
  readonly MinSize?: number | undefined;
  readonly MaxSize?: number | undefined;
  readonly DesiredCapacity?: number | undefined;
}

/** @throws CloudError ValidationError */
export const checkSizes = (min: number, max: number, desired: number): void => {
  if (min < 0 || max < 0) throw invalid("Min and max bounds must not be negative");
  if (max < min) {
    throw invalid(
      `Max bound, ${String(max)}, must be greater than or equal to min bound, ${String(min)}`,
    );
  }
  if (desired < min || desired > max) {
    throw invalid(
      `Desired capacity:${String(desired)} must be between the specified min size:${String(min)} and max size:${String(max)}`,
    );
  }
};

/**
 * "If you specify a new value for MinSize without specifying a value for DesiredCapacity, and the new MinSize is larger than the current
 * size of the group, this sets the group's DesiredCapacity to the new MinSize value", and MaxSize likewise where it is smaller.
 * (API reference, UpdateAutoScalingGroup.)
 */
const desiredWithin = (group: Group, min: number, max: number): number =>
  Math.max(min, Math.min(max, group.desired));

/** @throws CloudError ValidationError, and then nothing has changed */
export const setSizes = (
  context: AutoScalingContext,
  group: Group,
  order: { readonly sizes: Sizes; readonly by: string; readonly call?: Call | undefined },
): void => {
  const { sizes, by, call } = order;
  const { MinSize: min = group.minSize, MaxSize: max = group.maxSize } = sizes;
  const to = sizes.DesiredCapacity ?? desiredWithin(group, min, max);
  checkSizes(min, max, to);
  group.minSize = min;
  group.maxSize = max;
  const bounds = `min: ${String(min)}, max: ${String(max)}, desired: ${String(to)}`;
  setDesired(context, group, {
    to,
    because: `${by} update of AutoScalingGroup constraints to ${bounds}`,
    call,
  });
};

/** "shrinking the capacity from 3 to 2", or "keeping the capacity at the current 3". */
export const shrinking = (group: Group, decrements: boolean): string =>
  decrements
    ? `shrinking the capacity from ${String(group.desired)} to ${String(group.desired - 1)}`
    : `keeping the capacity at the current ${String(group.desired)}`;

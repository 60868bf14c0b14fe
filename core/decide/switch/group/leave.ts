/**
 * Our calls that let a member leave its group with its place, and what the owner had asked for right before, between our look and the call: afterwards the group shows the difference
 * alone. AWS takes no condition with such a call, and its activity says which desired capacity it met. Source: Auto Scaling API reference,
 * TerminateInstanceInAutoScalingGroup, DetachInstances: both name instance and decrement, and nothing else; the activity's cause ends with
 * "shrinking the capacity from 7 to 6".
 */

/** One of our calls that lowered the desired capacity. */
export interface Leave {
  /** ISO 8601 */
  readonly at: string;
  readonly instanceId: string;
  readonly asgName: string;
  /** Desired capacity at the look right before it. */
  readonly seen: number;
  /** That which the call met. */
  readonly met: number;
}

export const isHidden = ({ seen, met }: Pick<Leave, "seen" | "met">): boolean => met !== seen;

/** The one that acted last. */
export const lastLeave = <Found extends Leave>(leaves: readonly Found[]): Found | undefined =>
  leaves.toSorted((one, other) => one.at.localeCompare(other.at)).at(-1);

/** What the owner is told of such a call. Undefined: it met what we had seen. */
export const tellTaken = (leave: Leave | undefined): string | undefined => {
  if (leave === undefined || !isHidden(leave)) return undefined;
  const { asgName, instanceId } = leave;
  const met = String(leave.met);
  return `Somebody set the desired capacity of group ${asgName} to ${met} in the instant in which ${instanceId} was asked to leave, which has lowered it by one. The next replacement that joins gives it back. Next, where none does: set it to ${met} if as many are still wanted.`;
};

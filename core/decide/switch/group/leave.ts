/**
 * Our calls that let a member leave its group with its place, and what the owner had asked for right before, between our look and the call: afterwards the group shows the difference
 * alone. AWS takes no condition with such a call, and its activity says which desired capacity it met. Source: Auto Scaling API reference,
 * TerminateInstanceInAutoScalingGroup, DetachInstances: both name instance and decrement, and nothing else; the activity's cause ends with
 * "shrinking the capacity from 7 to 6".
 */
import type { GroupActivity } from "../../../model/group.ts";

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

const leaving = /^(?:Terminating|Detaching) EC2 instance/i;
const byRequest = /in response to a user request, shrinking the capacity(?: from (\d+))?/i;

/** How a member has left its group. */
export interface Left {
  /** As our call asks; else by other hands, who have it replaced. */
  readonly isWithItsPlace: boolean;
  /** Desired capacity that the call met. Absent: no activity says it. */
  readonly desiredBefore?: number;
}

/**
 * Did the group lose this member together with its place? Asked when the answer to our call is not known. Undefined: no activity tells yet. Source of the
 * words: EC2 Auto Scaling user guide, "Verify a scaling activity for an Auto Scaling group"; a scale-in speaks of "a difference between desired and actual
 * capacity", and has set the desired capacity itself.
 */
export const howItLeft = (
  activities: readonly Pick<GroupActivity, "description" | "cause">[],
  instanceId: string,
): Left | undefined => {
  const own = activities.filter(({ description }) => leaving.test(description));
  const causes = own
    .filter(({ description }) => description.includes(instanceId))
    .map(({ cause }) => cause);
  if (causes.length === 0) return undefined;
  const requested = causes.map((cause) => byRequest.exec(cause)).find((found) => found !== null);
  const from = requested?.[1];
  return {
    isWithItsPlace: requested !== undefined,
    ...(from === undefined ? {} : { desiredBefore: Number(from) }),
  };
};

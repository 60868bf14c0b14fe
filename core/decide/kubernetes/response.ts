/** Answers to the notice that EC2 takes a node back: is it so, may its group launch another at once, and until when is it emptied? */
import { hasEnded, type InstanceHealth } from "../../model/instance.ts";
import type { WarnedMember } from "../../model/kubernetes/warned.ts";
import { noticeMs, readSpotStatus, showsWithinMs } from "../../model/spot-status.ts";

/** What is still there then ends with the node: a pod that is evicted later has no time to end by itself. */
const lastEvictionMs = 20_000;

/** EC2 is late at times, and a notice is best effort: after so long it has left the node to run. */
const leftAfterMs = 10 * 60_000;

const after = (instant: string, ms: number): string =>
  new Date(Date.parse(instant) + ms).toISOString();

/** No eviction later than that. @param endsAt ISO 8601, when EC2 takes the node */
export const emptiedUntil = (endsAt: string): string => after(endsAt, -lastEvictionMs);

/** One that runs then is not taken. */
export const leftFrom = (endsAt: string): string => after(endsAt, leftAfterMs);

type Notice =
  /** `isEnded`: it does not come back. EC2 brings up again what it stops or hibernates. */
  | { readonly kind: "ANNOUNCED"; readonly isEnded: boolean }
  /** Its request may say so in a moment. */
  | { readonly kind: "UNCONFIRMED"; readonly sentence: string }
  | {
      readonly kind: "NONE";
      readonly reason: "NOT_INTERRUPTED" | "TAKEN_BACK";
      readonly sentence: string;
    };

/** Nothing rests on an event alone. */
export const judgeNotice = (
  {
    instanceId,
    state,
    spotStatus = "unknown",
  }: Pick<InstanceHealth, "instanceId" | "state" | "spotStatus">,
  { endsAt, now }: { readonly endsAt: string; readonly now: string },
): Notice => {
  if (state === undefined || hasEnded(state)) {
    const sentence = `Node ${instanceId} had ended before it could be answered: its group launches another.`;
    return { kind: "NONE", reason: "TAKEN_BACK", sentence };
  }
  if (readSpotStatus(spotStatus).kind === "ANNOUNCED") {
    return { kind: "ANNOUNCED", isEnded: !/stop|hibernat/.test(spotStatus) };
  }
  const sentence = `Spot request of node ${instanceId} is ${spotStatus}: EC2 does not show that it takes the node back.`;
  return now < after(endsAt, showsWithinMs - noticeMs)
    ? { kind: "UNCONFIRMED", sentence }
    : { kind: "NONE", reason: "NOT_INTERRUPTED", sentence };
};

export type Release =
  | { readonly kind: "RELEASE"; readonly member: WarnedMember }
  /** Its group launches another once it sees the node end. */
  | { readonly kind: "KEEP"; readonly sentence: string };

interface ReleaseInput {
  readonly instanceId: string;
  /** Absent: EKS manages the group, and replaces the node itself. */
  readonly asgName: string | undefined;
  /** Undefined: it is not a member. */
  readonly member: WarnedMember | undefined;
  /** We attached it. */
  readonly isOurs: boolean;
  readonly isEnded: boolean;
}

/** Why it stays a member until its end. Undefined: nothing stands against it. */
const whyKept = ({ member, isOurs, isEnded }: ReleaseInput): string | undefined => {
  if (member === undefined) return "is not a member of it any longer";
  if (!isEnded) return "is stopped by EC2, and comes back";
  if (!isOurs) return "was not attached by us";
  if (member.replacesAhead) return "is replaced ahead by its Capacity Rebalancing";
  if (member.isLaunchSuspended) return "would not be replaced, for its process Launch is suspended";
  if (member.hasTerminatingHook) return "would leave without the terminating hook that it has";
  if (member.hasTraffic) return "would leave its target groups at once";
  return member.lifecycleState === "InService" ? undefined : `is ${member.lifecycleState}`;
};

/** Its group is not to lose a place: it launches another for one that is detached with its place left. */
export const judgeRelease = (input: ReleaseInput): Release => {
  const { instanceId, asgName, member } = input;
  if (asgName === undefined) {
    return { kind: "KEEP", sentence: `EKS replaces node ${instanceId} in its node group.` };
  }
  const why = whyKept(input);
  return why === undefined && member !== undefined
    ? { kind: "RELEASE", member }
    : {
        kind: "KEEP",
        sentence: `Group ${asgName} launches another once it sees node ${instanceId} end: it ${why ?? "is not a member of it"}.`,
      };
};

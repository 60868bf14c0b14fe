/**
 * Reckons how much capacity a group's owner asks for, how much serves, and how many members may be taken away. AttachInstances raises
 * the desired capacity, a removal with decrement lowers it again: what is between the two is our surplus. A change of the desired capacity that
 * isn't ours absorbs it, upwards as well as downwards: from then on what was set is what is asked for.
 */
import {
  isCounted,
  isInService,
  isInterrupted,
  isLeavingGroup,
  isRunning,
  type LiveGroup,
} from "../../model/group.ts";
import { getsTraffic } from "../../model/group-traffic.ts";
import { changesOf, type Intent } from "../../model/intent.ts";

/** What is kept of a group's capacity from one reading to the next. */
export interface Ledger {
  /** Instances that the owner asks for. */
  readonly asked: number;
  /** Of what our calls have added, what the owner has taken for himself. */
  readonly absorbed: number;
  /** Of our last call that met another desired capacity than was seen, and is reckoned with. ISO 8601. Absent: none. */
  readonly reckonedTo?: string;
}

/** Before anything that we made was attached. */
export const firstLedger = ({ desiredCapacity }: Pick<LiveGroup, "desiredCapacity">): Ledger => ({
  asked: desiredCapacity,
  absorbed: 0,
});

/** Instances that our calls have added to the desired capacity, and taken off again. */
export interface OwnCalls {
  readonly added: number;
  readonly removed: number;
  /** Of those removed, see `unsureRemovals`. Absent: none. */
  readonly unsure?: number;
}

/** UNDONE: AWS refused the call, or what it did was taken back with the desired capacity. */
export const hasActed = ({ status }: Pick<Intent, "status">): boolean =>
  status === "ACTED" || status === "COMMITTED" || status === "SETTLED";

export const unknownAttaches = (intents: readonly Intent[]): readonly Intent[] =>
  intents.filter(({ status, change }) => status === "PLANNED" && change.kind === "ATTACH_MEMBERS");

/**
 * Of attaches whose answer is not known, those that acted. Those of one call are planned together, and † the group takes a call as a whole: one that is a
 * member tells of the others, though EC2 may have taken them back since. One that leaves for its health leaves its place behind.
 */
export const attachesThatActed = (
  intents: readonly Intent[],
  { members }: Pick<LiveGroup, "members">,
): readonly Intent[] => {
  const unknown = unknownAttaches(intents);
  const hasJoined = (intent: Intent): boolean =>
    changesOf([intent], "ATTACH_MEMBERS").some(({ instanceIds }) =>
      members.some(
        ({ instanceId, lifecycleState }) =>
          instanceIds.includes(instanceId) && !lifecycleState.startsWith("Detach"),
      ),
    );
  const calls = new Set(unknown.filter(hasJoined).map(({ plannedAt }) => plannedAt));
  return unknown.filter(({ plannedAt }) => calls.has(plannedAt));
};

const removedBy = (some: readonly Intent[]): readonly string[] =>
  changesOf(some, "REMOVE_MEMBER").map(({ instanceId }) => instanceId);

/** Members that leave, or have left, and that we have asked to: whether by our call is not known, for its answer is not. */
export const unsureRemovals = (
  intents: readonly Intent[],
  { members }: Pick<LiveGroup, "members">,
): readonly string[] => {
  const staying = members.filter((member) => !isLeavingGroup(member));
  return removedBy(intents.filter(({ status }) => status === "PLANNED")).filter(
    (id) => !staying.some(({ instanceId }) => instanceId === id),
  );
};

/** Of a call whose answer is not known, the group tells whether it acted. */
export const ownCallsOf = (
  intents: readonly Intent[],
  { members }: Pick<LiveGroup, "members">,
): OwnCalls => {
  const acted = intents.filter(hasActed);
  const attachedBy = (some: readonly Intent[]): readonly string[] =>
    changesOf(some, "ATTACH_MEMBERS").flatMap(({ instanceIds }) => instanceIds);
  const unsure = unsureRemovals(intents, { members }).length;
  return {
    added: attachedBy([...acted, ...attachesThatActed(intents, { members })]).length,
    removed: removedBy(acted).length + unsure,
    ...(unsure === 0 ? {} : { unsure }),
  };
};

export interface Reckoning {
  readonly ledger: Ledger;
  /** Of the desired capacity, what is ours to take off again. Below zero: what our calls have taken of what is asked for. */
  readonly surplus: number;
  /** What somebody set it to, and how much of our surplus that took. Absent: nobody changed it. */
  readonly change?: { readonly from: number; readonly to: number; readonly absorbed: number };
}

/** A minimum above what was asked for asks for as many: below it AWS takes nothing away. */
const raisedByMinimum = (
  before: Ledger,
  surplus: number,
  { minSize }: Pick<LiveGroup, "minSize">,
): Reckoning => {
  const { asked, absorbed } = before;
  const taken = Math.min(Math.max(0, surplus), Math.max(0, minSize - asked));
  const ledger = { ...before, asked: asked + taken, absorbed: absorbed + taken };
  if (taken === 0) return { ledger, surplus };
  return {
    ledger,
    surplus: surplus - taken,
    change: { from: asked, to: ledger.asked, absorbed: taken },
  };
};

/**
 * Of removals whose answer is not known the desired capacity tells how many have acted: where it stands as it would without some of them, other hands have taken those members,
 * and nobody has set it.
 */
const surplusShown = (
  { asked, absorbed }: Ledger,
  { added, removed, unsure = 0 }: OwnCalls,
  { desiredCapacity }: Pick<LiveGroup, "desiredCapacity">,
): number => {
  const least = added - removed - absorbed;
  const shown = desiredCapacity - asked;
  return shown >= least && shown <= least + unsure ? shown : least;
};

/** What a reckoning is made of, beside the ledger: the intents of the evaluation, and the group as it is now. */
export interface Reckoned {
  readonly intents: readonly Intent[];
  readonly group: Pick<LiveGroup, "desiredCapacity" | "members" | "minSize">;
}

/** What stands between the ledger and the group as it is now. */
export const reckon = (
  before: Ledger,
  calls: OwnCalls,
  { desiredCapacity, minSize }: Pick<LiveGroup, "desiredCapacity" | "minSize">,
): Reckoning => {
  const surplus = surplusShown(before, calls, { desiredCapacity });
  const expected = before.asked + surplus;
  if (desiredCapacity === expected) return raisedByMinimum(before, surplus, { minSize });
  return {
    ledger: { ...before, asked: desiredCapacity, absorbed: before.absorbed + surplus },
    surplus: 0,
    change: { from: expected, to: desiredCapacity, absorbed: surplus },
  };
};

/** Members that serve: in service, healthy, running, in every target group without an override, and not announced to be taken back. */
export const servingMembers = ({
  members,
  traffic,
}: Pick<LiveGroup, "members" | "traffic">): LiveGroup["members"] =>
  members.filter(
    (member) =>
      isInService(member) &&
      isRunning(member) &&
      !isInterrupted(member) &&
      getsTraffic(traffic, member.instanceId),
  );

/**
 * Members beyond the desired capacity: the group takes as many away by itself, and our removal of one with its place changes nothing of that. It launches first
 * where it balances its zones, or where its maintenance policy says so, and ends another once that is in service, though no balancer has found it healthy
 * yet. Source: EC2 Auto Scaling user guide, "Availability Zone distribution", "Instance maintenance policies".
 */
export const beyondDesired = ({
  members,
  desiredCapacity,
}: Pick<LiveGroup, "members" | "desiredCapacity">): number =>
  Math.max(0, members.filter(isCounted).length - desiredCapacity);

/** So many of those that are asked for do not serve. */
export const lackingMembers = (
  { asked }: Pick<Ledger, "asked">,
  group: Pick<LiveGroup, "members" | "traffic">,
): number => Math.max(0, asked - servingMembers(group).length);

/** How many serve once that one has left, and the group has taken away what it has beyond its desired capacity: whom it may, and that may be ones that serve. */
export const servingWithout = (
  group: Pick<LiveGroup, "members" | "traffic" | "desiredCapacity">,
  instanceId: string,
): number => {
  const others = servingMembers(group).filter((found) => found.instanceId !== instanceId);
  const free = others.filter(({ protectedFromScaleIn }) => !protectedFromScaleIn);
  return others.length - Math.min(free.length, beyondDesired(group));
};

/**
 * How many of `pairs` originals may leave now, so that afterwards as many serve as are asked for. The group's own minimum may have been
 * raised since: AWS would refuse to undercut it. Read again before each: with each one that leaves, all of these change.
 */
export const removable = (input: {
  readonly pairs: number;
  readonly reckoning: Reckoning;
  readonly group: Pick<LiveGroup, "members" | "traffic" | "desiredCapacity" | "minSize">;
  /** Of one. Where it does not serve, an announced interruption for instance, nothing that serves is lost with it. */
  readonly originalId?: string;
}): number => {
  const { pairs, reckoning, group, originalId } = input;
  const serving =
    originalId === undefined ? servingMembers(group).length : servingWithout(group, originalId) + 1;
  return Math.max(
    0,
    Math.min(
      pairs,
      reckoning.surplus,
      serving - reckoning.ledger.asked,
      group.desiredCapacity - group.minSize,
    ),
  );
};

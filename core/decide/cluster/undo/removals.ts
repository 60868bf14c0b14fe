/**
 * Settles removals whose answer is not known and whose member leaves or has left: that of an original, and that of a member with the place that an attach has
 * left behind. The group's activities tell whether it was our call.
 */
import { isLeavingGroup, memberOf } from "../../../model/group.ts";
import type { Intent } from "../../../model/intent.ts";
import { isOpenIntent } from "../../switch/outcome.ts";
import { howItLeft, type Left } from "../../switch/group/leave.ts";
import { isDetached } from "./detached.ts";
import type { ClusterUndoPlan, UndoGroup, UndoInput } from "./world.ts";

/** A call that was to lower the desired capacity, and how it ended is not known. */
interface Asked {
  readonly instanceId: string;
  /** As a sentence begins. */
  readonly named: string;
  /** What is noted of it. Undefined: nothing, and the pair is judged by what stands in the intents. */
  readonly byUs: (group: UndoGroup, left: Left) => ClusterUndoPlan | undefined;
  readonly byOthers: (group: UndoGroup) => ClusterUndoPlan | undefined;
}

const noted = (
  undoes: string,
  sentence: string,
  { desiredBefore: desiredMet }: Partial<Left> = {},
): ClusterUndoPlan => ({
  kind: "ACT",
  action: {
    kind: "NOTE_RESTORED",
    id: `NOTE_RESTORED ${undoes}`,
    undoes,
    sentence,
    ...(desiredMet === undefined ? {} : { desiredMet }),
  },
});

/** The pair is judged by what stands in the intents: only another number than was seen is news. */
const removed = (
  { id: intentId, before }: Intent,
  { desiredBefore: desiredMet }: Left,
): ClusterUndoPlan | undefined =>
  desiredMet === undefined || desiredMet === before?.["desiredCapacity"]
    ? undefined
    : {
        kind: "ACT",
        action: { kind: "NOTE_REMOVED", id: `NOTE_REMOVED ${intentId}`, intentId, desiredMet },
      };

const nothing = (): undefined => undefined;

/** Whom an attach has brought, and who leaves, or has left, with the place that it has made. */
const leaving = (intentId: string, named: string, instanceId: string): Asked => ({
  instanceId,
  named,
  byUs: ({ asgName }, left) =>
    noted(
      intentId,
      `${named} has left group ${asgName} with the place that our attach had added.`,
      left,
    ),
  // The place is still there: another one leaves with it.
  byOthers: nothing,
});

const askedBy = (input: UndoInput, group: UndoGroup, intent: Intent): Asked | undefined => {
  const { id, status, change } = intent;
  if (change.kind === "REMOVE_MEMBER" && status === "PLANNED") {
    const named = `Original ${change.instanceId}`;
    return {
      instanceId: change.instanceId,
      named,
      byUs: (_, left) => removed(intent, left),
      byOthers: ({ asgName }) =>
        noted(id, `${named} was taken out of group ${asgName} by somebody else.`),
    };
  }
  if (change.kind !== "ATTACH_MEMBERS") return undefined;
  const { leavingId, instanceIds } = change;
  if (leavingId !== undefined) return leaving(id, `Member ${leavingId}`, leavingId);
  // Nobody has asked it by our name: its owner, or whoever else, has detached it, and may have kept its place.
  const detached =
    status === "ACTED" ? instanceIds.find((one) => isDetached(input, group, one)) : undefined;
  return detached === undefined ? undefined : leaving(id, `Replacement ${detached}`, detached);
};

const settle = (input: UndoInput, intent: Intent): ClusterUndoPlan | undefined => {
  const { group, activities } = input;
  if (group === undefined || !isOpenIntent(intent)) return undefined;
  const asked = askedBy(input, group, intent);
  if (asked === undefined) return undefined;
  const { instanceId, named, byUs, byOthers } = asked;
  const member = memberOf(group, instanceId);
  if (member !== undefined && !isLeavingGroup(member)) return undefined;
  if (activities === undefined) return { kind: "LOOK", at: ["activities"] };
  const left = howItLeft(activities, instanceId);
  if (left === undefined) {
    return {
      kind: "WAIT",
      sentence: `${named} leaves the group, and no activity tells yet by whose call.`,
      on: ["activities"],
      takes: "MINUTES",
    };
  }
  return left.isWithItsPlace ? byUs(group, left) : byOthers(group);
};

/** Before any pair is judged: what of the group's capacity is ours follows from it. */
export const planRemovals = (input: UndoInput): ClusterUndoPlan | undefined => {
  for (const intent of input.intents) {
    const plan = settle(input, intent);
    if (plan !== undefined) return plan;
  }
  return undefined;
};

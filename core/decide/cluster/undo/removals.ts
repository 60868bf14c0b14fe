/** Settles removals whose answer is not known and whose original leaves or has left: the group's activities tell whether it was our call. */
import { isLeavingGroup, memberOf } from "../../../model/group.ts";
import type { Intent } from "../../../model/intent.ts";
import { leftWithItsPlace } from "../removal.ts";
import type { ClusterUndoPlan, UndoInput } from "./world.ts";

const settle = (input: UndoInput, { id, status, change }: Intent): ClusterUndoPlan | undefined => {
  const { group, activities } = input;
  if (change.kind !== "REMOVE_MEMBER" || status !== "PLANNED" || group === undefined) {
    return undefined;
  }
  const { instanceId } = change;
  const original = memberOf(group, instanceId);
  if (original !== undefined && !isLeavingGroup(original)) return undefined;
  if (activities === undefined) return { kind: "LOOK", at: ["activities"] };
  switch (leftWithItsPlace(activities, instanceId)) {
    case true:
      return undefined;
    case false: {
      const sentence = `Original ${instanceId} was taken out of group ${group.asgName} by somebody else.`;
      return {
        kind: "ACT",
        action: { kind: "NOTE_RESTORED", id: `NOTE_RESTORED ${id}`, undoes: id, sentence },
      };
    }
    case undefined:
      return {
        kind: "WAIT",
        sentence: `Original ${instanceId} leaves the group, and no activity tells yet by whose call.`,
        on: ["activities"],
        takes: "MINUTES",
      };
  }
};

/** Before any pair is judged: what of the group's capacity is ours follows from it. */
export const planRemovals = (input: UndoInput): ClusterUndoPlan | undefined => {
  for (const intent of input.intents) {
    const plan = settle(input, intent);
    if (plan !== undefined) return plan;
  }
  return undefined;
};

/** Undo of what was done for an original that is to be kept: marked, detached, stopped. */
import { hasEnded } from "../../../model/instance.ts";
import type { ChangeOf, Intent } from "../../../model/intent.ts";
import { act, keep, showsWithinMs, wait, type OpenPair, type PairUndo } from "./pair.ts";
import type { UndoInput } from "./world.ts";

export type Removal = Intent & { readonly change: ChangeOf<"REMOVE_MEMBER"> };

/** A detached original is stopped, as was decided; then the pair stands. */
export const keepDetached = (
  { kept, now }: UndoInput,
  { swapId }: OpenPair,
  { change: { instanceId }, plannedAt }: Removal,
): PairUndo => {
  const state = kept.find((original) => original.instanceId === instanceId)?.state;
  switch (state) {
    case undefined:
      return Date.parse(now) - Date.parse(plannedAt) < showsWithinMs
        ? wait(`EC2 does not show original ${instanceId}, which has left the group.`, ["kept"])
        : keep(
            swapId,
            `Original ${instanceId} has left the group, and EC2 does not show it: its replacement stays.`,
          );
    case "running":
      return act({ kind: "STOP_ORIGINAL", id: `STOP_ORIGINAL ${instanceId}`, instanceId });
    case "pending":
    case "stopping":
      return wait(`Original ${instanceId} is ${state}.`, ["kept"]);
    default:
      return keep(
        swapId,
        `Original ${instanceId} has left the group, and is ${state}: its replacement stays.`,
      );
  }
};

/** Marked to be kept, and not asked to leave: the marks go. */
export const cancelRetirement = (
  { kept }: UndoInput,
  { intents }: OpenPair,
): PairUndo | undefined => {
  const marked = intents.find(({ change }) => change.kind === "RETIRE_ORIGINAL");
  if (marked?.change.kind !== "RETIRE_ORIGINAL") return undefined;
  const { instanceId } = marked.change;
  const { id: undoes } = marked;
  const found = kept.find((original) => original.instanceId === instanceId);
  if (found === undefined) {
    return wait(`EC2 does not show original ${instanceId}, which bears our marks.`, ["kept"]);
  }
  return hasEnded(found.state)
    ? act({
        kind: "NOTE_RESTORED",
        id: `NOTE_RESTORED ${undoes}`,
        undoes,
        sentence: `Original ${instanceId} has ended.`,
      })
    : act({ kind: "CANCEL_RETIREMENT", id: `CANCEL_RETIREMENT ${instanceId}`, instanceId, undoes });
};

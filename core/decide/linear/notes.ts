/** Says with a verdict to act what of an instance's switch could not be read beforehand. */
import type { LinearFacts } from "../../model/evaluation.ts";
import { instanceKeyWords } from "../switch/key-words.ts";
import { unreadSnapshots } from "../switch/snapshot-room.ts";
import { unreadKeys } from "../switch/unread-keys.ts";

/** Undefined: all that there is was read. */
export const notesOnInstance = ({ launch }: Pick<LinearFacts, "launch">): string | undefined => {
  const found = [
    unreadKeys(launch?.keys, instanceKeyWords),
    unreadSnapshots(launch?.snapshots),
  ].filter((sentence) => sentence !== undefined);
  return found.length === 0 ? undefined : found.join(" ");
};

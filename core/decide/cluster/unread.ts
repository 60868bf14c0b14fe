/** Says what of a group could not be read beforehand. */
import type { ClusterFacts } from "../../model/evaluation.ts";
import { groupKeyWords } from "../switch/key-words.ts";
import { unreadKeys } from "../switch/unread-keys.ts";

const unreadStack = ({ group }: Pick<ClusterFacts, "group">): string | undefined => {
  const { stack } = group ?? {};
  return stack?.unread === undefined
    ? undefined
    : `Not read beforehand: how stack ${stack.name} stands (${stack.unread}); an update of it that goes on is not seen.`;
};

/** Undefined: all that there is was read. */
export const unreadOfGroup = (
  facts: Pick<ClusterFacts, "group" | "launch">,
): string | undefined => {
  const found = [unreadKeys(facts.launch?.keys, groupKeyWords), unreadStack(facts)].filter(
    (sentence) => sentence !== undefined,
  );
  return found.length === 0 ? undefined : found.join(" ");
};

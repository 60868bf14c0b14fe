/** Says with a verdict to act what of a group could not be read beforehand, and what its owner should know. */
import type { ClusterFacts } from "../../model/evaluation.ts";
import { groupKeyWords } from "../switch/key-words.ts";
import { unreadKeys } from "../switch/unread-keys.ts";
import { outlookOf } from "./outlook.ts";

const unreadStack = ({ group }: Pick<ClusterFacts, "group">): string | undefined => {
  const { stack } = group ?? {};
  return stack?.unread === undefined
    ? undefined
    : `Not read beforehand: how stack ${stack.name} stands (${stack.unread}); an update of it that goes on is not seen.`;
};

const whoIsRecommended = ({
  recommended = [],
}: Pick<ClusterFacts, "recommended">): string | undefined =>
  recommended.length === 0
    ? undefined
    : `EC2 recommends leaving ${recommended.join(", ")}: judged with the risk that this foretells.`;

/** Undefined: all that there is was read, and the owner has been told. */
export const notesOnGroup = (
  facts: Pick<ClusterFacts, "group" | "launch" | "recommended">,
): string | undefined => {
  const found = [
    unreadKeys(facts.launch?.keys, groupKeyWords),
    unreadStack(facts),
    whoIsRecommended(facts),
    outlookOf(facts.group),
  ].filter((sentence) => sentence !== undefined);
  return found.length === 0 ? undefined : found.join(" ");
};

/** Whether a group whose maximum stands raised may be begun with: what took that room would take more. */
import type { Postponement } from "../../../model/verdict.ts";
import { soon } from "../../switch/group/delays.ts";
import type { GroupRuleFacts } from "../../switch/group/rule.ts";
import { whyNoSecondRaise, type StandingRaise } from "../maximum.ts";

/**
 * Before anything is begun alone: while a batch goes on its own surplus may fill the room. `standing`: what was raised and could not be handed back.
 */
export const judgeStandingRaise = (
  facts: Pick<GroupRuleFacts, "at" | "group" | "policy">,
  standing: StandingRaise | undefined,
): Postponement | undefined => {
  const { group, policy } = facts;
  const count = Math.min(policy.batchSize, group.members.length);
  const sentence = whyNoSecondRaise(group, standing, count);
  return sentence === undefined
    ? undefined
    : soon(facts, { reason: "MAX_NOT_HANDED_BACK", sentence });
};

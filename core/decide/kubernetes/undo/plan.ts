/**
 * Plans the undo of node replacements, and the release after each, which is the same: a swap that was not finished is undone, and nodes and groups get back what
 * we changed of them. Works from the intents and from the world as it is, from every state.
 */
import { hasEnded } from "../../../model/instance.ts";
import { unseenLaunch } from "../../switch/launches.ts";
import { planHeld } from "./held.ts";
import { planKeep } from "./marks.ts";
import { intentsOfOpenPairs, openPairs } from "./open-pair.ts";
import { planPair } from "./pairs.ts";
import { planAzRebalance, planClaim, planProtection } from "./settings.ts";
import { unlessRefused, wait, type Next } from "./step.ts";
import { planUnanswered } from "./unanswered.ts";
import type { KubernetesUndoInput, KubernetesUndoPlan } from "./world.ts";

const planUnseen = (input: KubernetesUndoInput): Next => {
  const intents = intentsOfOpenPairs(input.intents);
  const sentence = unseenLaunch({ ...input, intents, found: input.replacements });
  return sentence === undefined ? undefined : wait(sentence, ["replacements"], "MINUTES");
};

const planPairs = (input: KubernetesUndoInput): Next => {
  for (const pair of openPairs(input.intents)) {
    const next = planPair(input, pair);
    if (next !== undefined) return next;
  }
  return undefined;
};

/** The node that was drained takes pods again before any other does. */
const planOriginal = (input: KubernetesUndoInput): Next => {
  const next = planPairs(input);
  return next?.kind === "ACT" && next.action.kind === "UNCORDON" ? next : undefined;
};

/**
 * Not visible is not absent: a group that is deleted ends its members, so that one of which EC2 shows a running member is there still. Nothing is ended, and
 * nothing of it taken for gone.
 */
const planUnshown = (input: KubernetesUndoInput): Next => {
  const { group, spotGroup, replacements } = input;
  const shown = [group?.asgName, spotGroup?.asgName];
  const member = replacements.find(
    ({ asgName, state }) => asgName !== undefined && !shown.includes(asgName) && !hasEnded(state),
  );
  if (member === undefined) return undefined;
  const sentence = `Auto Scaling does not show group ${member.asgName ?? ""}, and EC2 shows ${member.instanceId} as its member.`;
  return planOriginal(input) ?? wait(sentence, ["group", "spotGroup", "replacements"], "MINUTES");
};

const planProblems = ({ refused, subjectName }: KubernetesUndoInput): Next =>
  refused.length === 0
    ? undefined
    : {
        kind: "NEEDS_OPERATOR",
        sentence: `${refused.map(({ sentence }) => sentence).join(" ")} What else could be undone at ${subjectName} is undone. Next: mend what is named, then roll the evaluation back again.`,
      };

/** In this order. The claim goes last: until then another deployment sees that one works here. */
const planners: readonly ((input: KubernetesUndoInput) => Next)[] = [
  planUnshown,
  planProtection,
  planOriginal,
  planHeld,
  planUnanswered,
  planPairs,
  planUnseen,
  planKeep,
  planAzRebalance,
  planProblems,
  planClaim,
];

/** The next action, or why there is none. Never throws. */
export const planKubernetesUndo = (input: KubernetesUndoInput): KubernetesUndoPlan => {
  for (const planner of planners) {
    const next = unlessRefused(input, planner(input));
    if (next !== undefined) return next;
  }
  return planProblems(input) ?? { kind: "DONE" };
};

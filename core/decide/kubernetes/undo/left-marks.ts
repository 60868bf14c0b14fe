/**
 * Plans what the janitor takes off nodes after an execution that died: our cordons, holds and annotations, by the rules of the roll-back. Nothing is drained,
 * launched or ended by it: a pair that is open waits for a person, and so does the claim on the group.
 */
import { isMarkChange, type ChangeOf, type Intent } from "../../../model/intent.ts";
import type { MarkKind } from "../../../model/intents/node.ts";
import { isOpenIntent } from "../../switch/outcome.ts";
import { planHeld } from "./held.ts";
import { planKeep } from "./marks.ts";
import { openPairs } from "./open-pair.ts";
import { planPair } from "./pairs.ts";
import { openOf, unlessRefused, type Next } from "./step.ts";
import type { KubernetesUndoAction, KubernetesUndoInput, KubernetesUndoPlan } from "./world.ts";

export type LeftMark = Intent & { readonly change: ChangeOf<MarkKind> };

export const leftMarks = (intents: readonly Intent[]): readonly LeftMark[] =>
  intents.filter(
    (intent): intent is LeftMark => isMarkChange(intent.change) && isOpenIntent(intent),
  );

/** They change what is written on nodes, and nothing else. */
const onMarks: ReadonlySet<KubernetesUndoAction["kind"]> = new Set([
  "UNCORDON",
  "RESTORE_KEEP",
  "UNCORDON_REPLACEMENT",
  "NOTE_RESTORED",
]);

/** As long as the original takes no pods, the autoscaler must not end the node that has come for it. */
const planKeeps = (input: KubernetesUndoInput): readonly Next[] => {
  const cordoned = new Set(openOf(input.intents, "CORDON_NODE").map(({ swapId }) => swapId));
  return openOf(input.intents, "KEEP_NODE")
    .filter(({ swapId }) => !cordoned.has(swapId))
    .map((open) => planKeep({ ...input, intents: [open] }));
};

/** What is refused, and what stands in the way of the rest. */
const whyLeft = (
  { refused, subjectName }: KubernetesUndoInput,
  found: readonly Next[],
): KubernetesUndoPlan => {
  const waiting = found.find((next) => next?.kind === "WAIT" || next?.kind === "NEEDS_OPERATOR");
  if (refused.length === 0 && waiting !== undefined) return waiting;
  const refusals = refused.map(({ sentence }) => sentence).join(" ");
  return {
    kind: "NEEDS_OPERATOR",
    sentence:
      refusals === "" ? `What is left open of ${subjectName} waits for a person.` : refusals,
  };
};

/** Never DONE: what else is open is not undone by this. */
export const planLeftMarks = (input: KubernetesUndoInput): KubernetesUndoPlan => {
  const found = [
    ...openPairs(input.intents).map((pair) => planPair(input, pair)),
    planHeld(input),
    ...planKeeps(input),
  ].map((next) => unlessRefused(input, next));
  return (
    found.find((next) => next?.kind === "ACT" && onMarks.has(next.action.kind)) ??
    whyLeft(input, found)
  );
};

/** Nodes that were to go later take pods again: once the node before them has come to its end, and before anything else is undone of it. */
import { refusalOf } from "../../switch/undo-plan.ts";
import { planUncordon } from "./marks.ts";
import { openOf, type Next } from "./step.ts";
import type { KubernetesUndoInput } from "./world.ts";

/** All that are alike by one action: none rests on another. */
export const planHeld = (input: KubernetesUndoInput): Next => {
  const plans = openOf(input.intents, "HOLD_NODE").map((open) => planUncordon(input, open));
  const [action, ...others] = plans.flatMap((next) =>
    next?.kind === "ACT" && refusalOf(input.refused, next.action) === undefined
      ? [next.action]
      : [],
  );
  return action === undefined
    ? plans.find((next) => next?.kind === "WAIT")
    : { kind: "ACT", action, alike: others.filter(({ kind }) => kind === action.kind) };
};

/** Sums up how far the returns are: the next action, what is waited for, or what a person must be told. */
import { hasEnded } from "../../../model/instance.ts";
import { alikeCallsAtOnce } from "../paces.ts";
import { problem, wait, type Return, type RollbackWorld } from "./return.ts";
import type { FoundInstance, RollbackAction, RollbackInput, RollbackPlan } from "./world.ts";

export const planAct = (action: RollbackAction): RollbackPlan => ({ kind: "ACT", action });
export const needsOperator = (sentence: string): RollbackPlan => ({
  kind: "NEEDS_OPERATOR",
  sentence,
});

export const isAlive = ({ state }: FoundInstance): boolean => !hasEnded(state);

export const listed = (ids: readonly string[]): string => ids.join(", ");

export const keptSentence = ({ replacements, images }: RollbackInput): string => {
  const alive = replacements.filter(isAlive);
  const kept = [
    ...alive.map(({ instanceId, state }) => `the replacement ${instanceId} (${state})`),
    ...images.map(({ imageId }) => `the image ${imageId}`),
  ];
  if (kept.length === 0) return "Nothing was launched or imaged that could take its place.";
  const next =
    alive.length > 0
      ? `see whether ${listed(alive.map(({ instanceId }) => instanceId))} serves and register it as the target's instance`
      : "launch a new instance from the image";
  return `Kept: ${listed(kept)}. Next: ${next}; delete the rest by hand.`;
};

/** The first action, and those of its kind that need not wait for it. Problems are the caller's. */
export const firstActions = (returns: readonly Return[]): RollbackPlan | undefined => {
  const [next, ...others] = returns.flatMap((each) => (each.kind === "ACT" ? [each.action] : []));
  if (next === undefined) return undefined;
  const alike = others.filter(({ kind }) => kind === next.kind).slice(0, alikeCallsAtOnce - 1);
  return { kind: "ACT", action: next, ...(alike.length > 0 && { alike }) };
};

/** Told is the first; it is over as soon as any of them is. */
export const firstWait = (returns: readonly Return[]): RollbackPlan | undefined => {
  const waits = returns.filter((each) => each.kind === "WAIT");
  const [next] = waits;
  if (next === undefined) return undefined;
  const isQuick = waits.some(({ takes }) => takes === "SECONDS");
  return wait(
    next.sentence,
    [...new Set(waits.flatMap(({ on }) => on))],
    isQuick ? "SECONDS" : "MINUTES",
  );
};

export const planForProblems = (
  world: RollbackWorld,
  returns: readonly Return[],
): RollbackPlan | undefined => {
  const problems = returns
    .filter((each) => each.kind === "PROBLEM")
    .map(({ sentence }) => sentence);
  if (problems.length === 0) return undefined;
  const { originalId, original } = world;
  return needsOperator(
    `${problems.join(" ")} The original ${originalId} is ${original.state}. ${keptSentence(world)}`,
  );
};

export const planForProblem = (world: RollbackWorld, sentence: string): RollbackPlan | undefined =>
  planForProblems(world, [problem(sentence)]);

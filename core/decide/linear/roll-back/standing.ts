/**
 * Where a thing stands that may have moved to a replacement. Judged from the world alone: whether the forward call
 * acted, or a former roll-back did, makes no difference. What is found in somebody else's hands is never taken.
 */
import { canonicalJson } from "../../../canonical.ts";
import type { FoundInstance, FoundInterface, RollbackAction, RollbackInput } from "./world.ts";

/** The stand of one thing. `PROBLEM` waits for a person. */
export type Standing =
  | { readonly kind: "RETURNED" }
  | { readonly kind: "ACT"; readonly action: RollbackAction }
  | { readonly kind: "WAIT"; readonly sentence: string }
  | { readonly kind: "PROBLEM"; readonly sentence: string };

/** The world with the original known to exist. */
export type World = RollbackInput & { readonly original: FoundInstance };

export const returned: Standing = { kind: "RETURNED" };
export const act = (action: RollbackAction): Standing => ({ kind: "ACT", action });
export const wait = (sentence: string): Standing => ({ kind: "WAIT", sentence });
export const problem = (sentence: string): Standing => ({ kind: "PROBLEM", sentence });

/** Why AWS refused this very action; undefined when it did not. */
export const refusalOf = (
  { refused }: RollbackInput,
  action: RollbackAction,
): string | undefined => {
  const wanted = canonicalJson(action);
  return refused?.find((refusal) => canonicalJson(refusal.action) === wanted)?.sentence;
};

/** The next action, or the problem that it has become since AWS refused it. */
export const unlessRefused = (world: RollbackInput, standing: Standing): Standing => {
  const sentence = standing.kind === "ACT" ? refusalOf(world, standing.action) : undefined;
  return sentence === undefined ? standing : problem(sentence);
};

export const isOurs = (world: World, instanceId: string, intendedId: string): boolean =>
  instanceId === intendedId ||
  world.replacements.some((replacement) => replacement.instanceId === instanceId);

export const interfaceOf = (world: World, networkInterfaceId: string): FoundInterface | undefined =>
  world.interfaces.find((found) => found.networkInterfaceId === networkInterfaceId);

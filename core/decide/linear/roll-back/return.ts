/**
 * Says how far the return is of a thing that may have moved to a replacement. Judged from the world alone: whether the
 * forward call acted, or a former roll-back did, makes no difference. What somebody else attached is never taken.
 */
import { refusalOf, type WaitLength, type UndoWait } from "../../switch/undo-plan.ts";
import type {
  FoundInstance,
  FoundInterface,
  RollbackAction,
  RollbackInput,
  RollbackPart,
} from "./world.ts";

/** How far the return of one thing is. `PROBLEM` waits for a person. */
export type Return =
  | { readonly kind: "RETURNED" }
  | { readonly kind: "ACT"; readonly action: RollbackAction }
  | UndoWait<RollbackPart>
  | { readonly kind: "PROBLEM"; readonly sentence: string };

/** The world with the original known to exist. */
export type RollbackWorld = RollbackInput & { readonly original: FoundInstance };

export const returned: Return = { kind: "RETURNED" };
export const act = (action: RollbackAction): Return => ({ kind: "ACT", action });
/** @param on parts of the world in which it will show that the wait is over */
export const wait = (
  sentence: string,
  on: readonly RollbackPart[],
  takes: WaitLength = "SECONDS",
): UndoWait<RollbackPart> => ({ kind: "WAIT", sentence, on, takes });
export const problem = (sentence: string): Return => ({ kind: "PROBLEM", sentence });

/** The next action, or the problem that it has become since AWS refused it. */
export const unlessRefused = ({ refused }: RollbackInput, each: Return): Return => {
  const sentence = each.kind === "ACT" ? refusalOf(refused, each.action) : undefined;
  return sentence === undefined ? each : problem(sentence);
};

export const isOurs = (world: RollbackInput, instanceId: string, intendedId: string): boolean =>
  instanceId === intendedId ||
  world.replacements.some((replacement) => replacement.instanceId === instanceId);

export const interfaceOf = (
  world: RollbackInput,
  networkInterfaceId: string,
): FoundInterface | undefined =>
  world.interfaces.find((found) => found.networkInterfaceId === networkInterfaceId);

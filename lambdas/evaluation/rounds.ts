/** What planning has alike that goes on round by round: which round was begun, whether it is the time for another, and how long a busy group is waited for. */
import { listIntents } from "../../adapters/store/intents.ts";
import { judgeOccasion } from "../../core/decide/switch/occasion.ts";
import { isOpenIntent } from "../../core/decide/switch/outcome.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { lastResolution } from "../../core/model/resolution.ts";
import type { Postponement } from "../../core/model/verdict.ts";
import type { DueSession, EvaluationSession } from "./session.ts";
import { overStages } from "./swap-changes.ts";
import { waitFor, type Awaited } from "./waiting.ts";

/**
 * One that has not come to its end, were it only that it is to be undone, or was written down by an invocation that died.
 * @param round of the record; absent before the first
 */
export const begunRound = (
  { swaps }: Pick<DueSession, "swaps">,
  round: number | undefined,
): number | undefined => {
  if (swaps.some((swap) => swap.batch === round && !overStages.includes(swap.stage))) return round;
  const next = (round ?? 0) + 1;
  return swaps.some((swap) => swap.batch === next) ? next : undefined;
};

/** What could not be put back, when a person lets the evaluation go on: it comes before the next round, were there none. */
export const unrestoredRound = async (
  { context, evaluation }: DueSession,
  round: number | undefined,
): Promise<number | undefined> => {
  if (lastResolution(evaluation)?.kind !== "RESUME") return undefined;
  const intents = await listIntents(context.table, evaluation.evaluationId);
  return intents.some(isOpenIntent) ? round : undefined;
};

/** Windows may have closed since the round before. What is replaced serves throughout. */
export const occasionNow = async (session: EvaluationSession): Promise<Postponement | undefined> =>
  judgeOccasion({
    account: await session.account(),
    target: await session.target(),
    policy: session.evaluation.policy,
    expectedSeconds: 0,
    at: session.now.toISOString(),
  });

/** Activities of a group, and updates of a node group, take minutes; what lasts longer is left to the next evaluation. */
const busyMinutes = 30;

/** Undefined at the deadline: it is left for another time. */
export const waitWhileBusy = (
  session: EvaluationSession,
  awaited: Pick<Awaited, "pace" | "sentence" | "resource"> & { readonly round: number },
): (ReturnType<typeof waitFor> & { readonly round: number }) | undefined => {
  const { round } = awaited;
  try {
    return { ...waitFor(session, { ...awaited, phase: "group", minutes: busyMinutes }), round };
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || error.name !== "BrokenDeadline") throw error;
    return undefined;
  }
};

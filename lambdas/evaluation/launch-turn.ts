/**
 * Takes the turn of a launch among those of its place: where EC2 takes many instances at once, more launches are due than an account may ask for.
 * The order is kept in the table, in a queue that everyone reads and nobody leads.
 */
import { addLaunchTurn, listLaunchTurns } from "../../adapters/store/launch-turns.ts";
import { judgeTurn, longestWaitMs, type Turn } from "../../core/decide/switch/launch-turn.ts";
import type { LaunchCall, LaunchWaiter } from "../../core/model/launch-turn.ts";
import type { EvaluationSession } from "./session.ts";

/**
 * Of a recovery alone: a switch can wait, and has its own pace. On GO the call counts as made.
 * @param calls by which it can launch, the one that it would rather make first
 * @param waiter what of the load decides about its turn
 */
export const takeTurn = async (
  { context, evaluation, now }: EvaluationSession,
  calls: readonly [LaunchCall, ...LaunchCall[]],
  waiter: Pick<LaunchWaiter, "standsAlone" | "bootSeconds">,
): Promise<Turn> => {
  const { table } = context;
  const { evaluationId, startedAt } = evaluation;
  const own: LaunchWaiter = { kind: "WAITER", evaluationId, at: startedAt, ...waiter };
  // First: whoever arrives at the same instant sees it.
  await addLaunchTurn(table, evaluation, own);
  const since = new Date(now.getTime() - longestWaitMs).toISOString();
  const turns = await listLaunchTurns(table, evaluation, since);
  const turn = judgeTurn(turns, own, { calls, now });
  if (turn.kind === "GO") {
    const at = context.now().toISOString();
    await addLaunchTurn(table, evaluation, { kind: "CALL", evaluationId, at, call: turn.call });
  }
  return turn;
};

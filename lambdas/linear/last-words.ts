/**
 * Runs the owner's hook before the freeze on an instance that EC2 takes back. Nobody waits for it, and nothing that becomes of it keeps the
 * recovery from going on: its intent, and its calls, say how it ended.
 */
import { readSpotHealth } from "../../adapters/aws/ec2/health.ts";
import { getIntent } from "../../adapters/store/intents.ts";
import { isAnnouncedByEc2, isLastChance } from "../../core/decide/linear/last-words.ts";
import { takenOf } from "../../core/decide/linear/recovery.ts";
import { familyOf, SpotOptimizerError } from "../../core/errors.ts";
import { hookIntentId, hookOf, runHookOn } from "./hooks.ts";
import type { LinearSession } from "./session.ts";

type HookSession = LinearSession<"ec2" | "ssm">;

/** It runs, and EC2 says of its Spot request that it ends it. */
export const isAnnounced = async (session: LinearSession): Promise<boolean> => {
  const { ec2 } = await session.customer();
  const health = await readSpotHealth(ec2, session.evaluation.subject.instanceId);
  return health.state === "running" && isAnnouncedByEc2(takenOf(health));
};

/** What AWS refused, or did not answer, is in the record. Our own table, our lease and the kill switch are not the hook's. */
const isOfHook = (error: unknown): boolean =>
  error instanceof SpotOptimizerError && !error.isOwn && familyOf(error) !== "Stale";

/** Has it succeeded? Begun at most once, and only on what EC2 has announced to end; looked at again as often as this is called. */
export const quiesceTaken = async (session: HookSession): Promise<boolean> => {
  const hook = hookOf(session, "before_freeze");
  if (hook === undefined) return false;
  const { context, evaluation } = session;
  const id = hookIntentId(hook);
  const isBegun = (await getIntent(context.table, evaluation.evaluationId, id)) !== undefined;
  if (!isBegun && !(await isAnnounced(session))) return false;
  try {
    const { kind } = await runHookOn(session, hook, evaluation.subject.instanceId);
    return kind === "SUCCEEDED";
  } catch (error) {
    if (!isOfHook(error)) throw error;
    return false;
  }
};

/** With data: at the latest half a minute before its end, wherever the recovery stands. */
export const quiesceAtLast = async (session: HookSession): Promise<void> => {
  const { takenAt } = session.evaluation.progress;
  if (isLastChance(takenAt, session.now)) await quiesceTaken(session);
};

/** The maximum that was raised and could not be handed back yet: by this evaluation, or by one before it. */
import { listIntents } from "../../adapters/store/intents.ts";
import { leftRaise } from "../../core/decide/cluster/left-settings.ts";
import type { StandingRaise } from "../../core/decide/cluster/maximum.ts";
import type { ClusterSession } from "./session.ts";

export const readStandingRaise = async (
  session: ClusterSession,
): Promise<StandingRaise | undefined> => {
  const { context, evaluation } = session;
  const own = leftRaise(await listIntents(context.table, evaluation.evaluationId));
  return own ?? (await session.target()).raisedMax;
};

/** The maximum that was raised and could not be handed back yet: by this evaluation, or by one before it. */
import { listIntents } from "../../adapters/store/intents.ts";
import { readRaisedMax } from "../../adapters/store/raised-maxima.ts";
import { leftRaise } from "../../core/decide/cluster/left-settings.ts";
import type { StandingRaise } from "../../core/decide/cluster/maximum.ts";
import type { ClusterSession } from "./session.ts";

/** By an evaluation before it, whatever the group was registered as then. */
export const readRaiseBefore = async ({
  context,
  evaluation: { accountId, region, subject },
}: Pick<ClusterSession, "context" | "evaluation">): Promise<StandingRaise | undefined> => {
  const found = await readRaisedMax(context.table, { accountId, region, asgName: subject.asgName });
  if (found === undefined) return undefined;
  const { maxOriginal, maxRaised } = found;
  return { maxOriginal, maxRaised };
};

export const readStandingRaise = async (
  session: ClusterSession,
): Promise<StandingRaise | undefined> => {
  const { context, evaluation } = session;
  const own = leftRaise(await listIntents(context.table, evaluation.evaluationId));
  return own ?? (await readRaiseBefore(session));
};

/** Says whether EC2 is taking a Spot Instance back that an evaluation is to leave. */
import { readSpotHealth } from "../../adapters/aws/ec2/health.ts";
import { judgeHealth } from "../../core/decide/switch/health.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { swapOf, type LinearSession } from "./session.ts";

/** A sentence where EC2 has announced it, or has done so. */
export const whyItIsTaken = async (session: LinearSession): Promise<string | undefined> => {
  const { ec2 } = await session.customer();
  const judged = judgeHealth(await readSpotHealth(ec2, session.evaluation.subject.instanceId));
  return judged.kind === "LOST" ? judged.sentence : undefined;
};

/**
 * Before anything is launched there is nothing to go on with, while a recovery launches a host at once: it can't begin before this evaluation has
 * ended.
 * @throws StaleOriginal
 */
export const giveWayToRecovery = async (session: LinearSession): Promise<void> => {
  if (swapOf(session)?.replacement !== undefined) return;
  const taken = await whyItIsTaken(session);
  if (taken === undefined) return;
  const { instanceId } = session.evaluation.subject;
  throw new SpotOptimizerError("StaleOriginal", `EC2 takes ${instanceId} back. ${taken}`, {
    resource: instanceId,
    nextStep: "Nothing: it is recovered, and its data with it.",
  });
};

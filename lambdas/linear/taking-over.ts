/** Looks at what was launched for a load without data that EC2 takes back, which takes over before EC2's checks have passed. */
import { readInstanceState } from "../../adapters/aws/ec2/instances.ts";
import { isAboutToEnd, isHastened } from "../../core/decide/linear/taking-over.ts";
import { isUp } from "../../core/decide/switch/health.ts";
import { isBoughtOnDemand } from "./bought.ts";
import { isGone } from "./end-original.ts";
import { judgeReplacement, readReplacementHealth, type ReplacementHealth } from "./guards.ts";
import { replacementId, type LinearSession } from "./session.ts";

export type TakingOverHealth =
  | ReplacementHealth
  /** It runs, and EC2's checks have not passed: `sentence` says which. Something else may prove it. */
  | { readonly kind: "UP"; readonly sentence: string };

/** Throws as `checkReplacement` does. Where nobody is in haste, what has not passed its checks is waited for. */
export const checkTakingOver = async (session: LinearSession): Promise<TakingOverHealth> => {
  const health = await readReplacementHealth(session, replacementId(session));
  const judged = await judgeReplacement(session, health);
  return judged.kind === "WAITING" &&
    isHastened(session.evaluation) &&
    isUp(health, isBoughtOnDemand(session))
    ? { ...judged, kind: "UP" }
    : judged;
};

/** Some end earlier than the notice says: what EC2 shows is asked where the time does not tell. */
export const isLastMoment = async (session: LinearSession): Promise<boolean> => {
  const { progress, subject } = session.evaluation;
  if (isAboutToEnd(progress.takenAt, session.now)) return true;
  const { ec2 } = await session.customer();
  return isGone(await readInstanceState(ec2, subject.instanceId));
};

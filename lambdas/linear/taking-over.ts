/** Looks at what was launched for a load without data that EC2 takes back, which takes over before EC2's checks have passed. */
import { readInstanceState } from "../../adapters/aws/ec2/instances.ts";
import { isAboutToEnd, isHastened } from "../../core/decide/linear/taking-over.ts";
import { isUp, judgeHealth } from "../../core/decide/switch/health.ts";
import type { InstanceHealth } from "../../core/model/instance.ts";
import { readSharedHealth } from "../evaluation/shared-reading.ts";
import { isBoughtOnDemand } from "./bought.ts";
import { isGone } from "./end-original.ts";
import {
  isAwake,
  judgeReplacement,
  readReplacementHealth,
  type ReplacementHealth,
} from "./guards.ts";
import { replacementId, replacementOf, type LinearSession } from "./session.ts";

export type TakingOverHealth =
  | ReplacementHealth
  /** It runs, and EC2's checks have not passed: `sentence` says which. Something else may prove it. */
  | { readonly kind: "UP"; readonly sentence: string };

const orUp = (
  session: LinearSession,
  health: InstanceHealth,
  judged: ReplacementHealth,
): TakingOverHealth =>
  judged.kind === "WAITING" &&
  isHastened(session.evaluation) &&
  isUp(health, isBoughtOnDemand(session))
    ? { ...judged, kind: "UP" }
    : judged;

/** Throws as `checkReplacement` does. Where nobody is in haste, what has not passed its checks is waited for. */
export const checkTakingOver = async (session: LinearSession): Promise<TakingOverHealth> => {
  const health = await readReplacementHealth(session, replacementId(session));
  return orUp(session, health, await judgeReplacement(session, health));
};

/** EC2 shows the Spot request of what lives before it counts as healthy. */
const isWhole = (session: LinearSession, { state, spotStatus }: InstanceHealth): boolean =>
  isBoughtOnDemand(session) || spotStatus !== undefined || !isAwake(state);

/**
 * The same while something is waited for, before anything rests on it: one of many recoveries goes by what was read for all. That it is lost,
 * or fails, is read by itself.
 * @param until WAITING: so is that it is healthy
 */
export const lookAtTakingOver = async (
  session: LinearSession,
  until: "HEALTHY" | "WAITING" = "HEALTHY",
): Promise<TakingOverHealth> => {
  const { instanceId, launchedAt } = replacementOf(session);
  const causedAt = launchedAt ?? session.evaluation.startedAt;
  const shared = await readSharedHealth(session, { instanceId, causedAt });
  if (shared === undefined || !isWhole(session, shared)) return checkTakingOver(session);
  const judged = judgeHealth(shared);
  return judged.kind === "WAITING" || judged.kind === until
    ? orUp(session, shared, judged)
    : checkTakingOver(session);
};

/** Some end earlier than the notice says: what EC2 shows is asked where the time does not tell. */
export const isLastMoment = async (session: LinearSession): Promise<boolean> => {
  const { progress, subject } = session.evaluation;
  if (isAboutToEnd(progress.takenAt, session.now)) return true;
  const { ec2 } = await session.customer();
  return isGone(await readInstanceState(ec2, subject.instanceId));
};

/** The same between two looks: of one of many what was read for all may say that it is not. */
export const isSoonLastMoment = async (session: LinearSession): Promise<boolean> => {
  const { instanceId } = session.evaluation.subject;
  const { startedAt: causedAt, progress } = session.evaluation;
  if (isAboutToEnd(progress.takenAt, session.now)) return true;
  const shared = await readSharedHealth(session, { instanceId, causedAt });
  return isAwake(shared?.state) ? false : isLastMoment(session);
};

/** Starts the response to the end of a target's Spot Instance, announced or come, by the target's mode. */
import { loadEvaluation } from "../../adapters/store/evaluations.ts";
import { isHeld, readLease } from "../../adapters/store/leases.ts";
import { getTarget } from "../../adapters/store/targets.ts";
import { isWatchedForLoss } from "../../core/decide/switch/recovery-attempts.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import { noticeMs } from "../../core/model/spot-status.ts";
import { leasesOf, subjectOf } from "../../core/model/subject.ts";
import type { Target, TargetOf } from "../../core/model/target.ts";
import { startAnswer, startRecovery, type LossFinding, type RecoveryStart } from "./recover.ts";
import { startNodeResponse } from "./respond-node.ts";
import type { StartContext } from "./start.ts";

export type ResponseStart =
  | RecoveryStart
  /** Neither a switch has brought it there, nor may it be launched anew by itself. */
  | { readonly kind: "NOT_ANSWERED" }
  /** It has ended, or is about to: the group launches another in its place by itself. */
  | { readonly kind: "LEFT_TO_GROUP" };

/** Called twice for one loss it starts once. What has become of the instance is read by what is started: an event alone says nothing of it. */
export type Response = (
  context: StartContext,
  target: Target,
  found: LossFinding,
) => Promise<ResponseStart>;

/**
 * Who works on the target while it is not at the lost instance, which may be about to serve it: what a switch has launched does so before the
 * target is told, and when the switch has looked at it for the last time nobody else will see that it is lost.
 */
const holderOf = async (
  { table, now }: StartContext,
  target: Target,
): Promise<string | undefined> => {
  const lease = await readLease(table, leasesOf(subjectOf(target))[0]);
  return lease !== undefined && isHeld(lease, now()) ? lease.owner : undefined;
};

/**
 * The last recovery has launched it, and has given it up because EC2 takes that as well. The load is down: the next try takes another pool, and need not
 * wait as it would after a failure. Told by a warning alone: what has failed otherwise was ended by ourselves, and its state says no more than that.
 */
const wasItsHost = async (
  { table }: StartContext,
  { failedAttempt }: TargetOf<"LINEAR">,
  { instanceId, announcedAt }: LossFinding,
): Promise<boolean> => {
  if (failedAttempt?.retryAt === undefined || announcedAt === undefined) return false;
  const { swaps = [] } = (await loadEvaluation(table, failedAttempt.evaluationId)) ?? {};
  return swaps.some(({ replacement }) => replacement?.instanceId === instanceId);
};

const recoverInstance: Response = async (context, target, found) => {
  const isThere = target.instanceId === found.instanceId;
  const holder = isThere ? undefined : await holderOf(context, target);
  if (holder !== undefined) return { kind: "BUSY", holder };
  // Whoever held the lease has told the target before he gave it back.
  const current = isThere ? target : await getTarget(context.table, target.targetId);
  if (current === undefined || !isWatchedForLoss(current)) return { kind: "NOT_ANSWERED" };
  if (!isThere && (await wasItsHost(context, current, found))) {
    return startAnswer(context, current, found);
  }
  return startRecovery(context, current, found);
};

/** A group replaces by itself what has ended. While a member is warned we may be faster, and in another pool. */
const answerForMember: Response = async (context, target, found) => {
  const { announcedAt } = found;
  const isAhead =
    announcedAt !== undefined && context.now().getTime() - Date.parse(announcedAt) < noticeMs;
  return isAhead ? startAnswer(context, target, found) : { kind: "LEFT_TO_GROUP" };
};

const responses: Readonly<Record<PipelineMode, Response>> = {
  LINEAR: recoverInstance,
  CLUSTER: answerForMember,
  KUBERNETES: startNodeResponse,
};

export const startResponse: Response = (context, target, found) =>
  responses[target.pipelineMode](context, target, found);

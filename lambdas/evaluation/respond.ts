/** Starts the response to the end of a target's Spot Instance, announced or come, by the target's mode. */
import { isWatchedForLoss } from "../../core/decide/switch/recovery-attempts.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import { noticeMs } from "../../core/model/spot-status.ts";
import type { Target } from "../../core/model/target.ts";
import { startRecovery, type LossFinding, type RecoveryStart } from "./recover.ts";
import { startNodeResponse } from "./respond-node.ts";
import { startEvaluation, type StartContext } from "./start.ts";

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

const recoverInstance: Response = async (context, target, found) =>
  isWatchedForLoss(target) ? startRecovery(context, target, found) : { kind: "NOT_ANSWERED" };

/** A group replaces by itself what has ended. While a member is warned we may be faster, and in another pool. */
const answerForMember: Response = async (context, target, { announcedAt, startedBy }) => {
  const isAhead =
    announcedAt !== undefined && context.now().getTime() - Date.parse(announcedAt) < noticeMs;
  return isAhead
    ? startEvaluation(context, { target, kind: "RECOVER", startedBy })
    : { kind: "LEFT_TO_GROUP" };
};

const responses: Readonly<Record<PipelineMode, Response>> = {
  LINEAR: recoverInstance,
  CLUSTER: answerForMember,
  KUBERNETES: startNodeResponse,
};

export const startResponse: Response = (context, target, found) =>
  responses[target.pipelineMode](context, target, found);

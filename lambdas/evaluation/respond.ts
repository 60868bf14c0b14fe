/**
 * Starts the response to the end of a target's Spot Instance, announced or come, by the target's mode. A mode that is not named here answers
 * nothing yet: what was told of its instances is recorded alone.
 */
import { isWatchedForLoss } from "../../core/decide/switch/recovery-attempts.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { Target } from "../../core/model/target.ts";
import { startRecovery, type LossFinding, type RecoveryStart } from "./recover.ts";
import type { StartContext } from "./start.ts";

export type ResponseStart =
  | RecoveryStart
  /** Neither a switch has brought it there, nor may it be launched anew by itself; or its mode has no response. */
  | { readonly kind: "NOT_ANSWERED" };

/** Called twice for one loss it starts once. What has become of the instance is read by what is started: an event alone says nothing of it. */
export type Response = (
  context: StartContext,
  target: Target,
  found: LossFinding,
) => Promise<ResponseStart>;

const recoverInstance: Response = async (context, target, found) =>
  isWatchedForLoss(target) ? startRecovery(context, target, found) : { kind: "NOT_ANSWERED" };

const responses: Readonly<Partial<Record<PipelineMode, Response>>> = { LINEAR: recoverInstance };

export const startResponse: Response = async (context, target, found) =>
  (await responses[target.pipelineMode]?.(context, target, found)) ?? { kind: "NOT_ANSWERED" };

/** Starts the recovery of a target whose Spot Instance EC2 has taken back, or is about to: called by whoever finds that. */
import { isRecoveryDue } from "../../core/decide/switch/recovery-attempts.ts";
import type { InstanceId } from "../../core/model/ids.ts";
import type { Target } from "../../core/model/target.ts";
import { startEvaluation, type StartContext, type StartResult } from "./start.ts";

/** What somebody has found out; the recovery reads it again before it rests anything on it. */
export interface LossFinding {
  readonly instanceId: InstanceId;
  /** `sweep`, `event`. */
  readonly startedBy: string;
  /** When AWS gave notice of it, ISO 8601. Absent: it was found, and no notice told. */
  readonly announcedAt?: string;
}

export type RecoveryStart =
  | StartResult
  /** Another instance serves by now. */
  | { readonly kind: "RECOVERED" }
  /** An earlier one has failed: the next is due later, as the target says. */
  | { readonly kind: "NOT_DUE" };

/** Called twice for one loss it starts once: the second finds the lease taken, or the target at another instance. */
export const startRecovery = async (
  context: StartContext,
  target: Target,
  { instanceId, startedBy }: LossFinding,
): Promise<RecoveryStart> => {
  if (target.pipelineMode !== "LINEAR" || target.instanceId !== instanceId) {
    return { kind: "RECOVERED" };
  }
  if (!isRecoveryDue(target, context.now())) return { kind: "NOT_DUE" };
  return startEvaluation(context, { target, kind: "RECOVER", startedBy });
};

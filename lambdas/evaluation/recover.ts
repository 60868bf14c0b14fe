/** Starts the recovery of a target whose Spot Instance EC2 has taken back, or is about to: called by whoever finds that. */
import { isRecoveryDue } from "../../core/decide/switch/recovery-attempts.ts";
import type { InstanceId } from "../../core/model/ids.ts";
import type { Target } from "../../core/model/target.ts";
import { failedRecoveryOf } from "./recovery-attempt.ts";
import { startOnce } from "./start-once.ts";
import { startEvaluation, type StartContext, type StartResult } from "./start.ts";

/** What somebody has found out; the recovery reads it again before it rests anything on it. */
export interface LossFinding {
  readonly instanceId: InstanceId;
  /** `sweep`, `event`. */
  readonly startedBy: string;
  /** When AWS gave notice of it, ISO 8601. Absent: it was found, and no notice told. */
  readonly announcedAt?: string;
  /** Which event of that instance told of it. Told again, what was begun goes on where it was cut off. Absent: none has. */
  readonly told?: string;
}

export type RecoveryStart =
  | StartResult
  /** Another instance serves by now. */
  | { readonly kind: "RECOVERED" }
  /** An earlier one has failed: the next is due later, as the target says. */
  | { readonly kind: "NOT_DUE" };

/** Starts the evaluation that answers. @throws as `startEvaluation` */
export const startAnswer = async (
  context: StartContext,
  target: Target,
  { instanceId, startedBy, told }: LossFinding,
): Promise<RecoveryStart> => {
  const request = { target, kind: "RECOVER", startedBy } as const;
  const started =
    told === undefined
      ? await startEvaluation(context, request)
      : await startOnce(context, request, { instanceId, told });
  const isMoved = started.kind === "NOT_AVAILABLE" && started.reason === "MOVED";
  return isMoved ? { kind: "RECOVERED" } : started;
};

/** Called twice for one loss it starts once: the second finds the lease taken, or the target at another instance. */
export const startRecovery = async (
  context: StartContext,
  target: Target,
  found: LossFinding,
): Promise<RecoveryStart> => {
  if (target.pipelineMode !== "LINEAR" || target.instanceId !== found.instanceId) {
    return { kind: "RECOVERED" };
  }
  const failed = await failedRecoveryOf(context.table, target);
  if (!isRecoveryDue(failed, context.now())) return { kind: "NOT_DUE" };
  return startAnswer(context, target, found);
};

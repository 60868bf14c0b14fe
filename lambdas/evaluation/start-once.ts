/** Starts one evaluation for what is told of an instance, however often that is told: its id is made from the instance, so that a start that was cut off goes on. */
import { hash } from "node:crypto";
import { evaluationIdSchema, type EvaluationId, type InstanceId } from "../../core/model/ids.ts";
import type { Place } from "../../core/model/place.ts";
import {
  startEvaluation,
  type StartContext,
  type StartRequest,
  type StartResult,
} from "./start.ts";

interface Occasion {
  readonly instanceId: InstanceId;
  /** Which event of that instance. Absent: all of them are one occasion. */
  readonly told?: string;
}

const idOf = ({ accountId, region }: Place, { instanceId, told }: Occasion): EvaluationId => {
  const parts = [accountId, region, instanceId, ...(told === undefined ? [] : [told])];
  const name = hash("sha256", parts.join("#"));
  return evaluationIdSchema.parse(`evl-${name.slice(0, 20)}`);
};

/** @throws as `startEvaluation` */
export const startOnce = async (
  context: StartContext,
  request: Omit<StartRequest, "evaluationId">,
  occasion: Occasion,
): Promise<StartResult> => {
  const evaluationId = idOf(request.target, occasion);
  const started = await startEvaluation(context, { ...request, evaluationId });
  // Step Functions had refused it, and it never ran: its record has ended, and what was told is still to be answered.
  return started.kind === "ENDED" ? startEvaluation(context, request) : started;
};

/** Start the evaluation of a target. */
import { createRoute } from "@hono/zod-openapi";
import type * as z from "zod";
import type { EvaluationKind } from "../../../core/model/evaluation-kind.ts";
import { evaluationIdSchema } from "../../../core/model/ids.ts";
import { holderNameFirst } from "../../../core/model/lease-holder.ts";
import type { Target } from "../../../core/model/target.ts";
import { newEvaluationId, startEvaluation, type StartResult } from "../../evaluation/start.ts";
import { answerOnce, SpentReference } from "../answer-once.ts";
import { audit } from "../audit-trail.ts";
import { requesterOf } from "../caller.ts";
import type { ApiApp, ApiContext } from "../context.ts";
import { ApiProblem, heldProblem, invalid } from "../problem.ts";
import { locationOf } from "../public-path.ts";
import { optionalJsonBody, readOptionalBody } from "../request-body.ts";
import { idempotencyHeaders, json, problems, targetParams } from "../schemas/common.ts";
import {
  evaluateSchema,
  startedEvaluationSchema,
  type StartedEvaluationJson,
} from "../schemas/targets.ts";
import { requireTarget } from "../target-registration.ts";

const evaluateRoute = createRoute({
  method: "post",
  path: "/lab/instances/{id}/evaluate",
  tags: ["evaluations"],
  operationId: "evaluateTarget",
  summary: "Evaluate a target now",
  description:
    'Starts the workflow of the target\'s pipeline mode, also where an earlier attempt failed. `{"to": "ON_DEMAND"}` asks for the way back of a load that a switch has brought to Spot: by the same steps and with the same safety, within its maintenance windows and its downtime budget. Of a group all Spot members go back, batch by batch, that an evaluation of it has put in. `{"recover": true}` asks that a load be launched anew whose Spot Instance has ended. With an Idempotency-Key a request that was cut off is resumed: the same evaluation, never a second one. 409 `evaluation-unfinished` names an earlier evaluation that has left open what it had begun: resume it, roll it back, or adopt what serves.',
  request: {
    params: targetParams,
    headers: idempotencyHeaders,
    body: optionalJsonBody("EvaluateTarget"),
  },
  responses: {
    202: json("The evaluation was started.", startedEvaluationSchema),
    ...problems(400, 404, 409, 413, 415, 422, 502),
  },
});

const problemKinds = {
  MODE: "mode-not-available",
  ACCOUNT_DISABLED: "conflict",
  ACCOUNT_UNKNOWN: "conflict",
  TARGET_GONE: "not-found",
  MOVED: "conflict",
} as const;

const started = (target: Target, result: StartResult): StartedEvaluationJson => {
  switch (result.kind) {
    case "STARTED":
      return { evaluation_id: result.evaluationId, execution_arn: result.executionArn };
    case "ENDED":
      throw new SpentReference(
        `Evaluation ${result.evaluationId} has ended before it was started.`,
      );
    case "BUSY":
      throw heldProblem(
        `${holderNameFirst(result.holder)} works on ${target.targetId}. Wait for it to end.`,
        result.holder,
      );
    case "UNFINISHED":
      throw new ApiProblem("evaluation-unfinished", result.sentence, {
        evaluationId: result.evaluationId,
      });
    case "NOT_AVAILABLE":
      throw new ApiProblem(problemKinds[result.reason], result.sentence);
  }
};

/** Undefined: a switch to Spot. */
const kindAsked = (
  { targetId, pipelineMode }: Target,
  { to, recover }: z.infer<typeof evaluateSchema>,
): EvaluationKind | undefined => {
  if (recover !== true) return to === "ON_DEMAND" ? "FALL_BACK" : undefined;
  if (to !== undefined) {
    const message = "must be left out: a recovery goes where there is capacity";
    throw invalid("body", [{ field: "to", message }]);
  }
  if (pipelineMode === "LINEAR") return "RECOVER";
  throw new ApiProblem(
    "mode-not-available",
    `${targetId} is of ${pipelineMode}: its group launches anew what EC2 takes.`,
  );
};

export const addEvaluateRoute = (app: ApiApp, context: ApiContext): void => {
  app.openapi(evaluateRoute, async (request) => {
    const { id } = request.req.valid("param");
    const body = await readOptionalBody(request, evaluateSchema);
    const answer = await answerOnce(context, request, {
      schema: startedEvaluationSchema,
      status: 202,
      body,
      newReference: () => newEvaluationId(context.randomId),
      act: async (reference) => {
        const target = await requireTarget(context, id);
        const kind = kindAsked(target, body);
        const requestedBy = requesterOf(context, request);
        const result = started(
          target,
          await startEvaluation(context, {
            target,
            ...(kind !== undefined && { kind }),
            startedBy: "api",
            ...(requestedBy !== undefined && { requestedBy }),
            evaluationId: evaluationIdSchema.parse(reference),
          }),
        );
        await audit(context, request, {
          action: "START_EVALUATION",
          resource: `target ${target.targetId}`,
          detail: { ...result, ...body },
        });
        return result;
      },
    });
    request.header("location", locationOf(request, `/evaluations/${answer.evaluation_id}`));
    return request.json(answer, 202);
  });
};

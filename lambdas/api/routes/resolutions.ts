/** The three ways out of an evaluation that has left something open: resume, roll back, adopt. */
import { createRoute } from "@hono/zod-openapi";
import type * as z from "../zod.ts";
import { resolutionIdSchema, type EvaluationId } from "../../../core/model/ids.ts";
import { holderNameFirst } from "../../../core/model/lease-holder.ts";
import type { ResolutionWish } from "../../../core/model/resolution.ts";
import {
  beginResolution,
  standingOf,
  type Resolved,
  type Standing,
} from "../../evaluation/resolve.ts";
import { answerOnce, SpentReference } from "../answer-once.ts";
import { audit } from "../audit-trail.ts";
import { actorOf } from "../caller.ts";
import type { ApiApp, ApiContext, ApiRequest } from "../context.ts";
import { ApiProblem, heldProblem } from "../problem.ts";
import { locationOf } from "../public-path.ts";
import { readPlan, requireLeftOpen, type LeftOpen } from "../resolution.ts";
import {
  evaluationParams,
  idempotencyHeaders,
  json,
  jsonBody,
  problems,
} from "../schemas/common.ts";
import {
  adoptionBodySchema,
  resolutionBodySchema,
  resolutionPlanSchema,
  resolutionQuery,
  startedResolutionSchema,
  type ResolutionPlanJson,
  type StartedResolutionJson,
} from "../schemas/resolutions.ts";

const leftOpen =
  "For an evaluation that ended NEEDS_OPERATOR, or whose execution was stopped by hand while something was open; any other is 409. `dry_run=true` tells what would be done. The same record goes on: who decided and why stands in `resolutions`, and its status is RUNNING until the execution has ended.";

const routeOf = <Body extends z.ZodType, Path extends string>(
  path: Path,
  body: Body,
  told: { readonly operationId: string; readonly summary: string; readonly description: string },
) =>
  createRoute({
    method: "post",
    path,
    tags: ["evaluations"],
    ...told,
    description: `${told.description} ${leftOpen}`,
    request: {
      params: evaluationParams,
      query: resolutionQuery,
      headers: idempotencyHeaders,
      body: jsonBody(body),
    },
    responses: {
      200: json("What would be done (`dry_run=true`).", resolutionPlanSchema),
      202: json("It is being carried out.", startedResolutionSchema),
      ...problems(400, 404, 409, 413, 415, 422, 502),
    },
  });

const resumeRoute = routeOf("/evaluations/{id}/resume", resolutionBodySchema, {
  operationId: "resumeEvaluation",
  summary: "Let a switch that was left open go on",
  description:
    "Forward: each step finds what it has done, and does the rest; of a group, the batch goes on, and the next one is planned. Refused (409) while the kill switch is on, when the original has been started since it was frozen, when the replacement is gone, or when another evaluation was begun since.",
});

const rollBackRoute = routeOf("/evaluations/{id}/roll-back", resolutionBodySchema, {
  operationId: "rollBackEvaluation",
  summary: "Undo a switch that was left open",
  description:
    "Back: what stood before serves again, and what was made is taken away; of a group, pairs whose original has left stay done. Runs under the kill switch too. Refused (409) while a replacement of a stateful load serves, which holds newer writes, and when the original is gone. Where another evaluation was begun since, only what carries this one's tag is taken away.",
});

const adoptRoute = routeOf("/evaluations/{id}/adopt", adoptionBodySchema, {
  operationId: "adoptInstance",
  summary: "Leave the world as it is, and say what serves",
  description:
    "The target follows to the instance in `serving`, what was open is settled, and our tags are taken from the rest, which is its owner's from then on. A group is adopted as it stands, without `serving`: our protection and our claim are taken from it. Nothing is started, stopped, moved or deleted. Runs under the kill switch too.",
});

const refuse = (standing: Exclude<Standing, { kind: "OPEN" }>): ApiProblem =>
  standing.kind === "CLOSED"
    ? new ApiProblem("conflict", standing.sentence)
    : heldProblem(
        `${holderNameFirst(standing.holder)} is at work. Wait for it to end; where it was cut off, its lease ends within 15 minutes.`,
        standing.holder,
      );

/** Throws the problem 409 for a decision that can't be carried out as things are now. */
const requireSteps = async (context: ApiContext, found: LeftOpen): Promise<readonly string[]> => {
  const plan = await readPlan(context, found);
  if (plan.kind === "POSSIBLE") return plan.steps;
  throw new ApiProblem("conflict", plan.sentence);
};

const requireOpen = async (context: ApiContext, { evaluation }: LeftOpen): Promise<void> => {
  const standing = await standingOf(context, evaluation);
  if (standing.kind !== "OPEN") throw refuse(standing);
};

const tell = async (
  context: ApiContext,
  id: EvaluationId,
  wish: ResolutionWish,
): Promise<ResolutionPlanJson> => {
  const found = await requireLeftOpen(context, id, wish);
  await requireOpen(context, found);
  const steps = [...(await requireSteps(context, found))];
  return { evaluation_id: id, kind: wish.kind, steps };
};

const executionOf = (resolved: Resolved): string => {
  switch (resolved.kind) {
    case "STARTED":
      return resolved.executionArn;
    case "ENDED":
      throw new SpentReference("The decision was noted, and never carried out.");
    case "UNFINISHED":
      throw new ApiProblem("evaluation-unfinished", resolved.sentence, {
        evaluationId: resolved.evaluationId,
      });
    default:
      throw refuse(resolved);
  }
};

interface Decision {
  readonly id: EvaluationId;
  readonly wish: ResolutionWish;
  readonly reason: string;
}

/** An attempt that was cut off after it was noted goes on: it was possible then. */
const stepsNow = async (context: ApiContext, found: LeftOpen): Promise<readonly string[]> => {
  await requireOpen(context, found);
  return requireSteps(context, found);
};

const carryOut = async (
  context: ApiContext,
  request: ApiRequest,
  { id, wish, reason, reference }: Decision & { readonly reference: string },
): Promise<StartedResolutionJson> => {
  const found = await requireLeftOpen(context, id, wish);
  const { evaluation } = found;
  const resolutionId = resolutionIdSchema.parse(reference);
  const isNoted = evaluation.resolutions?.some((each) => each.resolutionId === resolutionId);
  const steps = isNoted === true ? [] : await stepsNow(context, found);
  const by = actorOf(context, request);
  const asked = { evaluation, wish, resolutionId, by, reason };
  const started: StartedResolutionJson = {
    evaluation_id: id,
    resolution_id: resolutionId,
    kind: wish.kind,
    execution_arn: executionOf(await beginResolution(context, asked)),
    steps: [...steps],
  };
  await audit(context, request, {
    action: `${wish.kind}_EVALUATION`,
    resource: `evaluation ${id}`,
    detail: { ...wish, reason, resolutionId },
  });
  return started;
};

type Answer =
  | { readonly status: 200; readonly body: ResolutionPlanJson }
  | { readonly status: 202; readonly body: StartedResolutionJson };

const decide = async (
  context: ApiContext,
  request: ApiRequest,
  decision: Decision & { readonly isDryRun: boolean },
): Promise<Answer> => {
  const { id, wish, reason, isDryRun } = decision;
  // What only reads needs no key: it may be asked as often as one likes.
  if (isDryRun) return { status: 200, body: await tell(context, id, wish) };
  const body = await answerOnce(context, request, {
    schema: startedResolutionSchema,
    status: 202,
    body: { ...wish, reason },
    newReference: () => `res-${context.randomId()}`,
    act: (reference) => carryOut(context, request, { ...decision, reference }),
  });
  request.header("location", locationOf(request, `/evaluations/${id}`));
  return { status: 202, body };
};

export const addResolutionRoutes = (app: ApiApp, context: ApiContext): void => {
  for (const [route, kind] of [
    [resumeRoute, "RESUME"],
    [rollBackRoute, "ROLL_BACK"],
  ] as const) {
    app.openapi(route, async (request) => {
      const { reason } = request.req.valid("json");
      const decision = { id: request.req.valid("param").id, wish: { kind }, reason };
      const isDryRun = request.req.valid("query").dry_run === "true";
      const answer = await decide(context, request, { ...decision, isDryRun });
      return answer.status === 200
        ? request.json(answer.body, 200)
        : request.json(answer.body, 202);
    });
  }
  app.openapi(adoptRoute, async (request) => {
    const { reason, serving } = request.req.valid("json");
    const wish = { kind: "ADOPT", ...(serving === undefined ? {} : { serving }) } as const;
    const decision = { id: request.req.valid("param").id, wish, reason };
    const isDryRun = request.req.valid("query").dry_run === "true";
    const answer = await decide(context, request, { ...decision, isDryRun });
    return answer.status === 200 ? request.json(answer.body, 200) : request.json(answer.body, 202);
  });
};

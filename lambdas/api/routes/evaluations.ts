/** Read evaluations, and judge them again. */
import { createRoute } from "@hono/zod-openapi";
import {
  getEvaluation,
  loadStory,
  listEvaluations,
  loadEffects,
  loadOffers,
} from "../../../adapters/store/evaluations.ts";
import { findOut } from "../../../core/decide/switch/found-out.ts";
import type { Evaluation } from "../../../core/model/evaluation.ts";
import type { EvaluationId } from "../../../core/model/ids.ts";
import type { Offer } from "../../../core/model/offer.ts";
import { abandonedSentence } from "../../evaluation/abandoned.ts";
import { courseSeen } from "../../evaluation/sight.ts";
import { answerOnce } from "../answer-once.ts";
import type { ApiApp, ApiContext } from "../context.ts";
import { ApiProblem } from "../problem.ts";
import { replayEvaluation } from "../replay.ts";
import { optionalJsonBody, readOptionalBody } from "../request-body.ts";
import { evaluationParams, idempotencyHeaders, json, problems } from "../schemas/common.ts";
import {
  evaluationJson,
  evaluationListQuery,
  evaluationPageSchema,
  evaluationQuery,
  evaluationSchema,
  evaluationSummaryJson,
  replayRequestSchema,
} from "../schemas/evaluations.ts";
import { replaySchema } from "../schemas/replay.ts";

const tags = ["evaluations"];

const listEvaluationsRoute = createRoute({
  method: "get",
  path: "/evaluations",
  tags,
  operationId: "listEvaluations",
  summary: "List evaluations, newest first",
  description: "A page may be shorter than its limit and still have a cursor.",
  request: { query: evaluationListQuery },
  responses: { 200: json("A page of evaluations.", evaluationPageSchema), ...problems(400) },
});

const getEvaluationRoute = createRoute({
  method: "get",
  path: "/evaluations/{id}",
  tags,
  operationId: "getEvaluation",
  summary: "Show an evaluation",
  description: "Verdict, candidates with reasons, phases with times, effects, savings, downtime.",
  request: { params: evaluationParams, query: evaluationQuery },
  responses: { 200: json("The evaluation.", evaluationSchema), ...problems(400, 404) },
});

const replayRoute = createRoute({
  method: "post",
  path: "/evaluations/{id}/replay",
  tags,
  operationId: "replayEvaluation",
  summary: "Judge an evaluation's stored facts again",
  description:
    "Without a body the verdict must come out identical, byte for byte. With one, the difference is shown. Nothing is stored or touched.",
  request: {
    params: evaluationParams,
    headers: idempotencyHeaders,
    body: optionalJsonBody("ReplayRequest"),
  },
  responses: {
    200: json("Both verdicts and their differences.", replaySchema),
    ...problems(400, 404, 409, 413, 415, 422),
  },
});

/** Throws the problem 404 for what is not there. */
const required = <Found>(found: Found | undefined, id: EvaluationId): Found => {
  if (found !== undefined) return found;
  throw new ApiProblem("not-found", `There is no evaluation ${id}.`, {
    errors: [{ field: "id", message: "is not an evaluation" }],
  });
};

const requireEvaluation = async (context: ApiContext, id: EvaluationId): Promise<Evaluation> =>
  required(await getEvaluation(context.table, id), id);

const shownOffers = async (
  context: ApiContext,
  id: EvaluationId,
  which: "all" | "accepted" | "none",
): Promise<readonly Offer[]> => {
  if (which === "none") return [];
  const offers = (await loadOffers(context.table, id)) ?? [];
  return which === "all" ? offers : offers.filter((offer) => offer.rejection === undefined);
};

const addReadRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(listEvaluationsRoute, async (request) => {
    const { target_id: targetId, ...filter } = request.req.valid("query");
    const page = await listEvaluations(context.table, {
      ...filter,
      ...(targetId === undefined ? {} : { targetId }),
    });
    return request.json({ ...page, items: page.items.map(evaluationSummaryJson) }, 200);
  });
  app.openapi(getEvaluationRoute, async (request) => {
    const { id } = request.req.valid("param");
    const stored = required(await loadStory(context.table, id), id);
    const [calls, offers, abandoned] = await Promise.all([
      loadEffects(context.table, id),
      shownOffers(context, id, request.req.valid("query").candidates),
      abandonedSentence(context, stored.evaluation),
    ]);
    const effects = findOut({ ...calls, status: stored.evaluation.status });
    const course = courseSeen(stored.items, context.log);
    return request.json(evaluationJson({ ...stored, course, effects, offers, abandoned }), 200);
  });
};

export const addEvaluationRoutes = (app: ApiApp, context: ApiContext): void => {
  addReadRoutes(app, context);
  app.openapi(replayRoute, async (request) => {
    const { id } = request.req.valid("param");
    const body = await readOptionalBody(request, replayRequestSchema);
    const replayed = await answerOnce(context, request, {
      schema: replaySchema,
      status: 200,
      body,
      newReference: () => `replay-${context.randomId()}`,
      act: async () => replayEvaluation(context, await requireEvaluation(context, id), body),
    });
    return request.json(replayed, 200);
  });
};

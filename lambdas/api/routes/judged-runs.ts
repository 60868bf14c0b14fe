/** What sweeps have judged of a target, without an evaluation. */
import { createRoute } from "@hono/zod-openapi";
import { getEndedRun, getJudged, listEndedRuns } from "../../../adapters/store/judged-runs.ts";
import type { JudgedRun } from "../../../core/model/judged-run.ts";
import type { Target } from "../../../core/model/target.ts";
import type { ApiApp, ApiContext } from "../context.ts";
import { ApiProblem } from "../problem.ts";
import { replayRun } from "../replay-run.ts";
import { idempotencyHeaders, json, jsonBody, problems, targetParams } from "../schemas/common.ts";
import {
  judgedRunJson,
  judgedRunPageSchema,
  judgedRunQuery,
  replayRunSchema,
  runReplaySchema,
} from "../schemas/judged-runs.ts";
import { requireTarget } from "../target-registration.ts";

const tags = ["targets"];

const listRoute = createRoute({
  method: "get",
  path: "/lab/instances/{id}/runs",
  tags,
  operationId: "listJudgedRuns",
  summary: "List what sweeps have judged of a target",
  description:
    "Each sweep judges every target. Verdicts that are alike (kind, reason, chosen pool, policy, model) are one run, with a count and its times.",
  request: { params: targetParams, query: judgedRunQuery },
  responses: { 200: json("A page of runs.", judgedRunPageSchema), ...problems(400, 404) },
});

const replayRoute = createRoute({
  method: "post",
  path: "/lab/instances/{id}/runs/replay",
  tags,
  operationId: "replayJudgedRun",
  summary: "Judge a verdict of a sweep again",
  description: "From the stored facts of the first or the last verdict of a run.",
  request: {
    headers: idempotencyHeaders,
    params: targetParams,
    body: jsonBody(replayRunSchema),
  },
  responses: {
    200: json("The verdict, recomputed.", runReplaySchema),
    ...problems(400, 404, 409, 413, 415, 422),
  },
});

const requireRun = async (
  { table }: ApiContext,
  target: Target,
  firstAt: string,
): Promise<JudgedRun> => {
  const { targetId } = target;
  const current = await getJudged(table, target, targetId);
  const run = current?.firstAt === firstAt ? current : await getEndedRun(table, targetId, firstAt);
  if (run !== undefined) return run;
  throw new ApiProblem("not-found", `No run of verdicts on ${targetId} began at ${firstAt}.`, {
    errors: [{ field: "first_at", message: "is not the begin of a run of the target" }],
  });
};

export const addJudgedRunRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(listRoute, async (request) => {
    const target = await requireTarget(context, request.req.valid("param").id);
    const { targetId } = target;
    const query = request.req.valid("query");
    const page = await listEndedRuns(context.table, { targetId, ...query });
    const current = await getJudged(context.table, target, targetId);
    return request.json(
      {
        ...(current !== undefined && { current: judgedRunJson(current) }),
        ...page,
        items: page.items.map(judgedRunJson),
      },
      200,
    );
  });
  app.openapi(replayRoute, async (request) => {
    const target = await requireTarget(context, request.req.valid("param").id);
    const { first_at: firstAt, verdict: of } = request.req.valid("json");
    const run = await requireRun(context, target, firstAt);
    return request.json(await replayRun(context, target, { run, of }), 200);
  });
};

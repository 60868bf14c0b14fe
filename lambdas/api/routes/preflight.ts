/** Judge the fleet of an account before anything is registered, and read what came out. */
import { createRoute } from "@hono/zod-openapi";
import { estimateOf } from "../../../core/decide/fleet/preflight/estimate.ts";
import { preflightIdSchema } from "../../../core/model/ids.ts";
import { answerOnce } from "../answer-once.ts";
import { audit } from "../audit-trail.ts";
import { actorOf } from "../caller.ts";
import type { ApiApp, ApiContext } from "../context.ts";
import { asksForCsv, csvHeaders, csvMediaType } from "../csv-answer.ts";
import { preflightCsv } from "../preflight-csv.ts";
import { rowsOf } from "../preflight-rows.ts";
import { changesSince, newPreflightId, requirePreflight, startPreflight } from "../preflights.ts";
import { locationOf } from "../public-path.ts";
import { idempotencyHeaders, json, jsonBody, problems } from "../schemas/common.ts";
import {
  changeJson,
  changePageSchema,
  changesQuery,
  preflightJson,
  preflightJsonSchema,
  preflightParams,
  preflightSubjectPageSchema,
  startedPreflightSchema,
  startPreflightSchema,
  subjectJson,
  subjectsQuery,
} from "../schemas/preflight.ts";
import * as z from "../zod.ts";

const tags = ["preflight"];

/** Some 600 bytes each: an answer stays below Lambda's 6 MB. */
const rowsOfCsv = 5000;

const startRoute = createRoute({
  method: "post",
  path: "/preflight",
  tags,
  operationId: "startPreflight",
  summary: "Judge the whole fleet of an account before anything is registered",
  description:
    "Reads the account, and changes nothing in it: every instance, Auto Scaling group and EKS node group, with the mode to use, whether it would be switched and why not, offers, risk, savings, what would be lost, and which consent, permission or tag is missing. Nothing is registered. The account must be ACTIVE, else 409.",
  request: { headers: idempotencyHeaders, body: jsonBody(startPreflightSchema) },
  responses: {
    202: json("It was begun.", startedPreflightSchema),
    ...problems(400, 409, 413, 415, 422),
  },
});

const showRoute = createRoute({
  method: "get",
  path: "/preflight/{id}",
  tags,
  operationId: "getPreflight",
  summary: "How far a preflight is, and its totals",
  request: { params: preflightParams },
  responses: { 200: json("The preflight.", preflightJsonSchema), ...problems(400, 404) },
});

const subjectsRoute = createRoute({
  method: "get",
  path: "/preflight/{id}/subjects",
  tags,
  operationId: "listPreflightSubjects",
  summary: "What would become of each",
  description: `With \`accept: text/csv\` as a table for spreadsheets (RFC 4180, UTF-8), ${String(rowsOfCsv)} rows at a time: where there are more, the header \`link\` has the address of the next (\`rel="next"\`). A page may be shorter than its limit and still have a cursor. While the preflight is at work, rows of what was not looked at by itself yet still change.`,
  request: { params: preflightParams, query: subjectsQuery },
  responses: {
    200: {
      description: "A page of subjects, or a table of them.",
      content: {
        "application/json": { schema: preflightSubjectPageSchema },
        [csvMediaType]: { schema: z.string().meta({ description: "A table with a header line." }) },
      },
    },
    ...problems(400, 404),
  },
});

const changesRoute = createRoute({
  method: "get",
  path: "/preflight/{id}/changes",
  tags,
  operationId: "listPreflightChanges",
  summary: "What has changed since an earlier preflight",
  description:
    "Of regions that both have read. Both must be DONE, else 409. Prices alone are not a change.",
  request: { params: preflightParams, query: changesQuery },
  responses: { 200: json("A page of changes.", changePageSchema), ...problems(400, 404, 409) },
});

const addListRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(subjectsRoute, async (request) => {
    const { id } = request.req.valid("param");
    const { limit, cursor, ...filter } = request.req.valid("query");
    const { places } = await requirePreflight(context, id);
    if (!asksForCsv(request)) {
      const page = await rowsOf(context.table, places, { filter, limit, cursor });
      return request.json({ ...page, items: page.items.map(subjectJson) }, 200);
    }
    const page = await rowsOf(context.table, places, { filter, limit: rowsOfCsv, cursor });
    if (page.cursor !== undefined) {
      const query = new URLSearchParams({ ...filter, cursor: page.cursor });
      const next = `${locationOf(request, `/preflight/${id}/subjects`)}?${query.toString()}`;
      request.header("link", `<${next}>; rel="next"`);
    }
    return request.body(preflightCsv(page.items), 200, csvHeaders);
  });
  app.openapi(changesRoute, async (request) => {
    const { id } = request.req.valid("param");
    const page = await changesSince(context, id, request.req.valid("query"));
    return request.json({ ...page, items: page.items.map(changeJson) }, 200);
  });
};

export const addPreflightRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(startRoute, async (request) => {
    const body = request.req.valid("json");
    const started = await answerOnce(context, request, {
      schema: startedPreflightSchema,
      status: 202,
      body,
      newReference: () => newPreflightId(context),
      act: async (reference) => {
        const { preflightId, accountId, regions } = await startPreflight(context, {
          preflightId: preflightIdSchema.parse(reference),
          accountId: body.account_id,
          regions: body.regions,
          requestedBy: actorOf(context, request),
        });
        await audit(context, request, {
          action: "START_PREFLIGHT",
          resource: `preflight ${preflightId}`,
          detail: body,
        });
        const { places } = await requirePreflight(context, preflightId);
        return {
          preflight_id: preflightId,
          account_id: accountId,
          regions: [...regions],
          estimate: estimateOf(places),
        };
      },
    });
    request.header("location", locationOf(request, `/preflight/${started.preflight_id}`));
    return request.json(started, 202);
  });
  app.openapi(showRoute, async (request) => {
    const { preflight, places } = await requirePreflight(context, request.req.valid("param").id);
    return request.json(preflightJson(preflight, places), 200);
  });
  addListRoutes(app, context);
};

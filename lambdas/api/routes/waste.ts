/** What seems to be of no use in customers' accounts. Reads the stored list, and no customer's account. */
import { createRoute } from "@hono/zod-openapi";
import { audit } from "../audit-trail.ts";
import { actorOf } from "../caller.ts";
import type { ApiApp, ApiContext } from "../context.ts";
import { asksForCsv, csvHeaders, csvMediaType } from "../csv-answer.ts";
import { locationOf } from "../public-path.ts";
import { answerOnce } from "../answer-once.ts";
import { idempotencyHeaders, json, jsonBody, problems } from "../schemas/common.ts";
import {
  approveWasteSchema,
  dismissSchema,
  findingParams,
  wasteFindingJson,
  wasteFindingJsonSchema,
  wasteListQuery,
  wastePageSchema,
} from "../schemas/waste.ts";
import { dismissFinding, pageOfWaste, requireFinding } from "../waste.ts";
import { votedSchema } from "../schemas/approvals.ts";
import { approveFinding, offeredPlans } from "../waste-plan.ts";
import { wasteCsv } from "../waste-csv.ts";
import * as z from "../zod.ts";
import { requireAccount } from "./accounts.ts";

const tags = ["waste"];

/** Some 1.5 KB each: an answer stays below Lambda's 6 MB. */
const rowsOfCsv = 2500;

const listRoute = createRoute({
  method: "get",
  path: "/waste",
  tags,
  operationId: "listWaste",
  summary: "List what seems to be waste, with what it costs",
  description: `Account by account and region by region, the best kind of find first, and what costs most first within it. With \`accept: text/csv\` as a table for spreadsheets (RFC 4180, UTF-8), ${String(rowsOfCsv)} rows at a time: where there are more, the header \`link\` has the address of the next (\`rel="next"\`).`,
  request: { query: wasteListQuery },
  responses: {
    200: {
      description: "A page of findings, or a table of them.",
      content: {
        "application/json": { schema: wastePageSchema },
        [csvMediaType]: { schema: z.string().meta({ description: "A table with a header line." }) },
      },
    },
    ...problems(400, 404),
  },
});

const getRoute = createRoute({
  method: "get",
  path: "/waste/{id}",
  tags,
  operationId: "getWaste",
  summary: "Show a finding",
  request: { params: findingParams },
  responses: { 200: json("The finding.", wasteFindingJsonSchema), ...problems(400, 404) },
});

const approveRoute = createRoute({
  method: "post",
  path: "/waste/{id}/approve",
  tags,
  operationId: "approveWaste",
  summary: "Agree that it is deleted as its plan says",
  description:
    "The caller must be among the approvers of the account (403 `not-an-approver`), and not who has turned the scanner on (403 `own-request`). Once as many persons as it needs have agreed, two for an address, it is judged again and deleted within minutes. 409: it is not OFFERED, `bounds-changed` since it was read, `approved-before` by the same person, `approval-settled`, `kill-switch-engaged`.",
  request: {
    params: findingParams,
    headers: idempotencyHeaders,
    body: jsonBody(approveWasteSchema),
  },
  responses: {
    200: json("It is noted.", votedSchema),
    ...problems(400, 404, 409, 413, 415, 422, 502),
  },
});

const dismissRoute = createRoute({
  method: "post",
  path: "/waste/{id}/dismiss",
  tags,
  operationId: "dismissWaste",
  summary: "Say that it stays, why, and until when",
  description: "It is not shown as waste until then; after that its days begin anew.",
  request: { params: findingParams, headers: idempotencyHeaders, body: jsonBody(dismissSchema) },
  responses: {
    200: json("The finding.", wasteFindingJsonSchema),
    ...problems(400, 404, 409, 413, 415, 422),
  },
});

const addListRoute = (app: ApiApp, context: ApiContext): void => {
  app.openapi(listRoute, async (request) => {
    const { limit, cursor, account_id: accountId, ...rest } = request.req.valid("query");
    if (accountId !== undefined) await requireAccount(context, accountId);
    const filter = { ...rest, ...(accountId !== undefined && { accountId }) };
    const isCsv = asksForCsv(request);
    const page = await pageOfWaste(context, filter, {
      limit: isCsv ? rowsOfCsv : limit,
      ...(cursor !== undefined && { cursor }),
    });
    const planFor = offeredPlans(context);
    const items = await Promise.all(
      page.items.map(async (finding) => wasteFindingJson(finding, await planFor(finding))),
    );
    if (!isCsv) return request.json({ ...page, items }, 200);
    if (page.cursor !== undefined) {
      const query = new URLSearchParams({
        ...rest,
        ...(accountId !== undefined && { account_id: accountId }),
        cursor: page.cursor,
      });
      request.header("link", `<${locationOf(request, "/waste")}?${query.toString()}>; rel="next"`);
    }
    return request.body(wasteCsv(items), 200, csvHeaders);
  });
};

const addApproveRoute = (app: ApiApp, context: ApiContext): void => {
  app.openapi(approveRoute, async (request) => {
    const { id } = request.req.valid("param");
    const body = request.req.valid("json");
    const { bounds_hash: boundsHash, ...words } = body;
    const voted = await answerOnce(context, request, {
      schema: votedSchema,
      status: 200,
      body,
      newReference: () => context.now().toISOString(),
      act: async (at) => {
        const answer = await approveFinding(context, request, { id, at, boundsHash, ...words });
        await audit(context, request, {
          action: "APPROVE_WASTE",
          resource: `finding ${id}`,
          detail: { ...body, approvalId: answer.approval.approval_id },
        });
        return answer;
      },
    });
    return request.json(voted, 200);
  });
};

export const addWasteRoutes = (app: ApiApp, context: ApiContext): void => {
  addListRoute(app, context);
  app.openapi(getRoute, async (request) => {
    const finding = await requireFinding(context, request.req.valid("param").id);
    return request.json(wasteFindingJson(finding, await offeredPlans(context)(finding)), 200);
  });
  addApproveRoute(app, context);
  app.openapi(dismissRoute, async (request) => {
    const { id } = request.req.valid("param");
    const body = request.req.valid("json");
    const dismissed = await answerOnce(context, request, {
      schema: wasteFindingJsonSchema,
      status: 200,
      body,
      newReference: () => context.now().toISOString(),
      act: async (at) => {
        const by = actorOf(context, request);
        const finding = await dismissFinding(context, id, { ...body, by, at });
        const { accountId, region, kind, resourceId } = finding;
        await audit(context, request, {
          action: "DISMISS_WASTE",
          resource: `finding ${id}`,
          detail: { ...body, accountId, region, kind, resourceId },
        });
        return wasteFindingJson(finding, undefined);
      },
    });
    return request.json(dismissed, 200);
  });
};

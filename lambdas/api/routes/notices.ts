/** Lists what was told, and notes who knows of it. */
import { createRoute } from "@hono/zod-openapi";
import { getMessage, listMessages, updateMessage } from "../../../adapters/store/messages.ts";
import { answerOnce } from "../answer-once.ts";
import { audit } from "../audit-trail.ts";
import { requesterOf } from "../caller.ts";
import type { ApiApp, ApiContext, ApiRequest } from "../context.ts";
import { ApiProblem } from "../problem.ts";
import { emptyBodySchema, optionalJsonBody, readOptionalBody } from "../request-body.ts";
import { idempotencyHeaders, json, problems } from "../schemas/common.ts";
import {
  noticeJson,
  noticeJsonSchema,
  noticeListQuery,
  noticePageSchema,
  noticeParams,
} from "../schemas/notices.ts";
import { requireAccount } from "./accounts.ts";

const tags = ["notices"];

const listRoute = createRoute({
  method: "get",
  path: "/notices",
  tags,
  operationId: "listNotices",
  summary: "List what was told, and what became of it on each channel, told last first",
  description:
    "One for each cause, kept for 90 days after it was told last. A page may be shorter than its limit and still have a cursor.",
  request: { query: noticeListQuery },
  responses: { 200: json("A page of notices.", noticePageSchema), ...problems(400, 404) },
});

const acknowledgeRoute = createRoute({
  method: "post",
  path: "/notices/{id}/acknowledge",
  tags,
  operationId: "acknowledgeNotice",
  summary: "Say that you know of it: it is not repeated until it changes",
  description:
    "The record says who. 403: API Gateway, or at a laptop a header, must name a person.",
  request: {
    params: noticeParams,
    headers: idempotencyHeaders,
    body: optionalJsonBody("EmptyBody"),
  },
  responses: {
    200: json("The notice.", noticeJsonSchema),
    ...problems(400, 404, 409, 413, 415, 422),
  },
});

/** @throws problem 404, 403 */
const acknowledge = async (context: ApiContext, request: ApiRequest, noticeId: string) => {
  if ((await getMessage(context.table, noticeId)) === undefined) {
    throw new ApiProblem("not-found", `There is no notice ${noticeId}.`);
  }
  const caller = requesterOf(context, request);
  if (caller === undefined) {
    throw new ApiProblem("caller-unknown", "Only a named person acknowledges a notice.");
  }
  const at = context.now().toISOString();
  const message = await updateMessage(context.table, noticeId, (stored) => ({
    ...stored,
    acknowledged: {
      by: caller.name,
      at,
      ...(stored.latest.state !== undefined && { state: stored.latest.state }),
      ...(stored.joined !== undefined && { joined: stored.joined }),
    },
  }));
  await audit(context, request, {
    action: "ACKNOWLEDGE_NOTICE",
    resource: `notice ${noticeId}`,
    detail: { account_id: message.latest.accountId },
  });
  return noticeJson(message);
};

export const addNoticeRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(listRoute, async (request) => {
    const { account_id: accountId, ...paging } = request.req.valid("query");
    if (accountId !== undefined) await requireAccount(context, accountId);
    const page = await listMessages(context.table, {
      ...paging,
      ...(accountId !== undefined && { accountId }),
    });
    return request.json({ ...page, items: page.items.map(noticeJson) }, 200);
  });
  app.openapi(acknowledgeRoute, async (request) => {
    const { id } = request.req.valid("param");
    const body = await readOptionalBody(request, emptyBodySchema);
    const shown = await answerOnce(context, request, {
      schema: noticeJsonSchema,
      status: 200,
      body,
      newReference: () => context.now().toISOString(),
      act: () => acknowledge(context, request, id),
    });
    return request.json(shown, 200);
  });
};

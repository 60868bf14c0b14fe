/** Where the owner of an account wants to be told, beside the account, and whether it arrives there. */
import { createRoute } from "@hono/zod-openapi";
import { noticeIdOf } from "../../../adapters/store/messages.ts";
import {
  forgetNoticeSettings,
  readNoticeSettings,
  updateNoticeSettings,
} from "../../../adapters/store/notice-settings.ts";
import { tell } from "../../../adapters/store/outbox.ts";
import type { AccountId } from "../../../core/model/ids.ts";
import type { Notice } from "../../../core/model/notice.ts";
import type { NoticeSettings } from "../../../core/model/notice-settings.ts";
import { answerOnce } from "../answer-once.ts";
import { audit } from "../audit-trail.ts";
import { actorOf, requesterOf } from "../caller.ts";
import type { ApiApp, ApiContext } from "../context.ts";
import { invalid } from "../problem.ts";
import { emptyBodySchema, optionalJsonBody, readOptionalBody } from "../request-body.ts";
import { accountParams, idempotencyHeaders, json, jsonBody, problems } from "../schemas/common.ts";
import {
  noticeSettingsJson,
  noticeSettingsJsonSchema,
  setNoticeSettingsSchema,
  testedSchema,
} from "../schemas/notices.ts";
import type * as z from "../zod.ts";
import { requireAccount } from "./accounts.ts";

const tags = ["notices"];

const getRoute = createRoute({
  method: "get",
  path: "/accounts/{id}/notices",
  tags,
  operationId: "getNoticeSettings",
  summary: "Show where the owner of an account is told, and of what",
  request: { params: accountParams },
  responses: { 200: json("The settings.", noticeSettingsJsonSchema), ...problems(400, 404) },
});

const setRoute = createRoute({
  method: "put",
  path: "/accounts/{id}/notices",
  tags,
  operationId: "setNoticeSettings",
  summary: "Say where the owner of an account is told, and of what",
  description:
    "An SNS topic in the account, a webhook, or both. Whether it arrives is shown by `POST /accounts/{id}/notices/test`.",
  request: { params: accountParams, body: jsonBody(setNoticeSettingsSchema) },
  responses: {
    200: json("The settings.", noticeSettingsJsonSchema),
    ...problems(400, 404, 413, 415, 422),
  },
});

const deleteRoute = createRoute({
  method: "delete",
  path: "/accounts/{id}/notices",
  tags,
  operationId: "deleteNoticeSettings",
  summary: "Tell the owner of an account no longer",
  description: "The webhook's secret is forgotten. Notices are listed all the same.",
  request: { params: accountParams },
  responses: { 204: { description: "Nobody is told." }, ...problems(400, 404) },
});

const testRoute = createRoute({
  method: "post",
  path: "/accounts/{id}/notices/test",
  tags,
  operationId: "testNotices",
  summary: "Send a test notice",
  description:
    "It goes the way of all notices, whichever kinds are set, within a minute or two; `GET /notices` says what each channel answered.",
  request: {
    params: accountParams,
    headers: idempotencyHeaders,
    body: optionalJsonBody("EmptyBody"),
  },
  responses: {
    200: json("It goes out within a minute or two.", testedSchema),
    ...problems(400, 404, 409, 413, 415, 422),
  },
});

type Wish = z.infer<typeof setNoticeSettingsSchema>;

/** What is told of an account goes to nobody else's topic. @throws problem 422 */
const requireOwnTopic = (accountId: AccountId, topicArn: string | undefined): void => {
  if (topicArn === undefined || topicArn.split(":")[4] === accountId) return;
  const message = `must be a topic of account ${accountId}`;
  throw invalid("body", [{ field: "topic_arn", message }]);
};

/** A new secret is sealed; without one the stored one stays. @throws problem 422 where there is none */
const webhookOf = async (
  context: ApiContext,
  accountId: AccountId,
  { wish, stored }: { readonly wish: Wish["webhook"]; readonly stored: NoticeSettings | undefined },
): Promise<NoticeSettings["webhook"]> => {
  if (wish === undefined) return undefined;
  const { url, secret } = wish;
  if (secret !== undefined) {
    const sealedSecret = await context.seal(accountId, secret);
    return { url, sealedSecret, secretSetAt: context.now().toISOString() };
  }
  if (stored?.webhook !== undefined) return { ...stored.webhook, url };
  throw invalid("body", [{ field: "webhook.secret", message: "is missing: none was set before" }]);
};

/** The path of a webhook may hold a secret too: the audit has the host alone. */
const auditedOf = ({ webhook, ...wish }: Wish) => ({
  ...wish,
  ...(webhook !== undefined && {
    webhook: { host: new URL(webhook.url).host, has_new_secret: webhook.secret !== undefined },
  }),
});

const testNotice = (accountId: AccountId, { by, at }: { by: string; at: string }): Notice => ({
  kind: "TEST",
  accountId,
  error: "TEST",
  resource: accountId,
  // Each test is sent at once.
  state: at,
  sentence: `${by} has asked whether notices of account ${accountId} arrive.`,
  figures: {},
  nextStep: "Nothing is to be done.",
  path: `/notices?account_id=${accountId}`,
  at,
});

const addSettingsRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(getRoute, async (request) => {
    const { id } = request.req.valid("param");
    await requireAccount(context, id);
    return request.json(noticeSettingsJson(id, await readNoticeSettings(context.table, id)), 200);
  });
  app.openapi(setRoute, async (request) => {
    const { id } = request.req.valid("param");
    const wish = request.req.valid("json");
    await requireAccount(context, id);
    requireOwnTopic(id, wish.topic_arn);
    const setBy = requesterOf(context, request);
    await updateNoticeSettings(context.table, id, async (stored) => {
      const webhook = await webhookOf(context, id, { wish: wish.webhook, stored });
      return {
        kinds: wish.kinds,
        ...(wish.topic_arn !== undefined && { topicArn: wish.topic_arn }),
        ...(webhook !== undefined && { webhook }),
        ...(setBy !== undefined && { setBy }),
        updatedAt: context.now().toISOString(),
      };
    });
    await audit(context, request, {
      action: "SET_NOTICE_SETTINGS",
      resource: `account ${id}`,
      detail: auditedOf(wish),
    });
    return request.json(noticeSettingsJson(id, await readNoticeSettings(context.table, id)), 200);
  });
  app.openapi(deleteRoute, async (request) => {
    const { id } = request.req.valid("param");
    await requireAccount(context, id);
    await forgetNoticeSettings(context.table, id);
    await audit(context, request, {
      action: "DELETE_NOTICE_SETTINGS",
      resource: `account ${id}`,
      detail: {},
    });
    return request.body(null, 204);
  });
};

export const addAccountNoticeRoutes = (app: ApiApp, context: ApiContext): void => {
  addSettingsRoutes(app, context);
  app.openapi(testRoute, async (request) => {
    const { id } = request.req.valid("param");
    const body = await readOptionalBody(request, emptyBodySchema);
    const tested = await answerOnce(context, request, {
      schema: testedSchema,
      status: 200,
      body,
      newReference: () => context.now().toISOString(),
      act: async (at) => {
        await requireAccount(context, id);
        const notice = testNotice(id, { by: actorOf(context, request), at });
        await tell(context.table, notice);
        await audit(context, request, {
          action: "TEST_NOTICES",
          resource: `account ${id}`,
          detail: {},
        });
        return { notice_id: noticeIdOf(notice) };
      },
    });
    return request.json(tested, 200);
  });
};

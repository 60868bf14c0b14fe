/** Turns the enforcer on and off for an account, and says by which rules it goes. */
import { createRoute } from "@hono/zod-openapi";
import {
  listEnforcerPlaces,
  readEnforcerSettings,
  updateEnforcerSettings,
} from "../../../adapters/store/enforcer.ts";
import { enforcerSettingsSchema } from "../../../core/model/enforcer.ts";
import type { AccountId } from "../../../core/model/ids.ts";
import { audit } from "../audit-trail.ts";
import { requesterOf } from "../caller.ts";
import type { ApiApp, ApiContext } from "../context.ts";
import { camelKeys } from "../letter-case.ts";
import { invalid } from "../problem.ts";
import { accountParams, json, jsonBody, problems } from "../schemas/common.ts";
import { enforcerJson, enforcerSchema, setEnforcerSettingsSchema } from "../schemas/enforcer.ts";
import { requireAccount } from "./accounts.ts";

const tags = ["governance"];

const showRoute = createRoute({
  method: "get",
  path: "/accounts/{id}/enforcer",
  tags,
  operationId: "getEnforcer",
  summary: "Show whether the enforcer is on, by which rules, and where it stands",
  request: { params: accountParams },
  responses: { 200: json("The enforcer.", enforcerSchema), ...problems(400, 404) },
});

const setRoute = createRoute({
  method: "put",
  path: "/accounts/{id}/enforcer",
  tags,
  operationId: "setEnforcer",
  summary: "Turn the enforcer on or off, and say who has an owner",
  description:
    "Begin with DRY_RUN, and look at `GET /governance`. Changed rules begin a new week in which it flags only; where they flag more than a tenth of the running instances it pauses until this is called again.",
  request: { params: accountParams, body: jsonBody(setEnforcerSettingsSchema) },
  responses: {
    200: json("The enforcer.", enforcerSchema),
    ...problems(400, 404, 413, 415, 422),
  },
});

const show = async ({ table, now }: ApiContext, accountId: AccountId) =>
  enforcerJson(accountId, {
    settings: await readEnforcerSettings(table, accountId),
    places: await listEnforcerPlaces(table),
    now: now(),
  });

/** What runs in an account is told to nobody else. @throws problem 422 */
const requireOwnTopic = (accountId: AccountId, topicArn: string | undefined): void => {
  if (topicArn === undefined || topicArn.includes(`:${accountId}:`)) return;
  const message = `must be a topic of account ${accountId}`;
  throw invalid("body", [{ field: "topic_arn", message }]);
};

export const addAccountEnforcerRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(showRoute, async (request) => {
    const { id } = request.req.valid("param");
    await requireAccount(context, id);
    return request.json(await show(context, id), 200);
  });
  app.openapi(setRoute, async (request) => {
    const { id } = request.req.valid("param");
    const detail = request.req.valid("json");
    await requireAccount(context, id);
    requireOwnTopic(id, detail.topic_arn);
    const at = context.now().toISOString();
    const setBy = requesterOf(context, request);
    await updateEnforcerSettings(context.table, id, (stored) =>
      enforcerSettingsSchema().parse({
        // Whoever turns it off in haste keeps the way to owners who are still to be told.
        ...(stored?.topicArn !== undefined && { topicArn: stored.topicArn }),
        ...(camelKeys(detail) as object),
        ...(detail.mode === "ON" && { onSince: stored?.onSince ?? at }),
        ...(setBy !== undefined && { setBy }),
        updatedAt: at,
      }),
    );
    await audit(context, request, {
      action: "SET_ENFORCER",
      resource: `account ${id}`,
      detail,
    });
    return request.json(await show(context, id), 200);
  });
};

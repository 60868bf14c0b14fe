/** The kill switch and the health of the API. */
import { createRoute } from "@hono/zod-openapi";
import {
  getKillSwitch,
  setKillSwitch,
  type KillSwitchScope,
} from "../../../adapters/store/kill-switch.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { audit } from "../audit-trail.ts";
import { actorOf } from "../caller.ts";
import type { ApiApp, ApiContext } from "../context.ts";
import { json, jsonBody, problems } from "../schemas/common.ts";
import {
  healthSchema,
  killSwitchQuery,
  killSwitchSchema,
  setKillSwitchSchema,
  type HealthJson,
  type KillSwitchJson,
} from "../schemas/kill-switch.ts";
import { requireReconciled } from "../restore.ts";
import { requireAccount } from "./accounts.ts";

const tags = ["operations"];

const getKillSwitchRoute = createRoute({
  method: "get",
  path: "/kill-switch",
  tags,
  operationId: "getKillSwitch",
  summary: "Show the global kill switch, or an account's",
  request: { query: killSwitchQuery },
  responses: { 200: json("The switch.", killSwitchSchema), ...problems(400, 404) },
});

const setKillSwitchRoute = createRoute({
  method: "put",
  path: "/kill-switch",
  tags,
  operationId: "setKillSwitch",
  summary: "Throw or lift a kill switch",
  description:
    "Checked before every mutating step. Roll-backs run all the same. The global one can't be lifted (409) while a restore of the state table was not reconciled.",
  request: { body: jsonBody(setKillSwitchSchema) },
  responses: {
    200: json("The switch as it is now.", killSwitchSchema),
    ...problems(400, 404, 409, 413, 415, 422),
  },
});

const healthRoute = createRoute({
  method: "get",
  path: "/health",
  tags,
  operationId: "getHealth",
  summary: "Version, tables, emulated or real",
  responses: {
    ...problems(),
    200: json("The API can work.", healthSchema),
    503: json("The state table does not answer.", healthSchema),
  },
});

const killSwitchJson = async (
  context: ApiContext,
  scope: KillSwitchScope,
): Promise<KillSwitchJson> => {
  const [own, global] = await Promise.all([
    getKillSwitch(context.table, scope),
    getKillSwitch(context.table, "global"),
  ]);
  return {
    scope,
    engaged: own?.engaged ?? false,
    effective: own?.engaged === true || global?.engaged === true,
    ...(own === undefined ? {} : { reason: own.reason, changed_by: own.by, changed_at: own.at }),
  };
};

/** Any read will do: what is asked is whether the table answers. */
const tableAnswers = async (context: ApiContext): Promise<boolean> => {
  try {
    await getKillSwitch(context.table, "global");
    return true;
  } catch (error) {
    if (!(error instanceof SpotOptimizerError)) throw error;
    context.log.error(`The state table does not answer: ${error.message}`, { error: error.name });
    return false;
  }
};

const health = (context: ApiContext, reachable: boolean): HealthJson => ({
  status: reachable ? "ok" : "unavailable",
  version: context.version,
  emulated: context.emulated,
  region: context.region,
  tables: { state: reachable ? "reachable" : "unreachable" },
  checked_at: context.now().toISOString(),
});

export const addOperationRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(getKillSwitchRoute, async (request) => {
    const { account_id: accountId } = request.req.valid("query");
    if (accountId !== undefined) await requireAccount(context, accountId);
    return request.json(await killSwitchJson(context, accountId ?? "global"), 200);
  });
  app.openapi(setKillSwitchRoute, async (request) => {
    const { account_id: accountId, engaged, reason } = request.req.valid("json");
    if (accountId !== undefined) await requireAccount(context, accountId);
    const scope = accountId ?? "global";
    if (!engaged && accountId === undefined) await requireReconciled(context);
    await setKillSwitch(context.table, {
      scope,
      engaged,
      reason,
      by: actorOf(context, request),
      now: context.now(),
    });
    await audit(context, request, {
      action: "SET_KILL_SWITCH",
      resource: `kill switch ${scope}`,
      detail: { engaged, reason },
    });
    return request.json(await killSwitchJson(context, scope), 200);
  });
  app.openapi(healthRoute, async (request) => {
    const reachable = await tableAnswers(context);
    return reachable
      ? request.json(health(context, true), 200)
      : request.json(health(context, false), 503);
  });
};

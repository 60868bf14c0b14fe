/** What is remembered of Spot pools by everyone for everyone, and the quarantine that a person sets and lifts. */
import { createRoute } from "@hono/zod-openapi";
import { appendAudit } from "../../../adapters/store/audit.ts";
import {
  liftQuarantine,
  readQuarantine,
  setQuarantine,
} from "../../../adapters/store/pool-quarantines.ts";
import type { Pool } from "../../../core/model/market.ts";
import { isInForce, type PoolQuarantine } from "../../../core/model/pool-quarantine.ts";
import { answerOnce } from "../answer-once.ts";
import { audit } from "../audit-trail.ts";
import { actorOf } from "../caller.ts";
import type { ApiApp, ApiContext, ApiRequest } from "../context.ts";
import { snakeKeys } from "../letter-case.ts";
import { poolIdOf, poolOf } from "../pool-id.ts";
import { ApiProblem } from "../problem.ts";
import { listRiskPools, marketReadLast } from "../risk-pools.ts";
import { idempotencyHeaders, json, jsonBody, problems } from "../schemas/common.ts";
import {
  liftQuarantineQuery,
  poolListQuery,
  poolParams,
  quarantineJson,
  quarantineSchema,
  riskPoolJson,
  riskPoolPageSchema,
  setQuarantineSchema,
} from "../schemas/risk-pools.ts";

const tags = ["risk"];
const dayMs = 86_400_000;
/** As long as a policy may ban a pool. */
const longestDays = 30;

const listRoute = createRoute({
  method: "get",
  path: "/risk/pools",
  tags,
  operationId: "listRiskPools",
  summary: "List the pools of a region of which something is remembered",
  description:
    "Pools that have taken an instance back or refused one within a week, or are in quarantine, in the order of their ids. Of no other is anything remembered.",
  request: { query: poolListQuery },
  responses: { 200: json("A page of pools.", riskPoolPageSchema), ...problems(400) },
});

const setRoute = createRoute({
  method: "post",
  path: "/risk/pools/{pool_id}/quarantine",
  tags,
  operationId: "setPoolQuarantine",
  summary: "Keep everybody out of a pool for a time",
  description:
    "From now on no evaluation of any account takes the pool on Spot. What runs there stays there, and On-Demand is not affected. Set again it is replaced; the same again leaves it as it stands.",
  request: { headers: idempotencyHeaders, params: poolParams, body: jsonBody(setQuarantineSchema) },
  responses: {
    200: json("The quarantine.", quarantineSchema),
    ...problems(400, 404, 409, 413, 415, 422),
  },
});

const liftRoute = createRoute({
  method: "delete",
  path: "/risk/pools/{pool_id}/quarantine",
  tags,
  operationId: "liftPoolQuarantine",
  summary: "Let a pool be used again",
  request: { params: poolParams, query: liftQuarantineQuery },
  responses: { 204: { description: "It is lifted." }, ...problems(400, 404) },
});

const requireEnd = (until: string, now: Date): void => {
  const ahead = Date.parse(until) - now.getTime();
  if (ahead > 0 && ahead <= longestDays * dayMs) return;
  const message = `must be a time within the next ${String(longestDays)} days`;
  throw new ApiProblem("invalid-body", `until: ${message}`, {
    errors: [{ field: "until", message }],
  });
};

/** A misspelled one would be kept out of nothing. Where no market was read there is nothing to compare with. */
const requireOffered = async (context: ApiContext, pool: Pool): Promise<void> => {
  const market = await marketReadLast(context, pool);
  const { zoneId, instanceType, region } = pool;
  const isOffered = market?.offerings.some(
    (offered) => offered.zoneId === zoneId && offered.instanceType === instanceType,
  );
  if (isOffered !== false) return;
  throw new ApiProblem("not-found", `${region} does not offer ${instanceType} in ${zoneId}.`, {
    errors: [{ field: "pool_id", message: "is not a pool of the region" }],
  });
};

const isTheSame = (
  one: PoolQuarantine | undefined,
  asked: Pick<PoolQuarantine, "reason" | "until">,
): one is PoolQuarantine => one?.reason === asked.reason && one.until === asked.until;

const addSetRoute = (app: ApiApp, context: ApiContext): void => {
  const set = async (
    request: ApiRequest,
    pool: Pool,
    asked: Pick<PoolQuarantine, "reason" | "until">,
  ): Promise<PoolQuarantine> => {
    const now = context.now();
    requireEnd(asked.until, now);
    await requireOffered(context, pool);
    const { table } = context;
    const standing = await readQuarantine(table, pool);
    const quarantine = isTheSame(standing, asked)
      ? standing
      : { pool, ...asked, since: now.toISOString(), setBy: actorOf(context, request) };
    if (quarantine !== standing) await setQuarantine(table, quarantine);
    // Of who asks again after he was cut off in between there is one row, too.
    await appendAudit(table, {
      at: quarantine.since,
      actor: quarantine.setBy,
      action: "SET_QUARANTINE",
      resource: `pool ${poolIdOf(pool)}`,
      detail: asked,
    });
    return quarantine;
  };
  app.openapi(setRoute, async (request) => {
    const pool = poolOf(request.req.valid("param").pool_id);
    const body = request.req.valid("json");
    const answer = await answerOnce(context, request, {
      schema: quarantineSchema,
      status: 200,
      body,
      newReference: () => poolIdOf(pool),
      act: async () => quarantineJson(await set(request, pool, body)),
    });
    return request.json(answer, 200);
  });
};

export const addRiskPoolRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(listRoute, async (request) => {
    const { items, total, ...page } = await listRiskPools(context, request.req.valid("query"));
    return request.json({ ...page, total: snakeKeys(total), items: items.map(riskPoolJson) }, 200);
  });
  addSetRoute(app, context);
  app.openapi(liftRoute, async (request) => {
    const pool = poolOf(request.req.valid("param").pool_id);
    const { reason } = request.req.valid("query");
    const { table, now } = context;
    const standing = await readQuarantine(table, pool);
    if (standing === undefined || !isInForce(standing, now())) {
      throw new ApiProblem("not-found", `${poolIdOf(pool)} is not in quarantine.`);
    }
    await audit(context, request, {
      action: "LIFT_QUARANTINE",
      resource: `pool ${poolIdOf(pool)}`,
      detail: { reason, was: { reason: standing.reason, until: standing.until } },
    });
    await liftQuarantine(table, pool);
    return request.body(null, 204);
  });
};

/** Lists what runs in customers' accounts without an owner, and what carries our tags and nothing claims; and exempts what may go on. */
import { createRoute } from "@hono/zod-openapi";
import { updateFinding } from "../../../adapters/store/enforcer.ts";
import { listGovernance } from "../../../adapters/store/governance.ts";
import { exempted, refusedUntil } from "../../../core/enforce/exempt.ts";
import { parseFindingId } from "../../../core/enforce/finding-id.ts";
import { answerOnce } from "../answer-once.ts";
import { audit } from "../audit-trail.ts";
import { actorOf } from "../caller.ts";
import type { ApiApp, ApiContext } from "../context.ts";
import { ApiProblem, invalid } from "../problem.ts";
import { idempotencyHeaders, json, jsonBody, problems } from "../schemas/common.ts";
import {
  exemptSchema,
  findingJson,
  findingParams,
  findingSchema,
  governanceJson,
  governanceListQuery,
  governancePageSchema,
} from "../schemas/governance.ts";
import { requireAccount } from "./accounts.ts";

const tags = ["governance"];

const listRoute = createRoute({
  method: "get",
  path: "/governance",
  tags,
  operationId: "listGovernance",
  summary:
    "List what runs without an owner, and what carries our tags and nothing claims, newest first",
  description:
    "Where the enforcer is on, each account and region is read hourly. A page may be shorter than its limit and still have a cursor.",
  request: { query: governanceListQuery },
  responses: {
    200: json("A page of findings.", governancePageSchema),
    ...problems(400, 404),
  },
});

const exemptRoute = createRoute({
  method: "post",
  path: "/governance/{id}/exempt",
  tags,
  operationId: "exemptFinding",
  summary: "Let an instance without an owner go on running, until then",
  description:
    "It is not stopped until then, and a new full grace begins after. 409: it is being stopped or terminated.",
  request: { params: findingParams, headers: idempotencyHeaders, body: jsonBody(exemptSchema) },
  responses: {
    200: json("The finding.", findingSchema),
    ...problems(400, 404, 409, 413, 415, 422),
  },
});

const exempt = async (
  { table }: ApiContext,
  findingId: string,
  exemption: {
    readonly reason: string;
    readonly until: string;
    readonly by: string;
    readonly at: string;
  },
) => {
  const found = parseFindingId(findingId);
  if (found === undefined) throw new ApiProblem("not-found", `There is no finding ${findingId}.`);
  const { place, instanceId } = found;
  const changed = await updateFinding(table, place, {
    instanceId,
    change: (finding) => {
      const next = exempted(finding, exemption);
      if (next !== undefined) return next;
      throw new ApiProblem(
        "conflict",
        `${instanceId} is ${finding.status} already: it can no longer be held up.`,
      );
    },
  });
  return findingJson(changed);
};

export const addGovernanceRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(listRoute, async (request) => {
    const { account_id: accountId, ...filter } = request.req.valid("query");
    if (accountId !== undefined) await requireAccount(context, accountId);
    const page = await listGovernance(context.table, {
      ...filter,
      ...(accountId === undefined ? {} : { accountId }),
    });
    return request.json({ ...page, items: page.items.map(governanceJson) }, 200);
  });
  app.openapi(exemptRoute, async (request) => {
    const { id } = request.req.valid("param");
    const body = request.req.valid("json");
    const refused = refusedUntil(body.until, context.now());
    if (refused !== undefined) throw invalid("body", [{ field: "until", message: refused }]);
    const shown = await answerOnce(context, request, {
      schema: findingSchema,
      status: 200,
      body,
      newReference: () => context.now().toISOString(),
      act: async (at) => {
        const answer = await exempt(context, id, {
          ...body,
          at,
          by: actorOf(context, request),
        });
        await audit(context, request, {
          action: "EXEMPT",
          resource: `finding ${id}`,
          detail: body,
        });
        return answer;
      },
    });
    return request.json(shown, 200);
  });
};

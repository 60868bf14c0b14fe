/** Lists what carries our tags in customers' accounts and nothing claims. Reads the stored list, and no customer's account. */
import { createRoute } from "@hono/zod-openapi";
import { listUnclaimed } from "../../../adapters/store/unclaimed.ts";
import type { ApiApp, ApiContext } from "../context.ts";
import { json, problems } from "../schemas/common.ts";
import { unclaimedJson, unclaimedListQuery, unclaimedPageSchema } from "../schemas/unclaimed.ts";
import { requireAccount } from "./accounts.ts";

const listUnclaimedRoute = createRoute({
  method: "get",
  path: "/unclaimed-resources",
  tags: ["operations"],
  operationId: "listUnclaimedResources",
  summary: "List what carries our tags and nothing claims, newest first",
  description:
    "Each connected and verified account is read every six hours. What is younger than an hour, or of an evaluation that goes on, is not listed. Nothing in the list is ever touched: the runbook says what to do with it. A page may be shorter than its limit and still have a cursor.",
  request: { query: unclaimedListQuery },
  responses: {
    200: json("A page of unclaimed resources.", unclaimedPageSchema),
    ...problems(400, 404),
  },
});

export const addUnclaimedRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(listUnclaimedRoute, async (request) => {
    const { account_id: accountId, ...filter } = request.req.valid("query");
    if (accountId !== undefined) await requireAccount(context, accountId);
    const page = await listUnclaimed(context.table, {
      ...filter,
      ...(accountId === undefined ? {} : { accountId }),
    });
    return request.json({ ...page, items: page.items.map(unclaimedJson) }, 200);
  });
};

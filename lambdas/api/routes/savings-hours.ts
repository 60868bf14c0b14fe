/** What each instance cost in each hour of a settled day, to be held against AWS's bill. */
import { createRoute } from "@hono/zod-openapi";
import { listLedgerHours } from "../../../adapters/store/ledger-hours.ts";
import type { ApiApp, ApiContext } from "../context.ts";
import { json, problems } from "../schemas/common.ts";
import { resourcesOf, savingsHoursQuery, savingsHoursSchema } from "../schemas/savings-hours.ts";
import { requireAccount } from "./accounts.ts";

const hoursRoute = createRoute({
  method: "get",
  path: "/savings/hours",
  tags: ["savings"],
  operationId: "getSavingsHours",
  summary: "Show what each resource cost in each hour of a settled day",
  description:
    "Of an account's targets: instances, those that served and those beside them, volumes, lent addresses and held capacity, by what the ledger knows: `npm run reconcile` holds it against a bill of AWS. A day that is not settled has none. `limit` counts targets; where there are more, `cursor` leads to them.",
  request: { query: savingsHoursQuery },
  responses: { 200: json("The day.", savingsHoursSchema), ...problems(400, 404) },
});

export const addSavingsHoursRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(hoursRoute, async (request) => {
    const { account_id: accountId, day, limit, cursor: before } = request.req.valid("query");
    await requireAccount(context, accountId);
    const query = { accountId, day, limit, cursor: before };
    const { targets, cursor } = await listLedgerHours(context.table, query);
    return request.json(
      {
        format: "ledger-hours/1" as const,
        account_id: accountId,
        day,
        resources: resourcesOf(targets),
        ...(cursor !== undefined && { cursor }),
      },
      200,
    );
  });
};

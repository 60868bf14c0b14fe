/** Lets switches of an account begin again after roll-backs have stopped them. */
import { createRoute } from "@hono/zod-openapi";
import { listPlaceStandings } from "../../../adapters/store/place-standings.ts";
import { updateSwitching } from "../../../adapters/store/switching.ts";
import { resetSwitching } from "../../../core/decide/switch/concurrency.ts";
import { audit } from "../audit-trail.ts";
import type { ApiApp, ApiContext } from "../context.ts";
import {
  accountWithSwitchingJson,
  accountWithSwitchingSchema,
  resetSwitchingSchema,
} from "../schemas/accounts.ts";
import { accountParams, json, jsonBody, problems } from "../schemas/common.ts";
import { requireAccount } from "./accounts.ts";

const resetRoute = createRoute({
  method: "put",
  path: "/accounts/{id}/switching",
  tags: ["accounts"],
  operationId: "resetSwitching",
  summary: "Let switches begin again",
  description:
    "Two roll-backs for the same error within an hour, or one with a downtime, stop new switches in the account. See to the cause first. What goes on is not touched; an account that is not halted stays as it is.",
  request: { params: accountParams, body: jsonBody(resetSwitchingSchema) },
  responses: {
    200: json("The account, in which switches may begin.", accountWithSwitchingSchema),
    ...problems(400, 404, 413, 415, 422),
  },
});

export const addSwitchingRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(resetRoute, async (request) => {
    const { id } = request.req.valid("param");
    const detail = request.req.valid("json");
    const account = await requireAccount(context, id);
    const switching = await updateSwitching(context.table, id, resetSwitching);
    await audit(context, request, {
      action: "RESET_SWITCHING",
      resource: `account ${id}`,
      detail,
    });
    const places = await listPlaceStandings(context.table, id);
    return request.json(accountWithSwitchingJson(account, switching, places), 200);
  });
};

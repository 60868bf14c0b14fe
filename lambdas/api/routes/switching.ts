/** What stands beside an account: lets switches begin again after roll-backs have stopped them, and sets the tags by which targets are found. */
import { createRoute } from "@hono/zod-openapi";
import { setFindByTags } from "../../../adapters/store/find-by-tags.ts";
import { updateSwitching } from "../../../adapters/store/switching.ts";
import { resetSwitching } from "../../../core/decide/switch/concurrency.ts";
import { audit } from "../audit-trail.ts";
import type { ApiApp, ApiContext } from "../context.ts";
import {
  accountWithSwitchingSchema,
  findByTagsSchema,
  resetSwitchingSchema,
} from "../schemas/accounts.ts";
import { accountParams, json, jsonBody, problems } from "../schemas/common.ts";
import { requireAccount, showAccount } from "./accounts.ts";

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

const findByTagsRoute = createRoute({
  method: "put",
  path: "/accounts/{id}/find-by-tags",
  tags: ["accounts"],
  operationId: "setFindByTags",
  summary: "Let each sweep find targets by their tags",
  description:
    "A tag finds, and entitles to nothing: what is found is registered in shadow mode, and only a person ends that.",
  request: { params: accountParams, body: jsonBody(findByTagsSchema) },
  responses: {
    200: json("The account.", accountWithSwitchingSchema),
    ...problems(400, 404, 413, 415, 422),
  },
});

export const addSwitchingRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(resetRoute, async (request) => {
    const { id } = request.req.valid("param");
    const detail = request.req.valid("json");
    const account = await requireAccount(context, id);
    await updateSwitching(context.table, id, resetSwitching);
    await audit(context, request, {
      action: "RESET_SWITCHING",
      resource: `account ${id}`,
      detail,
    });
    return request.json(await showAccount(context, account), 200);
  });
  app.openapi(findByTagsRoute, async (request) => {
    const { id } = request.req.valid("param");
    const detail = request.req.valid("json");
    const account = await requireAccount(context, id);
    await setFindByTags(context.table, id, {
      tags: detail.tags ?? {},
      updatedAt: context.now().toISOString(),
    });
    await audit(context, request, {
      action: "SET_FIND_BY_TAGS",
      resource: `account ${id}`,
      detail,
    });
    return request.json(await showAccount(context, account), 200);
  });
};

/** What the owner of an account says of approvals, beside the account. */
import { createRoute } from "@hono/zod-openapi";
import { setApprovalSettings } from "../../../adapters/store/approval-settings.ts";
import { approvalSettingsSchema } from "../../../core/model/approval-settings.ts";
import { audit } from "../audit-trail.ts";
import type { ApiApp, ApiContext } from "../context.ts";
import { camelKeys } from "../letter-case.ts";
import { accountWithSwitchingSchema } from "../schemas/accounts.ts";
import { setApprovalSettingsSchema } from "../schemas/approval-settings.ts";
import { accountParams, json, jsonBody, problems } from "../schemas/common.ts";
import { requireAccount, showAccount } from "./accounts.ts";

const settingsRoute = createRoute({
  method: "put",
  path: "/accounts/{id}/approvals",
  tags: ["approvals"],
  operationId: "setApprovalSettings",
  summary: "Say for which switches a person must agree, and who may",
  description:
    "Whoever may call this says who approves: give it to others than those who approve, and than those who set policies. A vote of somebody who is taken from the list no longer counts.",
  request: { params: accountParams, body: jsonBody(setApprovalSettingsSchema) },
  responses: {
    200: json("The account.", accountWithSwitchingSchema),
    ...problems(400, 404, 413, 415, 422),
  },
});

export const addAccountApprovalRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(settingsRoute, async (request) => {
    const { id } = request.req.valid("param");
    const detail = request.req.valid("json");
    const account = await requireAccount(context, id);
    const settings = approvalSettingsSchema().parse({
      ...(camelKeys(detail) as object),
      updatedAt: context.now().toISOString(),
    });
    await setApprovalSettings(context.table, id, settings);
    await audit(context, request, {
      action: "SET_APPROVAL_SETTINGS",
      resource: `account ${id}`,
      detail,
    });
    return request.json(await showAccount(context, account), 200);
  });
};

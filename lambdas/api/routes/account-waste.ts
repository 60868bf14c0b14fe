/** What the owner of an account says of the waste scanner, beside the account. */
import { createRoute } from "@hono/zod-openapi";
import { readWasteSettings, setWasteSettings } from "../../../adapters/store/waste-settings.ts";
import type { WasteSettings } from "../../../core/model/waste/settings.ts";
import { keepDeploymentId } from "../../../adapters/store/deployment.ts";
import { newDeploymentId } from "../../evaluation/start.ts";
import { requesterOf } from "../caller.ts";
import { audit } from "../audit-trail.ts";
import type { ApiApp, ApiContext } from "../context.ts";
import { accountParams, json, jsonBody, problems } from "../schemas/common.ts";
import { setWasteSettingsSchema, wasteSettingsJsonSchema } from "../schemas/waste.ts";
import { requireAccount } from "./accounts.ts";

const tags = ["waste"];

const getRoute = createRoute({
  method: "get",
  path: "/accounts/{id}/waste",
  tags,
  operationId: "getWasteSettings",
  summary: "Show whether an account is scanned for waste, and by which days",
  request: { params: accountParams },
  responses: { 200: json("The settings.", wasteSettingsJsonSchema), ...problems(400, 404) },
});

const setRoute = createRoute({
  method: "put",
  path: "/accounts/{id}/waste",
  tags,
  operationId: "setWasteSettings",
  summary: "Turn the waste scanner on or off for an account",
  description:
    "Scanning reads alone. Who may agree to a deletion is said by `PUT /accounts/{id}/approvals`.",
  request: { params: accountParams, body: jsonBody(setWasteSettingsSchema) },
  responses: {
    200: json("The settings.", wasteSettingsJsonSchema),
    ...problems(400, 404, 413, 415, 422),
  },
});

/** The names of kinds are data. */
const settingsJson = (settings: WasteSettings | undefined) => {
  if (settings === undefined) return { enabled: false };
  const { enabled, days, ownerTags, snapshotDays, updatedAt } = settings;
  return {
    enabled,
    ...(days !== undefined && { days }),
    ...(ownerTags !== undefined && { owner_tags: ownerTags }),
    ...(snapshotDays !== undefined && { snapshot_days: snapshotDays }),
    updated_at: updatedAt,
  };
};

export const addAccountWasteRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(getRoute, async (request) => {
    const { id } = request.req.valid("param");
    await requireAccount(context, id);
    return request.json(settingsJson(await readWasteSettings(context.table, id)), 200);
  });
  app.openapi(setRoute, async (request) => {
    const { id } = request.req.valid("param");
    const detail = request.req.valid("json");
    await requireAccount(context, id);
    const { owner_tags: ownerTags, snapshot_days: snapshotDays, ...rest } = detail;
    const setBy = requesterOf(context, request);
    const settings: WasteSettings = {
      ...rest,
      ...(ownerTags !== undefined && { ownerTags }),
      ...(snapshotDays !== undefined && { snapshotDays }),
      ...(setBy !== undefined && { setBy }),
      updatedAt: context.now().toISOString(),
    };
    // By it what is deleted is tagged, and no evaluation may have been begun yet.
    await keepDeploymentId(context.table, newDeploymentId(context.randomId));
    await setWasteSettings(context.table, id, settings);
    await audit(context, request, {
      action: "SET_WASTE_SETTINGS",
      resource: `account ${id}`,
      detail,
    });
    return request.json(settingsJson(settings), 200);
  });
};

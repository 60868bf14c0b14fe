/** A state table that was restored to an earlier point in time. */
import { createRoute } from "@hono/zod-openapi";
import { audit } from "../audit-trail.ts";
import { actorOf } from "../caller.ts";
import type { ApiApp, ApiContext } from "../context.ts";
import { noteReconciled, reconcile } from "../reconciliation.ts";
import { declareRestore } from "../restore.ts";
import { json, jsonBody, problems } from "../schemas/common.ts";
import {
  declareRestoreSchema,
  reconciledRestoreSchema,
  reconciliationJson,
  reconciliationSchema,
  restoreJson,
  restoreSchema,
} from "../schemas/restore.ts";

const tags = ["operations"];

const declareRoute = createRoute({
  method: "put",
  path: "/restore",
  tags,
  operationId: "declareRestore",
  summary: "Say that the state table was restored to an earlier point",
  description:
    "Throws the global kill switch first, which can't be lifted before PUT /restore/reconciled. Raises the epoch of all fences, takes the leases of what was open, makes approvals void, counts absences anew, and has all places read for what carries our tags. For a day an Idempotency-Key must begin with `restore_id`.",
  request: { body: jsonBody(declareRestoreSchema) },
  responses: {
    200: json("The restore as it is noted.", restoreSchema),
    ...problems(400, 413, 415, 422),
  },
});

const readRoute = createRoute({
  method: "get",
  path: "/restore",
  tags,
  operationId: "reconcileRestore",
  summary: "Compare a restored state table with the world",
  request: {},
  responses: { 200: json("What was found.", reconciliationSchema), ...problems(404) },
});

const reconciledRoute = createRoute({
  method: "put",
  path: "/restore/reconciled",
  tags,
  operationId: "noteReconciled",
  summary: "Say that what was found was looked at, so that the kill switch may be lifted",
  description:
    "409 while the table lacks settings, an evaluation is open in it, another instance runs for a target than the table has, a place was not read since, or something else was found by now.",
  request: { body: jsonBody(reconciledRestoreSchema) },
  responses: {
    200: json("The restore as it is noted.", restoreSchema),
    ...problems(400, 404, 409, 413, 415, 422),
  },
});

export const addRestoreRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(declareRoute, async (request) => {
    const { reason } = request.req.valid("json");
    const restore = await declareRestore(context, { by: actorOf(context, request), reason });
    const { restoreId, epoch } = restore;
    const resource = "the state table";
    const detail = { restoreId, epoch, reason };
    await audit(context, request, { action: "DECLARE_RESTORE", resource, detail });
    return request.json(restoreJson(restore), 200);
  });
  app.openapi(readRoute, async (request) =>
    request.json(reconciliationJson(await reconcile(context)), 200),
  );
  app.openapi(reconciledRoute, async (request) => {
    const body = request.req.valid("json");
    const restore = await noteReconciled(context, { ...body, by: actorOf(context, request) });
    const resource = "the state table";
    await audit(context, request, { action: "RECONCILE_RESTORE", resource, detail: body });
    return request.json(restoreJson(restore), 200);
  });
};

/** Register and manage targets. */
import { registrationNotices } from "../registration-notices.ts";
import { createRoute } from "@hono/zod-openapi";
import { getAbsence } from "../../../adapters/store/absences.ts";
import { notePolicySetter } from "../../../adapters/store/approval-settings.ts";
import { listTargets } from "../../../adapters/store/targets.ts";
import { targetIdSchema, type TargetId } from "../../../core/model/ids.ts";
import { answerOnce } from "../answer-once.ts";
import { audit } from "../audit-trail.ts";
import { callerOf } from "../caller.ts";
import type { ApiApp, ApiContext, ApiRequest } from "../context.ts";
import { lastVerdictOf } from "../last-verdict.ts";
import { locationOf } from "../public-path.ts";
import { absenceJson } from "../schemas/absence.ts";
import { idempotencyHeaders, json, jsonBody, problems, targetParams } from "../schemas/common.ts";
import {
  createTargetSchema,
  deleteTargetQuery,
  patchTargetSchema,
  targetJson,
  targetListQuery,
  targetPageSchema,
  targetSchema,
  type PatchTargetJson,
} from "../schemas/targets.ts";
import {
  newTargetId,
  patchTarget,
  registerTarget,
  requireTarget,
  unregisterTarget,
} from "../target-registration.ts";

const tags = ["targets"];

const instanceIsChecked =
  "`instance_id` is looked up in EC2: one that EC2 does not show, that has ended, or that is of another type or in another zone, is 422. (Of a LINEAR target only where the account's role lets us look: it need not be verified yet.) ";

const memberIsChecked =
  "When a target becomes one of CLUSTER or KUBERNETES, or its group, node group or nodes change, `instance_id` is looked up once in EC2: its tags must name the group that is asked for (KUBERNETES: the cluster and the node group). The account must be ACTIVE for that, else 409; an instance that EC2 does not show, that has ended, or that is in another group is 422.";

const createTargetRoute = createRoute({
  method: "post",
  path: "/lab/instances",
  tags,
  operationId: "createTarget",
  summary: "Register an instance to optimise",
  description: `Shadow mode is on unless the body says otherwise. ${instanceIsChecked}${memberIsChecked}`,
  request: { headers: idempotencyHeaders, body: jsonBody(createTargetSchema) },
  responses: {
    201: json("The target.", targetSchema),
    ...problems(400, 409, 413, 415, 422, 502),
  },
});

const listTargetsRoute = createRoute({
  method: "get",
  path: "/lab/instances",
  tags,
  operationId: "listTargets",
  summary: "List the targets",
  request: { query: targetListQuery },
  responses: { 200: json("A page of targets.", targetPageSchema), ...problems(400) },
});

const getTargetRoute = createRoute({
  method: "get",
  path: "/lab/instances/{id}",
  tags,
  operationId: "getTarget",
  summary: "Show a target",
  request: { params: targetParams },
  responses: { 200: json("The target.", targetSchema), ...problems(400, 404) },
});

const patchTargetRoute = createRoute({
  method: "patch",
  path: "/lab/instances/{id}",
  tags,
  operationId: "patchTarget",
  summary: "Change a target",
  description: `A running evaluation goes on with what it was started with. The mode, the group and the node group can be changed only while none is open. A new \`instance_type\` must be the one that EC2 shows. ${memberIsChecked}`,
  request: { params: targetParams, body: jsonBody(patchTargetSchema) },
  responses: {
    200: json("The target as changed.", targetSchema),
    ...problems(400, 404, 409, 413, 415, 422, 502),
  },
});

const deleteTargetRoute = createRoute({
  method: "delete",
  path: "/lab/instances/{id}",
  tags,
  operationId: "deleteTarget",
  summary: "Forget a target that no evaluation works on",
  description:
    "Of an instance that a switch brought to Spot the owner's deletion flags are returned first (`owners_deletion_flags` of the target). The account must be ACTIVE and the kill switch off for that, else 409; with `deletion_flags=leave` they stay as they are.",
  request: { params: targetParams, query: deleteTargetQuery },
  responses: { 204: { description: "It is forgotten." }, ...problems(400, 404, 409, 502) },
});

/** Of whoever has set the policy by which something is asked for, somebody else must agree. */
const noteSetter = async (
  context: ApiContext,
  request: ApiRequest,
  targetId: TargetId,
): Promise<void> => {
  const { caller } = callerOf(context, request);
  await notePolicySetter(context.table, targetId, { by: caller, at: context.now().toISOString() });
};

/** Shadow mode alone lets nothing happen that did not before. */
const setsPolicy = ({
  pipeline_mode: mode,
  policy_overrides: overrides,
  is_shadow_mode: isShadowMode,
}: PatchTargetJson): boolean =>
  mode !== undefined || overrides !== undefined || isShadowMode === false;

const addReadRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(listTargetsRoute, async (request) => {
    const { account_id: accountId, ...paging } = request.req.valid("query");
    const page = await listTargets(context.table, {
      ...paging,
      ...(accountId === undefined ? {} : { accountId }),
    });
    return request.json({ ...page, items: page.items.map(targetJson) }, 200);
  });
  app.openapi(getTargetRoute, async (request) => {
    const target = await requireTarget(context, request.req.valid("param").id);
    const absence = await getAbsence(context.table, target, target.targetId);
    const verdict = await lastVerdictOf(context, target);
    const shown = {
      ...(absence !== undefined && { absence: absenceJson(absence) }),
      ...(verdict !== undefined && { last_verdict: verdict }),
    };
    return request.json({ ...targetJson(target), ...shown }, 200);
  });
};

export const addTargetRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(createTargetRoute, async (request) => {
    const body = request.req.valid("json");
    const created = await answerOnce(context, request, {
      schema: targetSchema,
      status: 201,
      body,
      newReference: () => newTargetId(context),
      act: async (targetId) => {
        await noteSetter(context, request, targetIdSchema.parse(targetId));
        const target = await registerTarget(context, body, targetId);
        await audit(context, request, {
          action: "CREATE_TARGET",
          resource: `target ${targetId}`,
          detail: body,
        });
        const notices = await registrationNotices(context, target);
        return {
          ...targetJson(target),
          ...(notices.length === 0 ? {} : { notices: [...notices] }),
        };
      },
    });
    request.header("location", locationOf(request, `/lab/instances/${created.target_id}`));
    return request.json(created, 201);
  });
  addReadRoutes(app, context);
  app.openapi(patchTargetRoute, async (request) => {
    const patch = request.req.valid("json");
    const { targetId } = await requireTarget(context, request.req.valid("param").id);
    // Before it applies: who dies in between has at most been named for nothing.
    if (setsPolicy(patch)) await noteSetter(context, request, targetId);
    const changed = await patchTarget(context, targetId, patch);
    await audit(context, request, {
      action: "UPDATE_TARGET",
      resource: `target ${changed.targetId}`,
      detail: patch,
    });
    return request.json(targetJson(changed), 200);
  });
  app.openapi(deleteTargetRoute, async (request) => {
    const target = await requireTarget(context, request.req.valid("param").id);
    const { deletion_flags: deletionFlags } = request.req.valid("query");
    const returned = await unregisterTarget(context, target, deletionFlags);
    await audit(context, request, {
      action: "DELETE_TARGET",
      resource: `target ${target.targetId}`,
      detail: { instanceId: target.instanceId, deletionFlags, returned },
    });
    return request.body(null, 204);
  });
};

/** What waits for a person, and what persons decide about it. */
import { createRoute } from "@hono/zod-openapi";
import { voidApprovals } from "../../../adapters/store/approval-settings.ts";
import { answerOnce } from "../answer-once.ts";
import {
  approveNow,
  breakGlassNow,
  pageOfApprovals,
  rejectNow,
  showApproval,
} from "../approvals.ts";
import { audit } from "../audit-trail.ts";
import type { ApiApp, ApiContext } from "../context.ts";
import {
  approvalListQuery,
  approvalPageSchema,
  approvalParams,
  approvalSchema,
  approveSchema,
  breakGlassSchema,
  rejectSchema,
  voidApprovalsSchema,
  voidedSchema,
  votedSchema,
} from "../schemas/approvals.ts";
import { idempotencyHeaders, json, jsonBody, problems } from "../schemas/common.ts";

const tags = ["approvals"];

const listRoute = createRoute({
  method: "get",
  path: "/approvals",
  tags,
  operationId: "listApprovals",
  summary: "List what persons were asked to agree to, newest first",
  description: "A page may be shorter than its limit and still have a cursor.",
  request: { query: approvalListQuery },
  responses: { 200: json("A page of approvals.", approvalPageSchema), ...problems(400) },
});

const getRoute = createRoute({
  method: "get",
  path: "/approvals/{id}",
  tags,
  operationId: "getApproval",
  summary: "Show an approval",
  request: { params: approvalParams },
  responses: { 200: json("The approval.", approvalSchema), ...problems(400, 404) },
});

const approveRoute = createRoute({
  method: "post",
  path: "/approvals/{id}/approve",
  tags,
  operationId: "approve",
  summary: "Agree to what is asked, within its bounds",
  description:
    "The caller must be among the approvers of the account (403 `not-an-approver`), and not who has asked (403 `own-request`). Once as many persons as it needs have agreed, an evaluation is started that judges again, and goes on within the bounds alone. 409: `approved-before` by the same person, `approval-settled`, `approval-expired`, `bounds-changed` since it was read, `approval-void` since the table was restored, `kill-switch-engaged`. Of one who comes by a role its trust policy is read: where IAM refuses that (502 `refused-by-aws`) or does not answer (503 `try-again`), he has not agreed.",
  request: { params: approvalParams, headers: idempotencyHeaders, body: jsonBody(approveSchema) },
  responses: {
    200: json("It is noted.", votedSchema),
    ...problems(400, 404, 409, 413, 415, 422, 502),
  },
});

const breakGlassRoute = createRoute({
  method: "post",
  path: "/approvals/{id}/break-glass",
  tags,
  operationId: "breakGlass",
  summary: "Bring a load back to On-Demand without its approvers, in an emergency",
  description:
    "The caller must be listed in the account's `break_glass` (403 `not-an-approver`); who has asked for it may. 409 `not-restoring`: it is not a way back; what is launched on Spot, deleted, stopped or terminated waits for its approvers. It is told in the log and the audit, and listed by `is_glass_broken=true`.",
  request: {
    params: approvalParams,
    headers: idempotencyHeaders,
    body: jsonBody(breakGlassSchema),
  },
  responses: {
    200: json("It has begun.", votedSchema),
    ...problems(400, 404, 409, 413, 415, 422, 502),
  },
});

const rejectRoute = createRoute({
  method: "post",
  path: "/approvals/{id}/reject",
  tags,
  operationId: "reject",
  summary: "Reject what is asked",
  description:
    "One rejection ends it, also once it was approved, as long as nothing has begun with it. The same move of the same subject is not asked for again for `rejection_days`, until the subject is launched anew or would go to other pools.",
  request: { params: approvalParams, headers: idempotencyHeaders, body: jsonBody(rejectSchema) },
  responses: {
    200: json("It is rejected.", approvalSchema),
    ...problems(400, 404, 409, 413, 415, 422),
  },
});

const voidRoute = createRoute({
  method: "post",
  path: "/approvals/void",
  tags,
  operationId: "voidApprovals",
  summary: "Make all approvals void that were asked for until now",
  description:
    "For a state table that was restored under its own name: what was used up since would stand there as agreed to. In a table of another name they are void by themselves. Rejections hold on.",
  request: { headers: idempotencyHeaders, body: jsonBody(voidApprovalsSchema) },
  responses: {
    200: json("They are void.", voidedSchema),
    ...problems(400, 409, 413, 415, 422),
  },
});

const addReadRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(listRoute, async (request) => {
    const query = request.req.valid("query");
    const { account_id: accountId, target_id: targetId, is_glass_broken, ...filter } = query;
    const page = await pageOfApprovals(context, {
      ...filter,
      ...(accountId !== undefined && { accountId }),
      ...(targetId !== undefined && { targetId }),
      ...(is_glass_broken !== undefined && { isGlassBroken: is_glass_broken }),
    });
    return request.json(page, 200);
  });
  app.openapi(getRoute, async (request) =>
    request.json(await showApproval(context, request.req.valid("param").id), 200),
  );
};

const addVoidRoute = (app: ApiApp, context: ApiContext): void => {
  app.openapi(voidRoute, async (request) => {
    const body = request.req.valid("json");
    const voided = await answerOnce(context, request, {
      schema: voidedSchema,
      status: 200,
      body,
      newReference: () => context.now().toISOString(),
      act: async (until) => {
        await voidApprovals(context.table, until);
        await audit(context, request, {
          action: "VOID_APPROVALS",
          resource: "all approvals",
          detail: { ...body, until },
        });
        return { until };
      },
    });
    return request.json(voided, 200);
  });
};

const addBreakGlassRoute = (app: ApiApp, context: ApiContext): void => {
  app.openapi(breakGlassRoute, async (request) => {
    const { id } = request.req.valid("param");
    const body = request.req.valid("json");
    const { bounds_hash: boundsHash, reason } = body;
    const broken = await answerOnce(context, request, {
      schema: votedSchema,
      status: 200,
      body,
      newReference: () => context.now().toISOString(),
      act: async (at) => {
        const answer = await breakGlassNow(context, request, { id, at, boundsHash, reason });
        const { approval: _shown, ...rest } = answer;
        await audit(context, request, {
          action: "BREAK_GLASS",
          resource: `approval ${id}`,
          detail: { ...body, ...rest },
        });
        return answer;
      },
    });
    return request.json(broken, 200);
  });
};

export const addApprovalRoutes = (app: ApiApp, context: ApiContext): void => {
  addReadRoutes(app, context);
  addVoidRoute(app, context);
  addBreakGlassRoute(app, context);
  app.openapi(approveRoute, async (request) => {
    const { id } = request.req.valid("param");
    const body = request.req.valid("json");
    const { bounds_hash: boundsHash, ...words } = body;
    const voted = await answerOnce(context, request, {
      schema: votedSchema,
      status: 200,
      body,
      newReference: () => context.now().toISOString(),
      act: async (at) => {
        const answer = await approveNow(context, request, { id, at, boundsHash, ...words });
        const { approval: _shown, ...rest } = answer;
        await audit(context, request, {
          action: "APPROVE",
          resource: `approval ${id}`,
          detail: { ...body, ...rest },
        });
        return answer;
      },
    });
    return request.json(voted, 200);
  });
  app.openapi(rejectRoute, async (request) => {
    const { id } = request.req.valid("param");
    const body = request.req.valid("json");
    const rejected = await answerOnce(context, request, {
      schema: approvalSchema,
      status: 200,
      body,
      newReference: () => context.now().toISOString(),
      act: async (at) => {
        const answer = await rejectNow(context, request, { id, at, ...body });
        await audit(context, request, {
          action: "REJECT",
          resource: `approval ${id}`,
          detail: { ...body, boundsHash: answer.bounds_hash },
        });
        return answer;
      },
    });
    return request.json(rejected, 200);
  });
};

/** Disconnects an account: told first, by a dry run, and carried out only as it was told. */
import { createRoute } from "@hono/zod-openapi";
import { disconnect } from "../../evaluation/disconnect-account.ts";
import { audit } from "../audit-trail.ts";
import { actorOf } from "../caller.ts";
import type { ApiApp, ApiContext, ApiRequest } from "../context.ts";
import {
  beginOffBoarding,
  isNothingLeft,
  tellOffBoarding,
  type OffBoardingTold,
} from "../off-boarding.ts";
import { ApiProblem } from "../problem.ts";
import { locationOf } from "../public-path.ts";
import { accountParams, json, problems } from "../schemas/common.ts";
import {
  offBoardingJson,
  offBoardingPlanJson,
  offBoardingPlanSchema,
  offBoardingQuery,
  offBoardingSchema,
} from "../schemas/off-boarding.ts";
import { requireAccount } from "./accounts.ts";

const deleteAccountRoute = createRoute({
  method: "delete",
  path: "/accounts/{id}",
  tags: ["accounts"],
  operationId: "deleteAccount",
  summary: "Disconnect an account",
  description:
    "`dry_run=true` lists what stays and loses our tags, what is restored, what is deleted, and what its owner decides (kept, unless `end` names it). With the hash of that as `plan` it is carried out, every five minutes a part, as soon as nothing stands in the way; `off_boarding` of the account says what it waits for. What serves is never ended. 409: an evaluation runs or has left something open, `plan` is missing, or `bounds-changed` since the dry run. An account of which nothing is left goes at once, without `plan`.",
  request: { params: accountParams, query: offBoardingQuery },
  responses: {
    200: json("What would be done (`dry_run=true`).", offBoardingPlanSchema),
    202: json("It is being carried out.", offBoardingSchema),
    204: { description: "It is disconnected." },
    ...problems(400, 404, 409, 502),
  },
});

/** Throws the problem 409. */
const requireAgreed = (told: OffBoardingTold, plan: string | undefined): void => {
  if (plan === told.hash) return;
  if (plan === undefined) {
    throw new ApiProblem(
      "conflict",
      "An account is disconnected by its plan: ask with dry_run=true, and pass its hash as plan.",
    );
  }
  throw new ApiProblem("bounds-changed", `The plan is ${told.hash} by now: read it again.`);
};

const auditIt = (
  context: ApiContext,
  request: ApiRequest,
  change: { readonly action: string; readonly id: string; readonly detail: unknown },
): Promise<void> =>
  audit(context, request, {
    action: change.action,
    resource: `account ${change.id}`,
    detail: change.detail,
  });

export const addOffBoardingRoute = (app: ApiApp, context: ApiContext): void => {
  app.openapi(deleteAccountRoute, async (request) => {
    const { id } = request.req.valid("param");
    const { dry_run: dryRun, plan, end: named } = request.req.valid("query");
    const end = [...new Set((named ?? "").split(",").filter((each) => each !== ""))].sort();
    const account = await requireAccount(context, id);
    const told = await tellOffBoarding(context, account, end);
    if (dryRun === "true") return request.json(offBoardingPlanJson(account, told), 200);
    if (isNothingLeft(account, told)) {
      await disconnect(context, account);
      await auditIt(context, request, { action: "DELETE_ACCOUNT", id, detail: {} });
      return request.body(null, 204);
    }
    requireAgreed(told, plan);
    const by = actorOf(context, request);
    const offBoarding = await beginOffBoarding(context, account, { told, end, by });
    const detail = { plan: told.hash, end };
    await auditIt(context, request, { action: "OFF_BOARD_ACCOUNT", id, detail });
    request.header("location", locationOf(request, `/accounts/${id}`));
    return request.json(offBoardingJson(offBoarding), 202);
  });
};

/** The control API with all its routes, in the order of the document, and the document itself. */
import type * as z from "zod";
import type { ApiApp, ApiContext } from "./context.ts";
import { createApp, type AddRoutes } from "./create-app.ts";
import { addOpenApiDocument } from "./openapi-document.ts";
import { emptyBodySchema } from "./request-body.ts";
import { addAccountApprovalRoutes } from "./routes/account-approvals.ts";
import { addAccountClusterRoutes } from "./routes/account-clusters.ts";
import { addAccountEnforcerRoutes } from "./routes/account-enforcer.ts";
import { addAccountNoticeRoutes } from "./routes/account-notices.ts";
import { addAccountRoleRoutes } from "./routes/account-role.ts";
import { addOffBoardingRoute } from "./routes/account-off-boarding.ts";
import { addAccountWasteRoutes } from "./routes/account-waste.ts";
import { addAccountRoutes } from "./routes/accounts.ts";
import { addApprovalRoutes } from "./routes/approvals.ts";
import { addBulkRegistrationRoute } from "./routes/bulk-registration.ts";
import { addDryRunRoute } from "./routes/dry-run.ts";
import { addEvaluateRoute } from "./routes/evaluate.ts";
import { addEvaluationRoutes } from "./routes/evaluations.ts";
import { addFleetRoute } from "./routes/fleet.ts";
import { addGovernanceRoutes } from "./routes/governance.ts";
import { addJudgedRunRoutes } from "./routes/judged-runs.ts";
import { addTargetRoutes } from "./routes/lab-instances.ts";
import { addModelRoutes } from "./routes/models.ts";
import { addNoticeRoutes } from "./routes/notices.ts";
import { addOperationRoutes } from "./routes/operations.ts";
import { addPreflightRoutes } from "./routes/preflight.ts";
import { addResolutionRoutes } from "./routes/resolutions.ts";
import { addRestoreRoutes } from "./routes/restore.ts";
import { addRiskPoolRoutes } from "./routes/risk-pools.ts";
import { addSavingsHoursRoutes } from "./routes/savings-hours.ts";
import { addSavingsRoutes } from "./routes/savings.ts";
import { addSwitchingRoutes } from "./routes/switching.ts";
import { addTargetModelRoute } from "./routes/target-model.ts";
import { addUnclaimedRoutes } from "./routes/unclaimed.ts";
import { addWasteRoutes } from "./routes/waste.ts";
import { replayRequestSchema } from "./schemas/evaluations.ts";
import { evaluateSchema } from "./schemas/targets.ts";

/** Of a body that its route reads by itself: the document alone names it, and to note it takes a copy of the schema. */
const documentBody =
  (name: string, schema: z.ZodType): AddRoutes =>
  (app) => {
    app.openAPIRegistry.register(name, schema);
  };

export const createApi = (context: ApiContext): ApiApp => {
  const app = createApp(context, [
    addAccountRoutes,
    documentBody("EmptyBody", emptyBodySchema),
    addAccountRoleRoutes,
    addAccountClusterRoutes,
    addSwitchingRoutes,
    addAccountApprovalRoutes,
    addAccountEnforcerRoutes,
    addAccountWasteRoutes,
    addAccountNoticeRoutes,
    addOffBoardingRoute,
    addFleetRoute,
    addTargetRoutes,
    addBulkRegistrationRoute,
    addTargetModelRoute,
    addPreflightRoutes,
    addModelRoutes,
    addRestoreRoutes,
    addRiskPoolRoutes,
    documentBody("EvaluateTarget", evaluateSchema),
    addEvaluateRoute,
    addJudgedRunRoutes,
    documentBody("ReplayRequest", replayRequestSchema),
    addEvaluationRoutes,
    addResolutionRoutes,
    addApprovalRoutes,
    addSavingsRoutes,
    addSavingsHoursRoutes,
    addWasteRoutes,
    addUnclaimedRoutes,
    addGovernanceRoutes,
    addNoticeRoutes,
    addOperationRoutes,
    addDryRunRoute(createApi),
  ]);
  addOpenApiDocument(app, context);
  return app;
};

/** The control API: one Hono app for API Gateway and for Node. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { actorOf } from "./caller.ts";
import { apiBasePath, type ApiApp, type ApiContext, type ApiHonoEnvironment } from "./context.ts";
import { addOpenApiDocument } from "./openapi-document.ts";
import { ApiProblem, faultsOf, invalid, problemOf, problemResponse } from "./problem.ts";
import { speakPlainly } from "./plain-words.ts";
import { requestedPath } from "./public-path.ts";
import { largestBodyBytes } from "./request-body.ts";
import { addAccountRoleRoutes } from "./routes/account-role.ts";
import { addAccountRoutes } from "./routes/accounts.ts";
import { addEvaluateRoute } from "./routes/evaluate.ts";
import { addEvaluationRoutes } from "./routes/evaluations.ts";
import { addTargetRoutes } from "./routes/lab-instances.ts";
import { addModelRoutes } from "./routes/models.ts";
import { addOperationRoutes } from "./routes/operations.ts";
import { addResolutionRoutes } from "./routes/resolutions.ts";
import { addSwitchingRoutes } from "./routes/switching.ts";
import { addTargetModelRoute } from "./routes/target-model.ts";
import { addUnclaimedRoutes } from "./routes/unclaimed.ts";
import { largestModelBytes } from "./schemas/models.ts";
import { requireStorable } from "./storable.ts";
import { unmatchedProblem } from "./unmatched.ts";

/** Failed validations become problems that name each field. */
const newApp = (): ApiApp =>
  new OpenAPIHono<ApiHonoEnvironment>({
    defaultHook: (result) => {
      if (result.success) return;
      throw invalid(result.target === "json" ? "body" : "parameter", faultsOf(result.error));
    },
  });

/** What the framework itself refuses, before a route sees it. */
const problemOfFramework = (error: HTTPException): ApiProblem =>
  error.status === 415
    ? new ApiProblem("unsupported-media-type", "The body must be application/json.")
    : new ApiProblem("malformed-json", `The body is not JSON: ${error.message}.`);

const limitedTo = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new ApiProblem("body-too-large", `The body has more than ${String(maxSize)} bytes.`);
    },
  });

const limitBody = limitedTo(largestBodyBytes);
const limitModelFile = limitedTo(largestModelBytes);
const modelsPath = `${apiBasePath}/models`;

const answerErrors = (app: ApiApp, context: ApiContext): void => {
  app.onError((error, request) => {
    const problem = error instanceof HTTPException ? problemOfFramework(error) : problemOf(error);
    if (problem.status >= 500) {
      context.log.error(`${request.req.method} ${request.req.path} failed: ${error.message}`, {
        error: error.name,
        status: problem.status,
      });
    }
    return problemResponse(problem, requestedPath(request));
  });
};

export const createApi = (context: ApiContext): ApiApp => {
  speakPlainly();
  const api = newApp();
  addAccountRoutes(api, context);
  addAccountRoleRoutes(api, context);
  addSwitchingRoutes(api, context);
  addTargetRoutes(api, context);
  addTargetModelRoute(api, context);
  addModelRoutes(api, context);
  addEvaluateRoute(api, context);
  addEvaluationRoutes(api, context);
  addResolutionRoutes(api, context);
  addUnclaimedRoutes(api, context);
  addOperationRoutes(api, context);
  const app = newApp();
  app.use(async (request, next) => {
    // Before anything is done or shown: the role template holds an ExternalId.
    actorOf(context, request);
    await next();
  });
  app.use((request, next) =>
    request.req.path === modelsPath ? limitModelFile(request, next) : limitBody(request, next),
  );
  app.use(async (request, next) => {
    await requireStorable(request);
    await next();
  });
  app.route(apiBasePath, api);
  addOpenApiDocument(app, context);
  answerErrors(app, context);
  app.notFound((request) =>
    problemResponse(unmatchedProblem(app, request), requestedPath(request)),
  );
  return app;
};

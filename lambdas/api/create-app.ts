/** The control API, or a noun of it, as a Hono app for API Gateway and for Node: what is asked of every request before a route sees it. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { LinearRouter } from "hono/router/linear-router";
import { actorOf } from "./caller.ts";
import { apiBasePath, type ApiApp, type ApiContext, type ApiHonoEnvironment } from "./context.ts";
import { ApiProblem, faultsOf, invalid, problemOf, problemResponse } from "./problem.ts";
import { speakPlainly } from "./plain-words.ts";
import { requestedPath } from "./public-path.ts";
import { largestBodyBytes, largestModelBytes } from "./request-body.ts";
import { requireStorable } from "./storable.ts";
import { answerUnchanged } from "./unchanged.ts";
import { unmatchedProblem } from "./unmatched.ts";

/**
 * Failed validations become problems that name each field. The routes are tried one by one: what the other routers build before the first
 * answer takes longer than all that one invocation is asked.
 */
const newApp = (): ApiApp =>
  new OpenAPIHono<ApiHonoEnvironment>({
    router: new LinearRouter(),
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

/** Adds the routes of one file. */
export type AddRoutes = (app: ApiApp, context: ApiContext) => void;

export const createApp = (context: ApiContext, routes: readonly AddRoutes[]): ApiApp => {
  speakPlainly();
  const api = newApp();
  for (const addRoutes of routes) addRoutes(api, context);
  const app = newApp();
  app.use(answerUnchanged);
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
  answerErrors(app, context);
  app.notFound((request) =>
    problemResponse(unmatchedProblem(app, request), requestedPath(request)),
  );
  return app;
};

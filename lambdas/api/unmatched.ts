/** Requests that no route takes: an unknown path is 404, a known one with another method 405. */
import type { ApiApp, ApiRequest } from "./context.ts";
import { ApiProblem } from "./problem.ts";

const matches = (pattern: string, path: string): boolean => {
  const wanted = pattern.split("/");
  const given = path.split("/");
  return (
    wanted.length === given.length &&
    wanted.every((part, index) =>
      part.startsWith(":") ? given[index] !== "" : part === given[index],
    )
  );
};

export const unmatchedProblem = (app: ApiApp, request: ApiRequest): ApiProblem => {
  const { path, method } = request.req;
  const methods = app.routes
    .filter((route) => route.method !== "ALL" && matches(route.path, path))
    .map((route) => route.method);
  const allowed = [...new Set(methods)].sort();
  return allowed.length === 0
    ? new ApiProblem("not-found", `There is no ${path}. GET /api/v1/openapi.json lists the calls.`)
    : new ApiProblem("method-not-allowed", `${path} takes ${allowed.join(", ")}, not ${method}.`, {
        headers: { allow: allowed.join(", ") },
      });
};

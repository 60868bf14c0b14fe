/** Holds each answer of a test against the OpenAPI document: what is not documented is not answered. */
import type { ApiApp } from "../../../lambdas/api/context.ts";

interface DocumentedRoute {
  readonly method: string;
  readonly pattern: RegExp;
  readonly statuses: ReadonlySet<string>;
}

interface RegisteredRoute {
  readonly method: string;
  readonly path: string;
  readonly responses: object;
}

let known: readonly DocumentedRoute[] | undefined;

/** The same for every app: read once. */
const routesOf = (app: ApiApp): readonly DocumentedRoute[] => {
  known ??= app.openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== "route") return [];
    const { method, path, responses } = definition.route as unknown as RegisteredRoute;
    const begin = path.startsWith("/api/v1") ? path : `/api/v1${path}`;
    return {
      method: method.toUpperCase(),
      pattern: new RegExp(`^${begin.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
      // Of every GET the document says so itself, see conditional-reads.ts.
      statuses: new Set([...Object.keys(responses), ...(method === "get" ? ["304"] : [])]),
    };
  });
  return known;
};

/** @throws Error for a status that the document does not have for this call */
export const requireDocumented = (
  app: ApiApp,
  answer: { readonly method: string; readonly path: string; readonly status: number },
): void => {
  const [path = ""] = `/api/v1${answer.path}`.split("?");
  const route = routesOf(app).find(
    ({ method, pattern }) => method === answer.method && pattern.test(path),
  );
  if (route === undefined || route.statuses.has(String(answer.status))) return;
  throw new Error(
    `${answer.method} ${path} answered ${String(answer.status)}, which the OpenAPI document does not have.`,
  );
};

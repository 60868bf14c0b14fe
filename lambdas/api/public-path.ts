/** Paths as the client knows them: in front of the API's own path may stand a stage (`/live`) or the base path of a domain. */
import { apiBasePath, type ApiRequest } from "./context.ts";

/** What stands in front; empty on Node. */
export const publicPrefix = (request: ApiRequest): string => {
  const environment = request.env as Partial<ApiRequest["env"]> | undefined;
  const path = environment?.event?.requestContext?.path;
  const begin = path?.indexOf(apiBasePath) ?? -1;
  return path === undefined || begin < 0 ? "" : path.slice(0, begin);
};

/** Of the request itself. */
export const requestedPath = (request: ApiRequest): string =>
  `${publicPrefix(request)}${request.req.path}`;

/** For the header Location: `/evaluations/evl-…` and the like, behind the API's base path. */
export const locationOf = (request: ApiRequest, path: string): string =>
  `${publicPrefix(request)}${apiBasePath}${path}`;

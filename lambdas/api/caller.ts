/** Who calls: the IAM principal that API Gateway authenticated, or the person at this machine. */
import { ApiProblem } from "./problem.ts";
import type { ApiContext, ApiRequest } from "./context.ts";

/** As the audit names it. Throws a problem when deployed and API Gateway names nobody: IAM auth is then off. */
export const actorOf = (context: ApiContext, request: ApiRequest): string => {
  const userArn = (request.env as Partial<ApiRequest["env"]> | undefined)?.event?.requestContext
    ?.identity?.userArn;
  if (typeof userArn === "string" && userArn !== "") return userArn;
  if (context.emulated) return "local";
  throw new ApiProblem(
    "caller-unknown",
    "API Gateway named no IAM caller. Sign the request with SigV4, and see that the API's authorization is AWS_IAM.",
  );
};

/** The role behind a session: `…:assumed-role/Role/session` without the session, which changes from call to call. */
export const principalOf = (actor: string): string =>
  actor.includes(":assumed-role/") ? actor.slice(0, actor.lastIndexOf("/")) : actor;

/** Who calls: the IAM principal that API Gateway authenticated, or on a laptop whoever a header names, which nobody checks. */
import {
  atThisMachine,
  identify,
  identifyByTrust,
  roleNameIn,
  type Identified,
  type Identity,
} from "../../core/approval/caller.ts";
import type { OwnRole } from "../../core/approval/role-trust.ts";
import type { Caller } from "../../core/model/approval.ts";
import type { ApprovalSettings } from "../../core/model/approval-settings.ts";
import { functionNames } from "../access/functions.ts";
import { functionRoleName } from "../access/role-path.ts";
import { ApiProblem, invalid, problemOf } from "./problem.ts";
import type { ApiContext, ApiRequest } from "./context.ts";

/** Names a person on a laptop, unauthenticated. Where API Gateway names the caller it is refused. */
const identityHeader = "spot-optimizer-identity";

type Gateway = NonNullable<NonNullable<ApiRequest["env"]["event"]>["requestContext"]>["identity"];

const gatewayIdentity = (request: ApiRequest): Gateway =>
  (request.env as Partial<ApiRequest["env"]> | undefined)?.event?.requestContext?.identity;

const present = (text: string | null | undefined): text is string =>
  typeof text === "string" && text !== "";

const iamIdentity = (identity: NonNullable<Gateway>, userArn: string): Identity => {
  const { accountId, caller, cognitoIdentityId } = identity;
  return {
    kind: "IAM",
    userArn,
    ...(present(accountId) && { accountId }),
    ...(present(caller) && { caller }),
    ...(present(cognitoIdentityId) && { cognitoIdentityId }),
  };
};

const refuseHeader = (message: string): ApiProblem =>
  invalid("parameter", [{ field: identityHeader, message }]);

/**
 * Throws a problem when deployed and API Gateway names nobody: IAM auth is then off; and where a header names somebody beside
 * whom API Gateway names.
 */
const identityOf = (context: ApiContext, request: ApiRequest): Identity => {
  const gateway = gatewayIdentity(request);
  const header = request.req.header(identityHeader);
  if (gateway !== undefined && present(gateway.userArn)) {
    if (header === undefined) return iamIdentity(gateway, gateway.userArn);
    throw refuseHeader("is for a laptop: here the signature says who calls");
  }
  if (!context.emulated) {
    throw new ApiProblem(
      "caller-unknown",
      "API Gateway named no IAM caller. Sign the request with SigV4, and see that the API's authorization is AWS_IAM.",
    );
  }
  if (header !== undefined && !/^[\w.@-]{1,64}$/.test(header)) {
    throw refuseHeader("must be a name of 1 to 64 letters, digits, dots, dashes, underscores or @");
  }
  return { kind: "LOCAL", ...(header !== undefined && { name: header }) };
};

/** Roles of our own functions (lambdas/access/role-path.ts): what they ask for is not a person's word, whoever lists them. */
const ownRole = new RegExp(
  `:assumed-role/${functionRoleName("[a-z][a-z0-9-]*", "api").replace(/api$/, `(?:${functionNames.join("|")})`)}/`,
);

const isOwn = (identity: Identity): boolean =>
  identity.kind === "IAM" && ownRole.test(identity.userArn);

/** As a person, for what a person asks for or agrees to. Throws what `identityOf` throws. */
export const callerOf = (
  context: ApiContext,
  request: ApiRequest,
  approvers: ApprovalSettings["approvers"] = [],
): Identified => {
  const identity = identityOf(context, request);
  return identify(identity, isOwn(identity) ? [] : approvers, context.ownAccountId);
};

/** Throws the problem of what IAM answered, or did not: who is not known to be a person has not agreed. */
const readRole = async (context: ApiContext, roleName: string): Promise<OwnRole | undefined> => {
  try {
    return await context.roleNamed(roleName);
  } catch (error) {
    const { kind, message, parts } = problemOf(error);
    throw new ApiProblem(
      kind,
      `It is not counted: whom role ${roleName} lets in was not read. ${message}`,
      parts,
    );
  }
};

/**
 * As who agrees. Of one who is listed by his role its trust policy is read, each time anew: who comes by it may be another since. Users,
 * permission sets and Cognito identities wait for nobody. Throws what `callerOf` throws, and problems of IAM's.
 */
export const approverOf = async (
  context: ApiContext,
  request: ApiRequest,
  approvers: ApprovalSettings["approvers"],
): Promise<Identified> => {
  const found = callerOf(context, request, approvers);
  const { as, caller } = found;
  if (as?.kind !== "ROLE") return found;
  const role = await readRole(context, roleNameIn(caller.name));
  return identifyByTrust({ caller, as }, { role, accountId: context.ownAccountId });
};

/** As the audit names it. Throws what `identityOf` throws. */
export const actorOf = (context: ApiContext, request: ApiRequest): string =>
  callerOf(context, request).caller.name;

/** Of who is known: who names nobody at a laptop is not. */
export const requesterOf = (context: ApiContext, request: ApiRequest): Caller | undefined => {
  const { caller } = callerOf(context, request);
  return caller.name === atThisMachine ? undefined : caller;
};

/** The role behind a session: `…:assumed-role/Role/session` without the session, which changes from call to call. */
export const principalOf = (actor: string): string =>
  actor.includes(":assumed-role/") ? actor.slice(0, actor.lastIndexOf("/")) : actor;

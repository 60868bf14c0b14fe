/** Security Token Service: a caller that a role trusts assumes it for a while, with the ExternalId that the role asks for. */
import type {
  AssumeRoleRequest,
  AssumeRoleResponse,
  GetCallerIdentityResponse,
} from "@aws-sdk/client-sts";
import {
  type Call,
  type Caller,
  CloudError,
  type Handler,
  type ServiceModule,
} from "../contract.ts";
import type { Cloud } from "../dispatch.ts";
import type { Role } from "../iam/identities.ts";
import { parseSessionPolicy } from "../iam/permissions.ts";
import { arnLike } from "../iam/wildcards.ts";

export const createSts = (cloud: Pick<Cloud, "clock" | "identities">): ServiceModule => {
  const assumeRole: Handler<AssumeRoleRequest, AssumeRoleResponse> = (call, input) => {
    const { RoleArn: arn = "", RoleSessionName: sessionName = "" } = input;
    checkSessionName(sessionName);
    const role = cloud.identities.role(arn);
    // A role that doesn't exist is refused in the same words as one that doesn't trust: nothing is given away.
    if (role === undefined || !trusts(role, call.caller, input)) {
      throw notTrusted(call, arn);
    }
    const policy = input.Policy === undefined ? undefined : parseSessionPolicy(input.Policy);
    const expiresAtMs = cloud.clock.now() + sessionSeconds(role, call.caller, input) * 1000;
    const key = cloud.identities.openSession({
      roleArn: arn,
      sessionName,
      expiresAtMs,
      ...(policy !== undefined && { policy }),
    });
    return {
      Credentials: {
        AccessKeyId: key.accessKeyId,
        SecretAccessKey: key.secretAccessKey,
        SessionToken: key.sessionToken,
        Expiration: new Date(expiresAtMs),
      },
      AssumedRoleUser: {
        AssumedRoleId: `${role.id}:${sessionName}`,
        Arn: `arn:aws:sts::${role.accountId}:assumed-role/${role.name}/${sessionName}`,
      },
    };
  };

  const getCallerIdentity: Handler<object, GetCallerIdentityResponse> = ({ caller }) => ({
    UserId: caller.userId,
    Account: caller.accountId,
    Arn: caller.arn,
  });

  return {
    service: "sts",
    operations: { AssumeRole: assumeRole, GetCallerIdentity: getCallerIdentity },
  };
};

const checkSessionName = (name: string): void => {
  if (/^[\w+=,.@-]{2,64}$/.test(name)) return;
  throw new CloudError(
    "ValidationError",
    String.raw`1 validation error detected: Value at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]{2,64}`,
  );
};

/** `aws:username`, which users alone have. */
const userNameOf = ({ arn }: Caller): string | undefined =>
  /:user\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];

const trusts = (
  role: Role,
  caller: Caller,
  { ExternalId: externalId, RoleSessionName: sessionName }: AssumeRoleRequest,
): boolean =>
  (role.externalId === undefined || role.externalId === externalId) &&
  (role.hasNamedSessions !== true || userNameOf(caller) === sessionName) &&
  (role.principalArnLike === undefined || arnLike(role.principalArnLike, principalArn(caller))) &&
  role.trustedPrincipals.some((principal) => names(principal, caller));

/** `aws:PrincipalArn`: of a session its role's ARN, path and all (IAM user guide, global condition keys). */
const principalArn = (caller: Caller): string => caller.roleArn ?? caller.arn;

const names = (principal: string, caller: Caller): boolean =>
  principal === caller.arn ||
  principal === caller.roleArn ||
  principal === caller.accountId ||
  principal === `arn:aws:iam::${caller.accountId}:root`;

const notTrusted = (call: Call, roleArn: string): CloudError =>
  new CloudError(
    "AccessDenied",
    `User: ${call.caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    403,
  );

/**
 * AWS's bounds; a session of a role that assumes another one (chaining) lasts an hour at most. Source: STS API
 * reference, AssumeRole, `DurationSeconds`.
 */
const shortestSeconds = 900;
const longestSeconds = 43_200;
const longestChainedSeconds = 3600;

const sessionSeconds = (role: Role, caller: Caller, input: AssumeRoleRequest): number => {
  const seconds = input.DurationSeconds ?? 3600;
  const problem = durationProblem(seconds, { role, isChained: caller.roleArn !== undefined });
  if (problem !== undefined) throw new CloudError("ValidationError", problem);
  return seconds;
};

const durationProblem = (
  seconds: number,
  { role, isChained }: { readonly role: Role; readonly isChained: boolean },
): string | undefined => {
  if (seconds < shortestSeconds || seconds > longestSeconds) {
    return `1 validation error detected: Value '${String(seconds)}' at 'durationSeconds' must be between ${String(shortestSeconds)} and ${String(longestSeconds)}`;
  }
  if (isChained && seconds > longestChainedSeconds) {
    return "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.";
  }
  if (seconds > role.maxSessionSeconds) {
    return "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
  }
  return undefined;
};

/**
 * IAM, as far as it shows a role and whom its trust policy lets in: GetRole. Roles are declared with `identities`.
 * Source: IAM API reference, GetRole (the policy is percent-encoded; an unknown name is NoSuchEntity, 404).
 */
import type { GetRoleRequest, GetRoleResponse } from "@aws-sdk/client-iam";
import {
  type Authorization,
  type Call,
  CloudError,
  type Handler,
  type ServiceModule,
} from "../contract.ts";
import type { Cloud } from "../dispatch.ts";
import { asked } from "./asked.ts";
import type { Role } from "./identities.ts";
import { actionOf } from "./permissions.ts";

type Conditions = Readonly<Record<string, Readonly<Record<string, string>>>>;

const conditionsOf = (role: Role): Conditions => {
  const equals = {
    ...(role.externalId !== undefined && { "sts:ExternalId": role.externalId }),
    ...(role.hasNamedSessions === true && { "sts:RoleSessionName": "${aws:username}" }),
  };
  return {
    ...(Object.keys(equals).length > 0 && { StringEquals: equals }),
    ...(role.principalArnLike !== undefined && {
      ArnLike: { "aws:PrincipalArn": role.principalArnLike },
    }),
  };
};

const statement = (kind: string, principals: readonly string[], conditions: Conditions = {}) => ({
  Effect: "Allow",
  Principal: { [kind]: principals },
  Action: kind === "Federated" ? "sts:AssumeRoleWithWebIdentity" : "sts:AssumeRole",
  ...(Object.keys(conditions).length > 0 && { Condition: conditions }),
});

/** IAM writes an account that is named by its id as its root. */
const spelled = (principal: string): string =>
  /^\d{12}$/.test(principal) ? `arn:aws:iam::${principal}:root` : principal;

const trustPolicyOf = (role: Role): string => {
  const { trustedPrincipals, trustedServices = [], oidcProviders = [] } = role;
  const named = trustedPrincipals.map(spelled);
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      ...(named.length > 0 ? [statement("AWS", named, conditionsOf(role))] : []),
      ...(trustedServices.length > 0 ? [statement("Service", trustedServices)] : []),
      ...(oidcProviders.length > 0 ? [statement("Federated", oidcProviders)] : []),
    ],
  });
};

export const createIam = ({ identities }: Pick<Cloud, "identities">): ServiceModule => {
  const named = (call: Call, { RoleName: name = "" }: GetRoleRequest): Role | undefined =>
    identities.roleNamed(call.caller.accountId, name);

  const getRole: Handler<GetRoleRequest, GetRoleResponse> = (call, input) => {
    const role = named(call, input);
    if (role === undefined) {
      const message = `The role with name ${input.RoleName ?? ""} cannot be found.`;
      throw new CloudError("NoSuchEntity", message, 404);
    }
    return {
      Role: {
        Path: role.path,
        RoleName: role.name,
        RoleId: role.id,
        Arn: role.arn,
        // Declared, and not made: before anything happens here.
        CreateDate: new Date(0),
        AssumeRolePolicyDocument: encodeURIComponent(trustPolicyOf(role)),
        MaxSessionDuration: role.maxSessionSeconds,
      },
    };
  };

  const onRole: Authorization<GetRoleRequest> = (call, input) => {
    const arn =
      named(call, input)?.arn ??
      `arn:aws:iam::${call.caller.accountId}:role/${input.RoleName ?? ""}`;
    return [asked(actionOf(call), [{ arn, type: "role" }])];
  };

  return {
    service: "iam",
    operations: { GetRole: getRole },
    authorization: { GetRole: onRole },
  };
};

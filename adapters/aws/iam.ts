/** IAM, of our own account: who a role is, and whom its trust policy lets in. */
import { GetRoleCommand, type IAMClient } from "@aws-sdk/client-iam";
import type { OwnRole } from "../../core/approval/role-trust.ts";
import { bareCode } from "./error-codes.ts";
import { orAbsent } from "./or-absent.ts";
import { required } from "./required.ts";
import { callAws } from "./translate-error.ts";

const isGone = (code: string): boolean => bareCode(code) === "NoSuchEntity";

/** By its name, which is its account's own whatever its path. Undefined where IAM has none. */
export const readRole = async (iam: IAMClient, roleName: string): Promise<OwnRole | undefined> => {
  const answer = await orAbsent(
    () =>
      callAws({ action: "GetRole", resource: roleName, role: "own" }, () =>
        iam.send(new GetRoleCommand({ RoleName: roleName })),
      ),
    isGone,
  );
  if (answer === undefined) return undefined;
  const { RoleId: roleId, AssumeRolePolicyDocument: encoded } = required(
    answer.Role,
    `role ${roleName}`,
  );
  return {
    roleId: required(roleId, `the id of role ${roleName}`),
    // Percent-encoded after RFC 3986. Source: IAM API reference, GetRole.
    trustPolicy: decodeURIComponent(required(encoded, `the trust policy of role ${roleName}`)),
  };
};

/** What of a refusal that a look met its owner can mend: a permission of the role, or the way into a cluster. */
import type { SpotOptimizerError } from "../../../errors.ts";
import type { Account } from "../../../model/account.ts";
import type { Missing } from "../../../model/preflight.ts";

/** A cluster that does not map the role answers 401, one that maps it without rights 403. */
const accessNames: readonly string[] = ["RetryableClusterAuth", "BrokenClusterAccess"];

/** Undefined: it passes by itself, or nobody can simply give what it lacks. */
export const missingOf = (
  {
    name,
    message,
    action,
    resource,
  }: Pick<SpotOptimizerError, "name" | "message" | "action" | "resource">,
  { roleArn }: Pick<Account, "roleArn">,
): Missing | undefined => {
  if (name === "BrokenPermission") {
    const what = action ?? "sts:AssumeRole";
    return { kind: "PERMISSION", name: what, reason: name, sentence: message };
  }
  if (!accessNames.includes(name)) return undefined;
  const where = resource === undefined ? "" : ` in ${resource}`;
  return {
    kind: "ACCESS",
    name: `access entry of ${roleArn}${where}`,
    reason: name,
    sentence: message,
  };
};

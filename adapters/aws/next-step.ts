/** Says what the operator does about a refusal of AWS's, with the command where one mends or shows it. */
import type { ErrorName } from "../../core/errors.ts";
import { bareCode, isFixedLimit } from "./error-codes.ts";
import type { Failure } from "./failure.ts";

interface Hint {
  readonly matches: (failure: Failure) => boolean;
  readonly step: string;
}

const policiesOf = (filter: string): string =>
  `ask whoever runs the organization for an exception: \`aws organizations list-policies-for-target --filter ${filter} --target-id <account id>\`, run in its management account, lists the policies.`;

/** The most special first. Sources: EC2 API reference, "Error codes"; IAM user guide, "Access denied error messages". */
const denials: readonly Hint[] = [
  {
    matches: ({ code }) => code.endsWith("ServiceLinkedRoleCreationNotPermitted"),
    step: "run `aws iam create-service-linked-role --aws-service-name spot.amazonaws.com` once in the account.",
  },
  {
    matches: ({ code, message }) =>
      bareCode(code) === "TagPolicyViolation" || /tag polic(y|ies)/i.test(message),
    step: "give the instance tags that its tag policy allows: `aws organizations describe-effective-policy --policy-type TAG_POLICY`, run in the account, shows it.",
  },
  {
    matches: ({ message }) => /service control policy/i.test(message),
    step: policiesOf("SERVICE_CONTROL_POLICY"),
  },
  {
    matches: ({ message }) => /resource control policy/i.test(message),
    step: policiesOf("RESOURCE_CONTROL_POLICY"),
  },
  {
    matches: ({ message }) => /permissions boundary/i.test(message),
    step: "have the role's permissions boundary allow it: `aws iam get-role --role-name <role>` names the boundary.",
  },
];

const fixedLimits: Readonly<Record<string, string>> = {
  TagLimitExceeded:
    "take tags away: AWS allows 50 on a resource, its own aws: ones aside, and no more on request.",
  AttachmentLimitExceeded:
    "detach volumes or interfaces, or move to a type that takes more: the type sets the limit, and nobody can raise it.",
};

/** `own`: called with the function's own role, so that the customer cannot mend a denial. */
export const nextStepOf = (
  name: ErrorName,
  failure: Failure,
  role: "own" | undefined,
): string | undefined => {
  if (name === "BrokenQuota") return "raise the limit in Service Quotas, or free some of it.";
  if (isFixedLimit(failure.code)) return fixedLimits[bareCode(failure.code)];
  if (name !== "BrokenPermission") return undefined;
  if (role === "own") {
    return "compare the function's role with the stack, and deploy the stack again.";
  }
  return (
    denials.find(({ matches }) => matches(failure))?.step ??
    "compare the role with its current template and its trust policy, then verify the account."
  );
};

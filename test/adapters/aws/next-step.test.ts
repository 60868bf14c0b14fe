import { describe, expect, it } from "@jest/globals";
import { translateError } from "../../../adapters/aws/translate-error.ts";
import { awsError } from "./aws-error.ts";

const about = { action: "RunInstances", resource: "i-1" };
const denied = "You are not authorized to perform this operation. User: role is not authorized";

describe("a refusal says what mends it", () => {
  it.each([
    [
      "AuthFailure.ServiceLinkedRoleCreationNotPermitted",
      "The provided credentials do not have permission to create the service-linked role.",
      "aws iam create-service-linked-role --aws-service-name spot.amazonaws.com",
    ],
    [
      "TagPolicyViolation",
      "The tag policy does not allow the specified value for the tag key: 'CostCenter'.",
      "aws organizations describe-effective-policy --policy-type TAG_POLICY",
    ],
    [
      "UnauthorizedOperation",
      `${denied} with an explicit deny in a service control policy.`,
      "aws organizations list-policies-for-target --filter SERVICE_CONTROL_POLICY",
    ],
    [
      "AccessDenied",
      `${denied} with an explicit deny in a resource control policy`,
      "aws organizations list-policies-for-target --filter RESOURCE_CONTROL_POLICY",
    ],
    [
      "UnauthorizedOperation",
      `${denied} because no permissions boundary allows the action`,
      "aws iam get-role --role-name",
    ],
    ["UnauthorizedOperation", denied, "compare the role with its current template"],
    ["TagLimitExceeded", "The maximum number of tags for a resource is 50", "take tags away"],
    [
      "Client.AttachmentLimitExceeded",
      "Interface count 4 exceeds the limit",
      "nobody can raise it",
    ],
    ["VcpuLimitExceeded", "You have requested more vCPU", "raise the limit in Service Quotas"],
  ])("%s: %s", (code, message, step) => {
    const error = translateError(awsError(code, { message }), about);
    expect(error.nextStep).toContain(step);
    expect(error.message).toContain(`Next: ${String(error.nextStep)}`);
  });

  it("in our own account it is the stack's", () => {
    const error = translateError(awsError("AccessDenied", { message: denied }), {
      ...about,
      role: "own",
    });
    expect(error.nextStep).toContain("deploy the stack again");
  });
});

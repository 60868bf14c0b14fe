import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { readRole } from "../../../adapters/aws/iam.ts";
import { awsError } from "./aws-error.ts";

const client = new IAMClient({ region: "eu-central-1" });
const mock = mockClient(client);
const read = () => readRole(client, "Operator");

const shown = {
  Path: "/team/",
  RoleName: "Operator",
  RoleId: "AROAOPERATOR000000003",
  Arn: "arn:aws:iam::111122223333:role/team/Operator",
  CreateDate: new Date(0),
};

beforeEach(() => {
  mock.reset();
});

describe("a role of our own account", () => {
  it("is read by its name, and its trust policy decoded", async () => {
    const AssumeRolePolicyDocument = "%7B%22Version%22%3A%20%222012-10-17%22%7D";
    mock.on(GetRoleCommand).resolves({ Role: { ...shown, AssumeRolePolicyDocument } });
    await expect(read()).resolves.toEqual({
      roleId: "AROAOPERATOR000000003",
      trustPolicy: '{"Version": "2012-10-17"}',
    });
    expect(mock.commandCalls(GetRoleCommand)[0]?.args[0].input).toEqual({ RoleName: "Operator" });
  });

  it.each(["NoSuchEntity", "NoSuchEntityException"])(
    "that IAM does not have (%s) is absent",
    async (code) => {
      mock.on(GetRoleCommand).rejects(awsError(code));
      await expect(read()).resolves.toBeUndefined();
    },
  );

  it.each([
    ["AccessDenied", "BrokenPermission"],
    ["Throttling", "RetryableThrottled"],
    ["ServiceFailure", "RetryableUnavailable"],
  ])("that is refused with %s is %s", async (code, name) => {
    const status = code === "ServiceFailure" ? 500 : 400;
    mock.on(GetRoleCommand).rejects(awsError(code, { status }));
    await expect(read()).rejects.toMatchObject({ name, isOwn: true });
  });

  it("without a trust policy tells nothing", async () => {
    mock.on(GetRoleCommand).resolves({ Role: shown });
    await expect(read()).rejects.toMatchObject({ name: "BrokenFacts" });
  });
});

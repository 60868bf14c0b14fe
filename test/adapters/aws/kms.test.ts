import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  KMSClient,
  ListGrantsCommand,
} from "@aws-sdk/client-kms";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { describeKey, hasGrantTo, readKeyPolicy } from "../../../adapters/aws/kms.ts";
import { awsError } from "./aws-error.ts";

const client = new KMSClient({ region: "eu-central-1" });
const mock = mockClient(client);
const keyId = "arn:aws:kms:eu-central-1:111122223333:key/one";
const roleArn = "arn:aws:iam::111122223333:role/reader";

beforeEach(() => {
  mock.reset();
});

describe("a key", () => {
  it.each([
    ["AWS", true],
    ["CUSTOMER", false],
  ] as const)("kept by %s is described by its state", async (KeyManager, isAwsManaged) => {
    mock
      .on(DescribeKeyCommand, { KeyId: keyId })
      .resolves({ KeyMetadata: { KeyId: "one", Arn: keyId, KeyState: "Enabled", KeyManager } });
    await expect(describeKey(client, keyId)).resolves.toEqual({
      arn: keyId,
      state: "Enabled",
      isAwsManaged,
    });
  });

  it("that KMS does not know is absent", async () => {
    mock.on(DescribeKeyCommand).rejects(awsError("NotFoundException"));
    await expect(describeKey(client, keyId)).resolves.toBeUndefined();
  });

  it("that may not be read is a missing permission", async () => {
    mock.on(DescribeKeyCommand).rejects(awsError("AccessDeniedException"));
    await expect(describeKey(client, keyId)).rejects.toMatchObject({ name: "BrokenPermission" });
  });

  it("without a state is a broken fact", async () => {
    mock.on(DescribeKeyCommand).resolves({ KeyMetadata: { KeyId: "one" } });
    await expect(describeKey(client, keyId)).rejects.toMatchObject({ name: "BrokenFacts" });
  });

  it("has one policy", async () => {
    mock
      .on(GetKeyPolicyCommand, { KeyId: keyId, PolicyName: "default" })
      .resolves({ Policy: "{}" });
    await expect(readKeyPolicy(client, keyId)).resolves.toBe("{}");
  });
});

describe("grants of a key", () => {
  const grant = { GrantId: "1", GranteePrincipal: roleArn };

  it("are asked for by who is given them, page after page", async () => {
    mock
      .on(ListGrantsCommand, { KeyId: keyId, GranteePrincipal: roleArn, Limit: 100 })
      .resolves({ Grants: [], Truncated: true, NextMarker: "next" })
      .on(ListGrantsCommand, { Marker: "next" })
      .resolves({ Grants: [grant], Truncated: false });
    await expect(hasGrantTo(client, { keyId, roleArn })).resolves.toBe(true);
    expect(mock.commandCalls(ListGrantsCommand)).toHaveLength(2);
  });

  it("to nobody are none", async () => {
    mock.on(ListGrantsCommand).resolves({ Grants: [], Truncated: false });
    await expect(hasGrantTo(client, { keyId, roleArn })).resolves.toBe(false);
  });
});

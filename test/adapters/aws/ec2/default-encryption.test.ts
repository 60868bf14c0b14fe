import {
  EC2Client,
  GetEbsDefaultKmsKeyIdCommand,
  GetEbsEncryptionByDefaultCommand,
} from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import {
  isEncryptedByDefault,
  readDefaultKey,
} from "../../../../adapters/aws/ec2/default-encryption.ts";
import { awsError } from "../aws-error.ts";

const ec2 = new EC2Client({ region: "eu-central-1" });
const mock = mockClient(ec2);

beforeEach(() => {
  mock.reset();
});

describe("encryption by default", () => {
  it.each([true, false])("is told as EC2 says it: %s", async (EbsEncryptionByDefault) => {
    mock.on(GetEbsEncryptionByDefaultCommand).resolves({ EbsEncryptionByDefault });
    await expect(isEncryptedByDefault(ec2)).resolves.toBe(EbsEncryptionByDefault);
  });

  it("has a key, and an answer without one tells nothing", async () => {
    mock.on(GetEbsDefaultKmsKeyIdCommand).resolvesOnce({ KmsKeyId: "alias/aws/ebs" });
    await expect(readDefaultKey(ec2)).resolves.toBe("alias/aws/ebs");
    mock.on(GetEbsDefaultKmsKeyIdCommand).resolves({});
    await expect(readDefaultKey(ec2)).rejects.toMatchObject({ name: "BrokenFacts" });
  });

  it("that may not be read is a missing permission", async () => {
    mock.on(GetEbsEncryptionByDefaultCommand).rejects(awsError("UnauthorizedOperation"));
    await expect(isEncryptedByDefault(ec2)).rejects.toMatchObject({ name: "BrokenPermission" });
  });
});

import { beforeEach, describe, expect, it } from "@jest/globals";
import { BackupClient, DescribeProtectedResourceCommand } from "@aws-sdk/client-backup";
import { mockClient } from "aws-sdk-client-mock";
import { readBackedUp } from "../../../adapters/aws/backup.ts";
import { awsError, metadata } from "./aws-error.ts";

const backup = new BackupClient({ region: "eu-central-1" });
const mock = mockClient(backup);
const part = { arn: "arn:aws:ec2:eu-central-1:111122223333:instance/i-1", name: "i-1" };

beforeEach(() => {
  mock.reset();
});

describe("what AWS Backup has of a resource", () => {
  it("is its last recovery point, asked for by the ARN", async () => {
    mock.on(DescribeProtectedResourceCommand, { ResourceArn: part.arn }).resolves({
      LastBackupTime: new Date("2026-03-02T08:00:00Z"),
      LastBackupVaultArn: "arn:aws:backup:eu-central-1:111122223333:backup-vault:nightly",
      $metadata: metadata(),
    });
    await expect(readBackedUp(backup, part)).resolves.toEqual({
      name: "i-1",
      at: "2026-03-02T08:00:00.000Z",
      vault: "nightly",
    });
  });

  it("is nothing where AWS Backup does not know it", async () => {
    mock.on(DescribeProtectedResourceCommand).rejects(awsError("ResourceNotFoundException"));
    await expect(readBackedUp(backup, part)).resolves.toBeUndefined();
  });

  it("is not known where the role may not ask", async () => {
    mock.on(DescribeProtectedResourceCommand).rejects(awsError("AccessDeniedException"));
    await expect(readBackedUp(backup, part)).rejects.toMatchObject({ name: "BrokenPermission" });
  });
});

/**
 * AWS Backup, as far as what it has backed up goes: DescribeProtectedResource, and set-up. Source: AWS Backup API reference,
 * DescribeProtectedResource (errors among it).
 */
import type {
  DescribeProtectedResourceInput,
  DescribeProtectedResourceOutput,
} from "@aws-sdk/client-backup";
import type { Clock } from "../clock.ts";
import { CloudError, type Handler, type ServiceModule } from "../contract.ts";

interface Protection {
  readonly accountId: string;
  readonly region: string;
  /** Of the instance, the volume … */
  readonly arn: string;
  /** Default: `Default`, as AWS Backup's first vault is called. */
  readonly vault?: string;
}

export interface BackupService extends ServiceModule {
  /** It was backed up an hour ago. */
  protect(resource: Protection): void;
}

const hourMs = 3_600_000;

export const createBackup = ({ clock }: { readonly clock: Clock }): BackupService => {
  const known: (Protection & { readonly atMs: number })[] = [];

  const describe: Handler<DescribeProtectedResourceInput, DescribeProtectedResourceOutput> = (
    call,
    input,
  ) => {
    const found = known.find(
      ({ accountId, region, arn }) =>
        accountId === call.caller.accountId && region === call.region && arn === input.ResourceArn,
    );
    if (found === undefined) {
      throw new CloudError("ResourceNotFoundException", "Resource not found.", 400);
    }
    const { accountId, region, arn, vault = "Default", atMs } = found;
    return {
      ResourceArn: arn,
      ResourceType: arn.includes(":volume/") ? "EBS" : "EC2",
      LastBackupTime: new Date(atMs),
      LastBackupVaultArn: `arn:aws:backup:${region}:${accountId}:backup-vault:${vault}`,
    };
  };

  return {
    service: "backup",
    operations: { DescribeProtectedResource: describe },
    protect: (resource) => {
      known.push({ ...resource, atMs: clock.now() - hourMs });
    },
  };
};

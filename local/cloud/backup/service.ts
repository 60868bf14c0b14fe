/**
 * AWS Backup, as far as what it has backed up goes: DescribeProtectedResource, ListProtectedResources, and set-up. Source: AWS Backup API
 * reference, DescribeProtectedResource (errors among it), ListProtectedResources.
 */
import type {
  DescribeProtectedResourceInput,
  DescribeProtectedResourceOutput,
  ListProtectedResourcesInput,
  ListProtectedResourcesOutput,
  ProtectedResource,
} from "@aws-sdk/client-backup";
import type { Clock } from "../clock.ts";
import { type Call, CloudError, type Handler, type ServiceModule } from "../contract.ts";

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
const largestPage = 1000;

type Known = Protection & { readonly atMs: number };

const view = ({ accountId, region, arn, vault = "Default", atMs }: Known): ProtectedResource => ({
  ResourceArn: arn,
  ResourceType: arn.includes(":volume/") ? "EBS" : "EC2",
  LastBackupTime: new Date(atMs),
  LastBackupVaultArn: `arn:aws:backup:${region}:${accountId}:backup-vault:${vault}`,
});

const isIn = (known: Known, call: Call): boolean =>
  known.accountId === call.caller.accountId && known.region === call.region;

export const createBackup = ({ clock }: { readonly clock: Clock }): BackupService => {
  const known: Known[] = [];

  const describe: Handler<DescribeProtectedResourceInput, DescribeProtectedResourceOutput> = (
    call,
    input,
  ) => {
    const found = known.find((each) => isIn(each, call) && each.arn === input.ResourceArn);
    if (found === undefined) {
      throw new CloudError("ResourceNotFoundException", "Resource not found.", 400);
    }
    return view(found);
  };

  const list: Handler<ListProtectedResourcesInput, ListProtectedResourcesOutput> = (
    call,
    { NextToken: token = "0", MaxResults: size = largestPage },
  ) => {
    const all = known.filter((each) => isIn(each, call));
    const end = Number(token) + size;
    return {
      Results: all.slice(Number(token), end).map(view),
      ...(end < all.length && { NextToken: String(end) }),
    };
  };

  return {
    service: "backup",
    operations: { DescribeProtectedResource: describe, ListProtectedResources: list },
    protect: (resource) => {
      known.push({ ...resource, atMs: clock.now() - hourMs });
    },
  };
};

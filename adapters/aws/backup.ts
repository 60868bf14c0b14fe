/** AWS Backup: what it has backed up. */
import {
  DescribeProtectedResourceCommand,
  ListProtectedResourcesCommand,
  type BackupClient,
} from "@aws-sdk/client-backup";
import type { BackedUp } from "../../core/model/backed-up.ts";
import { orAbsent } from "./or-absent.ts";
import { readAllPages } from "./paging.ts";
import { required } from "./required.ts";
import { callAws } from "./translate-error.ts";

const isUnknown = (code: string): boolean => code === "ResourceNotFoundException";

const vaultOf = (arn: string | undefined): string | undefined => arn?.split(":").at(-1);

/**
 * Undefined: it has no recovery point of it. One call for each resource: by its ARN, so that the account's plans and their selections need
 * not be read. Source: AWS Backup API reference, DescribeProtectedResource.
 */
export const readBackedUp = async (
  backup: BackupClient,
  { arn, name }: { readonly arn: string; readonly name: string },
): Promise<BackedUp | undefined> => {
  const answer = await orAbsent(
    () =>
      callAws({ action: "DescribeProtectedResource", resource: name }, () =>
        backup.send(new DescribeProtectedResourceCommand({ ResourceArn: arn })),
      ),
    isUnknown,
  );
  if (answer === undefined) return undefined;
  const vault = vaultOf(answer.LastBackupVaultArn);
  return {
    name,
    ...(answer.LastBackupTime === undefined ? {} : { at: answer.LastBackupTime.toISOString() }),
    ...(vault === undefined ? {} : { vault }),
  };
};

/** AWS Backup API reference, ListProtectedResources. */
const largestPage = 1000;

/** ARNs of all in the region that have a recovery point. @throws what a page throws: nothing of a list that was not read to its end is used */
export const readProtectedArns = async (backup: BackupClient): Promise<ReadonlySet<string>> => {
  const found = await readAllPages({
    fetch: (token) =>
      callAws({ action: "ListProtectedResources" }, () =>
        backup.send(
          new ListProtectedResourcesCommand({ MaxResults: largestPage, NextToken: token }),
        ),
      ),
    items: (page) => page.Results,
    next: (page) => page.NextToken,
  });
  return new Set(found.map(({ ResourceArn }) => required(ResourceArn, "a protected resource")));
};

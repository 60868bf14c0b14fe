/** AWS Backup: what it has backed up. */
import { DescribeProtectedResourceCommand, type BackupClient } from "@aws-sdk/client-backup";
import type { BackedUp } from "../../core/model/backed-up.ts";
import { orAbsent } from "./or-absent.ts";
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

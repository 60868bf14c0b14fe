/** Gives an instance the deletion flags that it should have, and reads them back. */
import type { EC2Client } from "@aws-sdk/client-ec2";
import { readAttachments, setDeletionFlag } from "../../adapters/aws/ec2/deletion-flags.ts";
import { readInstanceState } from "../../adapters/aws/ec2/instances.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Attachments, FlagChange } from "../../core/model/deletion-flags.ts";
import { hasEnded } from "../../core/model/instance.ts";

type Differences = (found: Attachments) => readonly FlagChange[];

const idOf = (change: FlagChange): string =>
  change.kind === "VOLUME" ? change.volumeId : change.networkInterfaceId;

const notVisible = (sentence: string, resource: string): SpotOptimizerError =>
  new SpotOptimizerError("RetryableNotVisible", sentence, { resource });

const whatDiffers = async (
  ec2: EC2Client,
  instanceId: string,
  differences: Differences,
): Promise<readonly FlagChange[]> => {
  const found = await readAttachments(ec2, instanceId);
  if (found !== undefined) return differences(found);
  // With an instance that is gone, what it held is already kept or gone.
  const state = await readInstanceState(ec2, instanceId);
  if (state === undefined || hasEnded(state)) return [];
  throw notVisible(`EC2 does not show what is attached to ${instanceId}.`, instanceId);
};

/**
 * Returns the ids of what was given another flag. Throws what AWS answers otherwise: then some may be returned and others not, and
 * the same call goes on with them.
 */
export const giveFlags = async (
  ec2: EC2Client,
  instanceId: string,
  differences: Differences,
): Promise<readonly string[]> => {
  const changes = await whatDiffers(ec2, instanceId, differences);
  for (const change of changes) await setDeletionFlag(ec2, instanceId, change);
  const left = changes.length === 0 ? [] : await whatDiffers(ec2, instanceId, differences);
  if (left.length > 0) {
    const names = left.map(idOf).join(", ");
    throw notVisible(`EC2 does not show yet the flags of ${names}.`, instanceId);
  }
  return changes.map(idOf);
};

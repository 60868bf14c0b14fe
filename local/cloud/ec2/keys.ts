/**
 * What EC2 asks KMS about the keys of encrypted volumes. EC2 takes a launch or a start, and ends it where a key cannot be used.
 * Sources: EC2 user guide, "Troubleshoot instance launch issues" (Client.InternalError, encrypted volumes), "Service-linked role for
 * Spot Instance requests"; EBS user guide, "How Amazon EBS encryption works".
 */
import type { Ec2Context } from "./context.ts";
import type { KeyRules } from "./key-rules.ts";
import type { Instance, RegionState, Volume } from "./state.ts";

/** What KMS has to know of EC2. */
export interface KeyDirectory {
  /** From now on these are asked. Before, no key is known, and none hinders anything. */
  useKeys(rules: KeyRules): void;
}

export const keyDirectoryOf = (context: Ec2Context): KeyDirectory => ({
  useKeys: (rules) => {
    context.keys.rules = rules;
  },
});

/** What a scenario says of an instance's encrypted volumes. */
export const encryptUnder = (
  { keys: { rules } }: Ec2Context,
  region: RegionState,
  wanted: { readonly volumes: readonly Volume[]; readonly kmsKeyId?: string },
): void => {
  const { kmsKeyId } = wanted;
  if (kmsKeyId === undefined) return;
  rules?.ensure(region, kmsKeyId);
  for (const volume of wanted.volumes) if (volume.encrypted) Object.assign(volume, { kmsKeyId });
};

/**
 * StateReason with which EC2 ends it, by the keys of its volumes. † The code of a key in a wrong state: the API reference lists none.
 */
export const keyFault = (
  { keys: { rules } }: Ec2Context,
  region: RegionState,
  { instance, volumes }: { readonly instance: Instance; readonly volumes: readonly Volume[] },
): string | undefined => {
  if (rules === undefined) return undefined;
  // A volume under another key than its snapshot's is made with both.
  const keyIds = volumes.flatMap(({ kmsKeyId, snapshotId = "" }) =>
    [kmsKeyId, region.snapshots.get(snapshotId)?.kmsKeyId].flatMap((keyId) => keyId ?? []),
  );
  if (keyIds.some((keyId) => !rules.isUsable(keyId))) return "Client.InvalidKMSKey.InvalidState";
  const isClosed =
    instance.lifecycle === "spot" && keyIds.some((keyId) => !rules.isOpenToSpot(region, keyId));
  return isClosed ? "Client.InternalError" : undefined;
};

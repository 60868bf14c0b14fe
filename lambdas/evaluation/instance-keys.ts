/** Reads the KMS keys under which a replacement would be launched, and those of the volumes that are attached to it later. */
import type { Image } from "@aws-sdk/client-ec2";
import type { InstanceFacts } from "../../core/model/instance.ts";
import type { KeyFacts } from "../../core/model/kms-key.ts";
import type { Policy } from "../../core/policy/policy.ts";
import type { CustomerClients } from "../runtime/context.ts";
import { encryptsByDefault, type EbsPlace } from "./ebs-standing.ts";
import { copyOfRoot, keysOfLaunch, type LaunchedVolume } from "./launched-keys.ts";
import { readKeys, type Encrypted } from "./read-keys.ts";

export interface KeysAsked {
  readonly clients: Pick<CustomerClients, "ec2" | "kms">;
  readonly place: EbsPlace;
  readonly policy: Pick<Policy, "consistency">;
  /** Whether what is launched is launched on Spot. */
  readonly isSpot: boolean;
}

interface KeySource {
  readonly instance: InstanceFacts;
  readonly image: Image | undefined;
}

/** The root is launched, from an image of it; data volumes move by themselves. */
const ofVolumes = ({ volumes }: InstanceFacts): readonly Encrypted[] =>
  volumes.flatMap(({ volumeId: id, isRoot: isLaunched, kmsKeyId: keyId }) =>
    keyId === undefined ? [] : [{ id, isLaunched, keyId }],
  );

const rootSnapshotOf = ({
  RootDeviceName,
  BlockDeviceMappings = [],
}: Image): string | undefined => {
  const root = BlockDeviceMappings.find(({ DeviceName }) => DeviceName === RootDeviceName)?.Ebs;
  return root?.Encrypted === true ? root.SnapshotId : undefined;
};

/**
 * What the launch makes beside the volumes whose keys are known. Of a stateless load alone the own image is launched: all others are
 * launched from a new one, under the key of their root. A root that is not encrypted has a clone that is, where the account encrypts by
 * default.
 */
const launchedOf = (
  { policy }: KeysAsked,
  { instance, image }: KeySource,
): readonly LaunchedVolume[] => {
  const snapshotId = image === undefined ? undefined : rootSnapshotOf(image);
  if (policy.consistency === "stateless" && snapshotId !== undefined) {
    return [{ name: snapshotId, snapshotId, isSnapshotEncrypted: true }];
  }
  return instance.volumes
    .filter(({ isRoot, encrypted }) => isRoot && !encrypted)
    .map(({ volumeId }) => copyOfRoot(volumeId));
};

/** Empty where nothing is encrypted. */
export const gatherKeys = async (
  asked: KeysAsked,
  source: KeySource,
): Promise<readonly KeyFacts[]> => {
  const { clients, place, isSpot } = asked;
  const { ec2, kms } = clients;
  const asking = { ec2, isEncryptedByDefault: () => encryptsByDefault(ec2, place) };
  const { known, unread } = await keysOfLaunch(asking, launchedOf(asked, source));
  const encrypted = [...ofVolumes(source.instance), ...known];
  const reader = { kms, account: place.account, isSpot };
  return [...(await readKeys(reader, encrypted)), ...unread];
};

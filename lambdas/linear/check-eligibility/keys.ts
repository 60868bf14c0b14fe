/** Reads the KMS keys under which a replacement would be launched, and those of the volumes that are attached to it later. */
import type { Image } from "@aws-sdk/client-ec2";
import { kindOf } from "../../../core/model/evaluation-kind.ts";
import type { InstanceFacts } from "../../../core/model/instance.ts";
import type { KeyFacts } from "../../../core/model/kms-key.ts";
import { keysOfLaunch, noKeys, type LaunchedKeys } from "../../evaluation/launched-keys.ts";
import { readKeys, type Encrypted } from "../../evaluation/read-keys.ts";
import type { LinearSession } from "../session.ts";

type KeySession = LinearSession<"ec2" | "kms">;

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

/** Of a stateless load alone the own image is launched: all others are launched from a new one, under the key of their root. */
const ofImage = async (
  { customer, evaluation: { policy } }: KeySession,
  image: Image | undefined,
): Promise<LaunchedKeys> => {
  const snapshotId = image === undefined ? undefined : rootSnapshotOf(image);
  if (policy.consistency !== "stateless" || snapshotId === undefined) return noKeys;
  const { ec2 } = await customer();
  return keysOfLaunch(ec2, [{ name: snapshotId, snapshotId, isSnapshotEncrypted: true }]);
};

/** Empty where nothing is encrypted. */
export const gatherKeys = async (
  session: KeySession,
  { instance, image }: { readonly instance: InstanceFacts; readonly image: Image | undefined },
): Promise<readonly KeyFacts[]> => {
  const { known, unread } = await ofImage(session, image);
  const encrypted = [...ofVolumes(instance), ...known];
  if (encrypted.length === 0) return unread;
  const { kms } = await session.customer();
  const isSpot = kindOf(session.evaluation) === "SWITCH";
  const reader = { kms, account: await session.account(), isSpot };
  return [...(await readKeys(reader, encrypted)), ...unread];
};

/** Reads the KMS keys under which a replacement would be launched, and those of the volumes that are attached to it later. */
import type { Image } from "@aws-sdk/client-ec2";
import { readSnapshotKey } from "../../../adapters/aws/ec2/snapshots.ts";
import { kindOf } from "../../../core/model/evaluation-kind.ts";
import type { InstanceFacts } from "../../../core/model/instance.ts";
import type { KeyFacts } from "../../../core/model/kms-key.ts";
import { readKeys, reasonIn, type Encrypted } from "../../evaluation/read-keys.ts";
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

interface SnapshotKey {
  readonly known: readonly Encrypted[];
  readonly unread: readonly KeyFacts[];
}

/** Of a stateless load alone the own image is launched: all others are launched from a new one, under the key of their root. */
const ofImage = async (
  { customer, evaluation: { policy } }: KeySession,
  image: Image | undefined,
): Promise<SnapshotKey> => {
  const none = { known: [], unread: [] };
  const id = image === undefined ? undefined : rootSnapshotOf(image);
  if (policy.consistency !== "stateless" || id === undefined) return none;
  const { ec2 } = await customer();
  const unread = (because: string): SnapshotKey => ({
    known: [],
    unread: [{ kind: "UNREAD", of: [id], isLaunched: true, because }],
  });
  try {
    const keyId = await readSnapshotKey(ec2, id);
    return keyId === undefined
      ? unread("EC2 does not show it to this account")
      : { known: [{ id, isLaunched: true, keyId }], unread: [] };
  } catch (error) {
    return unread(reasonIn(error));
  }
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

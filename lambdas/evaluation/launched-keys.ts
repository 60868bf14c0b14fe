/**
 * Finds out under which KMS keys EC2 would make the volumes of a launch, and with which it would read their snapshots. What may not be
 * read is noted as such, and stops nothing.
 * Source: EBS user guide, "Amazon EBS encryption examples" (encryption outcomes), "Enable Amazon EBS encryption by default".
 */
import type { EC2Client } from "@aws-sdk/client-ec2";
import { readDefaultKey } from "../../adapters/aws/ec2/default-encryption.ts";
import type { TemplateReading } from "../../adapters/aws/ec2/launch-template.ts";
import { readSnapshotKey } from "../../adapters/aws/ec2/snapshots.ts";
import type { KeyFacts } from "../../core/model/kms-key.ts";
import { reasonIn, type Encrypted } from "./read-keys.ts";

/** A volume that a launch makes. */
export interface LaunchedVolume {
  /** As a sentence names it: `/dev/xvda of lt-… version 3`, `a copy of vol-…`. */
  readonly name: string;
  readonly encrypted?: boolean | undefined;
  /** As it is named in the request: id, ARN or alias. */
  readonly kmsKeyId?: string | undefined;
  readonly snapshotId?: string | undefined;
  /** Of its snapshot; undefined: not known before it is read. */
  readonly isSnapshotEncrypted?: boolean | undefined;
}

export interface Asking {
  readonly ec2: EC2Client;
  /** Asked at most once, and only where a volume is neither encrypted nor under a known key. */
  readonly isEncryptedByDefault: () => Promise<boolean>;
}

export interface LaunchedKeys {
  readonly known: readonly Encrypted[];
  readonly unread: readonly KeyFacts[];
}

type Reading<T> =
  | { readonly kind: "READ"; readonly value: T }
  | { readonly kind: "UNREAD"; readonly because: string };

const attempt = async <T>(read: () => Promise<T>): Promise<Reading<T>> => {
  try {
    return { kind: "READ", value: await read() };
  } catch (error) {
    return { kind: "UNREAD", because: reasonIn(error) };
  }
};

const unreadOf = (id: string, because: string): KeyFacts => ({
  kind: "UNREAD",
  of: [id],
  isLaunched: true,
  because,
});

const under = (id: string, keyId: string): LaunchedKeys => ({
  known: [{ id, isLaunched: true, keyId }],
  unread: [],
});

const noKeys: LaunchedKeys = { known: [], unread: [] };

const joined = (parts: readonly LaunchedKeys[]): LaunchedKeys => ({
  known: parts.flatMap(({ known }) => known),
  unread: parts.flatMap(({ unread }) => unread),
});

/** One that no key is shown of: either it is not encrypted, or EC2 does not show it to this account. */
const ofSnapshot = async (
  ec2: EC2Client,
  { snapshotId, isSnapshotEncrypted }: LaunchedVolume,
): Promise<LaunchedKeys> => {
  if (snapshotId === undefined || isSnapshotEncrypted === false) return noKeys;
  const reading = await attempt(() => readSnapshotKey(ec2, snapshotId));
  if (reading.kind === "UNREAD") {
    return { known: [], unread: [unreadOf(snapshotId, reading.because)] };
  }
  if (reading.value !== undefined) return under(snapshotId, reading.value);
  return isSnapshotEncrypted === true
    ? { known: [], unread: [unreadOf(snapshotId, "EC2 does not show it to this account")] }
    : noKeys;
};

/** The region's default, for those that would be encrypted and name no key: unasked ones too, where the owner has set that. */
const ofDefault = async (
  { ec2, isEncryptedByDefault }: Asking,
  volumes: readonly LaunchedVolume[],
): Promise<LaunchedKeys> => {
  const asked = volumes.filter(({ encrypted }) => encrypted === true);
  const unasked = volumes.filter(({ encrypted }) => encrypted !== true);
  const isOn = unasked.length === 0 || (await isEncryptedByDefault());
  const found = isOn ? volumes : asked;
  if (found.length === 0) return noKeys;
  const keyId = await readDefaultKey(ec2);
  const known = found.map(({ name }) => ({
    id: name,
    isLaunched: true,
    keyId,
    isDefault: true as const,
  }));
  return { known, unread: [] };
};

/** The root of a clone of an instance whose own root is not encrypted: it is only where the account encrypts by default. */
export const copyOfRoot = (volumeId: string): LaunchedVolume => ({ name: `a copy of ${volumeId}` });

/** The image's own devices, and what the template says of them. */
export const volumesOfTemplate = ({
  facts: { templateId, version },
  launch,
}: TemplateReading): readonly LaunchedVolume[] =>
  launch === undefined
    ? []
    : launch.blueprint.devices
        .filter(({ virtualName }) => virtualName === undefined)
        .map(({ deviceName, encrypted, kmsKeyId, snapshotId }) => {
          const ofImage = launch.image.BlockDeviceMappings?.find(
            ({ DeviceName }) => DeviceName === deviceName,
          )?.Ebs;
          return {
            name: `${deviceName} of ${templateId} version ${String(version)}`,
            encrypted,
            kmsKeyId,
            snapshotId: snapshotId ?? ofImage?.SnapshotId,
            isSnapshotEncrypted: snapshotId === undefined ? ofImage?.Encrypted : undefined,
          };
        });

/** A snapshot's volume is under its snapshot's key, unless another is named. */
export const keysOfLaunch = async (
  asking: Asking,
  volumes: readonly LaunchedVolume[],
): Promise<LaunchedKeys> => {
  const { ec2 } = asking;
  const parts: LaunchedKeys[] = [];
  const withoutKey: LaunchedVolume[] = [];
  for (const volume of volumes) {
    const { name, kmsKeyId } = volume;
    if (kmsKeyId !== undefined) parts.push(under(name, kmsKeyId));
    const ofItsSnapshot = await ofSnapshot(ec2, volume);
    parts.push(ofItsSnapshot);
    if (kmsKeyId === undefined && ofItsSnapshot === noKeys) withoutKey.push(volume);
  }
  if (withoutKey.length === 0) return joined(parts);
  const byDefault = await attempt(() => ofDefault(asking, withoutKey));
  const ofOthers =
    byDefault.kind === "READ"
      ? byDefault.value
      : { known: [], unread: withoutKey.map(({ name }) => unreadOf(name, byDefault.because)) };
  return joined([...parts, ofOthers]);
};

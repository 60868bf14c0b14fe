/** EBS snapshots of the account, as it is judged whether one is waste; their locks; and the deletion of one. */
import {
  DeleteSnapshotCommand,
  DescribeLockedSnapshotsCommand,
  DescribeSnapshotsCommand,
  type EC2Client,
  type LockedSnapshotsInfo,
  type Snapshot,
} from "@aws-sdk/client-ec2";
import type { OwnSnapshot, SnapshotLock } from "../../../core/model/waste/snapshot.ts";
import type { Acted } from "../acted.ts";
import { readAllPages } from "../paging.ts";
import { removeOnce } from "../remove-once.ts";
import { required } from "../required.ts";
import { callAws } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { largestPage, tagRecord } from "./describe.ts";
import { describeSnapshots, toSnapshotFacts } from "./snapshots.ts";

/**
 * EC2 shows it of what no volume here was the source of. "Snapshots created by a copy snapshot operation have an arbitrary volume ID that
 * you should not use for any purpose." (EC2 API reference, Snapshot.)
 */
const arbitraryVolume = "vol-ffffffff";

/** EC2's own description of a copy, unless whoever made it gave another: `[Copied snap-… from us-east-1] …`. */
const copiedFrom = /^\[Copied snap-[0-9a-f]+ from [a-z0-9-]+\]/;

const isCopy = ({ VolumeId: volume, TransferType: transfer, Description: text }: Snapshot) =>
  volume === undefined ||
  volume === arbitraryVolume ||
  transfer !== undefined ||
  copiedFrom.test(text ?? "");

const toSnapshot = (snapshot: Snapshot): OwnSnapshot => {
  const { snapshotId, state, imageId } = toSnapshotFacts(snapshot);
  const started = required(snapshot.StartTime, `when ${snapshotId} was begun`);
  const copy = isCopy(snapshot);
  return withoutUndefined({
    snapshotId,
    state,
    stateMessage: snapshot.StateMessage,
    volumeId: copy ? undefined : snapshot.VolumeId,
    isCopy: copy,
    imageId,
    description: snapshot.Description ?? "",
    sizeGib: required(snapshot.VolumeSize, `the size of ${snapshotId}`),
    fullSizeBytes: snapshot.FullSnapshotSizeInBytes,
    startedAt: started.toISOString(),
    isEncrypted: snapshot.Encrypted === true,
    kmsKeyId: snapshot.KmsKeyId,
    tier: required(snapshot.StorageTier, `the storage tier of ${snapshotId}`),
    ownerAlias: snapshot.OwnerAlias,
    isOnOutpost: (snapshot.OutpostArn ?? "") !== "",
    tags: tagRecord(snapshot.Tags),
  });
};

/**
 * All of the account's own in the region, or those of the ids that EC2 shows. A page has up to 1,000.
 * @throws what a page throws: nothing of a list that was not read to its end is used
 */
export const readOwnSnapshots = async (
  ec2: EC2Client,
  snapshotIds?: readonly string[],
): Promise<readonly OwnSnapshot[]> => {
  const found = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeSnapshots" }, () =>
        ec2.send(
          new DescribeSnapshotsCommand({
            OwnerIds: ["self"],
            ...(snapshotIds && { Filters: [{ Name: "snapshot-id", Values: [...snapshotIds] }] }),
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.Snapshots,
    next: (page) => page.NextToken,
  });
  return found.map(toSnapshot);
};

/** Those of the account's own that carry the tag. */
export const readTaggedSnapshots = async (
  ec2: EC2Client,
  tag: { readonly key: string; readonly value: string },
): Promise<readonly OwnSnapshot[]> =>
  (await describeSnapshots(ec2, { Name: `tag:${tag.key}`, Values: [tag.value] })).map(toSnapshot);

const toLock = (lock: LockedSnapshotsInfo): SnapshotLock => {
  const snapshotId = required(lock.SnapshotId, "the snapshot of a lock");
  return withoutUndefined({
    snapshotId,
    state: required(lock.LockState, `the lock of ${snapshotId}`),
    expiresAt: lock.LockExpiresOn?.toISOString(),
  });
};

/** Of all that are locked in the region, expired locks among them. */
export const readSnapshotLocks = async (ec2: EC2Client): Promise<readonly SnapshotLock[]> => {
  const locks = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeLockedSnapshots" }, () =>
        ec2.send(new DescribeLockedSnapshotsCommand({ MaxResults: largestPage, NextToken: token })),
      ),
    items: (page) => page.Snapshots,
    next: (page) => page.NextToken,
  });
  return locks.map(toLock);
};

/**
 * Deletes a snapshot that was seen. EC2 refuses one that an image stands on (InvalidSnapshot.InUse), that is locked, or that AWS Backup
 * has made.
 * @throws RetryableNotVisible where EC2 lists it, and does not know it by its id
 */
export const deleteOwnSnapshot = (ec2: EC2Client, snapshotId: string): Promise<Acted> =>
  removeOnce({
    action: "DeleteSnapshot",
    id: snapshotId,
    call: () => ec2.send(new DeleteSnapshotCommand({ SnapshotId: snapshotId })),
    isShown: async () => (await readOwnSnapshots(ec2, [snapshotId])).length > 0,
  });

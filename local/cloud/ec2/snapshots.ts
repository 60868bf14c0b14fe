/** Snapshots: a volume's content at one moment, complete after a time that grows with the size. */
import type {
  CreateSnapshotCommandInput,
  DeleteSnapshotCommandInput,
  DescribeSnapshotsCommandInput,
  DescribeSnapshotsResult,
  Snapshot as SnapshotView,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import {
  findOne,
  lasting,
  newId,
  selectVisible,
  tagList,
  tagsFor,
  type Ec2Context,
} from "./context.ts";
import { defined } from "./defined.ts";
import { applyFilters, tagFields, type Fields } from "./filters.ts";
import { paginate } from "./paging.ts";
import { throwAway } from "./recycle-bin-records.ts";
import { kinds, refuse, required } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import type { RegionState, Snapshot, Tags, Volume } from "./state.ts";
import { visibleFrom } from "./visibility.ts";

/** @throws CloudError SnapshotLimitExceeded. Sources: EC2 API reference, "Error codes"; EBS user guide, "Quotas for Amazon EBS". */
const checkQuota = (region: RegionState): void => {
  const own = [...region.snapshots.values()].filter(({ ownerId }) => ownerId === region.accountId);
  if (own.length < region.snapshotQuota) return;
  throw refuse(
    "SnapshotLimitExceeded",
    "You have reached the limit on the number of Amazon EBS snapshots that you can create.",
  );
};

/** † Its words; that a snapshot fails whose key cannot be used is in the EBS user guide, "Amazon EBS encryption". */
const finish = ({ keys: { rules } }: Ec2Context, snapshot: Snapshot): void => {
  const { kmsKeyId } = snapshot;
  const isMade = kmsKeyId === undefined || rules?.isUsable(kmsKeyId) !== false;
  snapshot.state = isMade ? "completed" : "error";
  if (!isMade) snapshot.stateMessage = "Given key ID is not accessible";
};

export const takeSnapshot = (
  context: Ec2Context,
  region: RegionState,
  input: {
    readonly volume: Volume;
    readonly description: string;
    readonly tags: Tags;
    readonly visibleAt: number;
  },
): Snapshot => {
  checkQuota(region);
  const { volume } = input;
  const atMs = context.clock.now();
  const { snapshotBaseMs, snapshotPerGibMs } = context.settings;
  const snapshot: Snapshot = {
    id: newId(context, "snap-"),
    createdAt: atMs,
    visibleAt: input.visibleAt,
    tags: input.tags,
    ownerId: region.accountId,
    volumeId: volume.id,
    sizeGib: volume.sizeGib,
    encrypted: volume.encrypted,
    ...(volume.kmsKeyId === undefined ? {} : { kmsKeyId: volume.kmsKeyId }),
    description: input.description,
    content: { writes: volume.content.writes },
    dueAt: atMs + lasting(context, snapshotBaseMs + volume.sizeGib * snapshotPerGibMs),
    state: "pending",
  };
  region.snapshots.set(snapshot.id, snapshot);
  context.timeline.at(snapshot.dueAt, () => {
    if (snapshot.state === "pending") finish(context, snapshot);
  });
  return snapshot;
};

/** Made long ago, of a volume that is gone. Returns its id. */
export const addOwnersSnapshot = (context: Ec2Context, region: RegionState): string => {
  const id = newId(context, "snap-");
  region.snapshots.set(id, {
    id,
    createdAt: 0,
    visibleAt: 0,
    tags: {},
    ownerId: region.accountId,
    volumeId: "vol-ffffffff",
    sizeGib: 8,
    encrypted: false,
    description: "",
    content: { writes: 0 },
    isDeclared: true,
    dueAt: 0,
    state: "completed",
  });
  return id;
};

/** Whole percent, rounded down: below 100 until it is completed. */
const percentOf = ({ clock, settings }: Ec2Context, snapshot: Snapshot): number => {
  if (snapshot.state === "completed") return 100;
  if (!settings.snapshotProgress) return 0;
  const made = (clock.now() - snapshot.createdAt) / (snapshot.dueAt - snapshot.createdAt);
  return Math.min(99, Math.floor(made * 100));
};

/** † Of a simulated volume half is written on when it is first copied: the bill counts the same. */
const writtenBytes = ({ sizeGib }: Snapshot): number => (sizeGib / 2) * 1024 ** 3;

const view = (context: Ec2Context, snapshot: Snapshot): SnapshotView => ({
  SnapshotId: snapshot.id,
  VolumeId: snapshot.volumeId,
  VolumeSize: snapshot.sizeGib,
  ...(snapshot.state === "completed" && { FullSnapshotSizeInBytes: writtenBytes(snapshot) }),
  State: snapshot.state,
  Progress: `${String(percentOf(context, snapshot))}%`,
  StartTime: new Date(snapshot.createdAt),
  OwnerId: snapshot.ownerId,
  Description: snapshot.description,
  Encrypted: snapshot.encrypted,
  ...(snapshot.kmsKeyId === undefined ? {} : { KmsKeyId: snapshot.kmsKeyId }),
  StorageTier: snapshot.traits?.tier ?? "standard",
  ...defined({
    StateMessage: snapshot.stateMessage,
    OwnerAlias: snapshot.traits?.ownerAlias,
    OutpostArn: snapshot.traits?.outpostArn,
    TransferType: snapshot.traits?.transferType,
  }),
  Tags: tagList(snapshot.tags),
});

/** AWS Backup gives what it makes this tag, and deletes it itself. EC2's words, as people report them. */
const backupTag = "aws:backup:source-resource";

const requireDeletable = ({ id, tags, traits }: Snapshot): void => {
  if (tags[backupTag] !== undefined) {
    throw refuse(
      "InvalidParameterValue",
      "This snapshot is managed by the AWS Backup service and cannot be deleted via EC2 APIs. If you wish to delete this snapshot, please do so via the Backup console.",
    );
  }
  const lock = traits?.lock;
  if (lock === undefined || lock.state === "expired") return;
  // † That a locked one can't be deleted is documented (EBS user guide, "Snapshot lock"); the code is the general one
  // of "Error codes", the words are from memory.
  throw refuse("OperationNotPermitted", `The snapshot '${id}' is locked in ${lock.state} mode.`);
};

/** @throws CloudError InvalidSnapshot.InUse while an image stands on it, and where it is kept by a lock or by AWS Backup. */
export const deleteSnapshot = (
  context: Ec2Context,
  region: RegionState,
  snapshot: Snapshot,
): void => {
  const image = [...region.images.values()].find((each) =>
    each.devices.some((device) => device.snapshotId === snapshot.id),
  );
  if (image !== undefined) {
    throw refuse(
      "InvalidSnapshot.InUse",
      `The snapshot ${snapshot.id} is currently in use by ${image.id}`,
    );
  }
  requireDeletable(snapshot);
  region.snapshots.delete(snapshot.id);
  for (const [key, { snapshotId }] of region.kept.fastRestores) {
    if (snapshotId === snapshot.id) region.kept.fastRestores.delete(key);
  }
  const comeBack = (): void => void region.snapshots.set(snapshot.id, snapshot);
  throwAway(context, region, { kind: "snapshot", resource: snapshot, comeBack });
};

const fields: Fields<Snapshot> = {
  ...tagFields<Snapshot>(),
  "snapshot-id": (snapshot) => snapshot.id,
  "volume-id": (snapshot) => snapshot.volumeId,
  "volume-size": (snapshot) => snapshot.sizeGib,
  "owner-id": (snapshot) => snapshot.ownerId,
  status: (snapshot) => snapshot.state,
  description: (snapshot) => snapshot.description,
  encrypted: (snapshot) => snapshot.encrypted,
};

export const snapshotOperations = (context: Ec2Context) => ({
  CreateSnapshot: (call: Call, input: CreateSnapshotCommandInput): SnapshotView => {
    const region = regionOf(context, call);
    const id = required(input.VolumeId, "VolumeId");
    const volume = findOne(context, region.volumes, { kind: kinds.volume, id });
    if (volume.state === "creating" || volume.state === "deleting") {
      throw refuse("IncorrectState", `The volume '${id}' is '${volume.state}'.`);
    }
    return view(
      context,
      takeSnapshot(context, region, {
        volume,
        description: input.Description ?? "",
        tags: tagsFor(input.TagSpecifications, "snapshot"),
        visibleAt: visibleFrom(context, context.clock.now()),
      }),
    );
  },

  DescribeSnapshots: (
    call: Call,
    input: DescribeSnapshotsCommandInput,
  ): DescribeSnapshotsResult => {
    const region = regionOf(context, call);
    const owners = input.OwnerIds?.map((owner) => (owner === "self" ? region.accountId : owner));
    const snapshots = applyFilters(
      selectVisible(context, region.snapshots, {
        kind: kinds.snapshot,
        ids: input.SnapshotIds,
        filters: input.Filters,
      }).filter((snapshot) => owners?.includes(snapshot.ownerId) ?? true),
      input.Filters,
      fields,
    );
    const { items, ...next } = paginate(snapshots, input, {
      min: 5,
      max: 1000,
      pageSize: context.settings.pageSize,
      ids: input.SnapshotIds,
      idsParameter: "snapshotSet",
    });
    return { Snapshots: items.map((snapshot) => view(context, snapshot)), ...next };
  },

  DeleteSnapshot: (call: Call, input: DeleteSnapshotCommandInput): Record<string, never> => {
    const region = regionOf(context, call);
    const id = required(input.SnapshotId, "SnapshotId");
    const snapshot = findOne(context, region.snapshots, { kind: kinds.snapshot, id });
    if (snapshot.ownerId !== region.accountId) {
      throw refuse("AuthFailure", `Not authorized for snapshot ${id}`);
    }
    deleteSnapshot(context, region, snapshot);
    return {};
  },
});

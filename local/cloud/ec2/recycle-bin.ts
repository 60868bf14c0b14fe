/** What the Recycle Bin holds, and the way out of it. Source: EC2 API reference, List…InRecycleBin, Restore…FromRecycleBin. */
import type {
  ListImagesInRecycleBinCommandInput,
  ListImagesInRecycleBinResult,
  ListSnapshotsInRecycleBinCommandInput,
  ListSnapshotsInRecycleBinResult,
  ListVolumesInRecycleBinCommandInput,
  ListVolumesInRecycleBinResult,
  RestoreImageFromRecycleBinCommandInput,
  RestoreSnapshotFromRecycleBinCommandInput,
  RestoreVolumeFromRecycleBinCommandInput,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import type { Ec2Context } from "./context.ts";
import type { BinEntry } from "./kept-state.ts";
import { paginate, type PageRequest } from "./paging.ts";
import { kinds, notFound, required } from "./refusals.ts";
import { regionOf } from "./regions.ts";

type Kind = BinEntry["kind"];

/** EC2 API reference: up to 500 volumes a page; † of the others the usual 1,000. */
const largestPages: Readonly<Record<Kind, number>> = { volume: 500, snapshot: 1000, image: 1000 };

/** † An id that is not in the bin is left out. */
const listed = (
  context: Ec2Context,
  call: Call,
  asked: {
    readonly kind: Kind;
    readonly ids: readonly string[] | undefined;
    readonly page: PageRequest;
  },
) => {
  const { kind, ids, page } = asked;
  const entries = [...regionOf(context, call).kept.bin.values()].filter(
    (entry) =>
      entry.kind === kind &&
      entry.visibleAt <= context.clock.now() &&
      (ids?.includes(entry.id) ?? true),
  );
  return paginate(entries, page, {
    min: 5,
    max: largestPages[kind],
    pageSize: context.settings.pageSize,
  });
};

const stayOf = ({ enteredAt, exitsAt }: BinEntry) => ({
  RecycleBinEnterTime: new Date(enteredAt),
  RecycleBinExitTime: new Date(exitsAt),
});

/** @throws CloudError NotFound where the bin has none of that id and kind */
const takeOut = (context: Ec2Context, call: Call, { kind, id }: Pick<BinEntry, "kind" | "id">) => {
  const { bin } = regionOf(context, call).kept;
  const entry = bin.get(id);
  if (entry?.kind !== kind) throw notFound(kinds[kind], [id]);
  entry.comeBack();
  bin.delete(id);
};

const lists = (context: Ec2Context) => ({
  ListVolumesInRecycleBin: (
    call: Call,
    input: ListVolumesInRecycleBinCommandInput,
  ): ListVolumesInRecycleBinResult => {
    const asked = { kind: "volume", ids: input.VolumeIds, page: input } as const;
    const { items, ...next } = listed(context, call, asked);
    return { Volumes: items.map((entry) => ({ VolumeId: entry.id, ...stayOf(entry) })), ...next };
  },

  ListSnapshotsInRecycleBin: (
    call: Call,
    input: ListSnapshotsInRecycleBinCommandInput,
  ): ListSnapshotsInRecycleBinResult => {
    const asked = { kind: "snapshot", ids: input.SnapshotIds, page: input } as const;
    const { items, ...next } = listed(context, call, asked);
    const Snapshots = items.map((entry) => ({ SnapshotId: entry.id, ...stayOf(entry) }));
    return { Snapshots, ...next };
  },

  ListImagesInRecycleBin: (
    call: Call,
    input: ListImagesInRecycleBinCommandInput,
  ): ListImagesInRecycleBinResult => {
    const asked = { kind: "image", ids: input.ImageIds, page: input } as const;
    const { items, ...next } = listed(context, call, asked);
    return { Images: items.map((entry) => ({ ImageId: entry.id, ...stayOf(entry) })), ...next };
  },
});

export const recycleBinOperations = (context: Ec2Context) => ({
  ...lists(context),

  RestoreVolumeFromRecycleBin: (call: Call, input: RestoreVolumeFromRecycleBinCommandInput) => {
    takeOut(context, call, { kind: "volume", id: required(input.VolumeId, "VolumeId") });
    return { Return: true };
  },

  RestoreSnapshotFromRecycleBin: (call: Call, input: RestoreSnapshotFromRecycleBinCommandInput) => {
    const id = required(input.SnapshotId, "SnapshotId");
    takeOut(context, call, { kind: "snapshot", id });
    return { SnapshotId: id };
  },

  RestoreImageFromRecycleBin: (call: Call, input: RestoreImageFromRecycleBinCommandInput) => {
    takeOut(context, call, { kind: "image", id: required(input.ImageId, "ImageId") });
    return { Return: true };
  },
});

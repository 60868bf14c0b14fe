/** Reads from EC2 what stands in the Recycle Bin. */
import {
  ListImagesInRecycleBinCommand,
  ListSnapshotsInRecycleBinCommand,
  ListVolumesInRecycleBinCommand,
  type EC2Client,
} from "@aws-sdk/client-ec2";
import type { BinEntry, BinKind } from "../../../core/model/waste/bin.ts";
import { orAbsent } from "../or-absent.ts";
import { required } from "../required.ts";
import { callAws } from "../translate-error.ts";

interface Stay {
  readonly RecycleBinEnterTime?: Date | undefined;
  readonly RecycleBinExitTime?: Date | undefined;
}

type Finder = (ec2: EC2Client, id: string) => Promise<Stay | undefined>;

const finders: Readonly<Record<BinKind, Finder>> = {
  volume: async (ec2, id) => {
    const { Volumes: found = [] } = await callAws(
      { action: "ListVolumesInRecycleBin", resource: id },
      () => ec2.send(new ListVolumesInRecycleBinCommand({ VolumeIds: [id] })),
    );
    return found.find(({ VolumeId }) => VolumeId === id);
  },
  snapshot: async (ec2, id) => {
    const { Snapshots: found = [] } = await callAws(
      { action: "ListSnapshotsInRecycleBin", resource: id },
      () => ec2.send(new ListSnapshotsInRecycleBinCommand({ SnapshotIds: [id] })),
    );
    return found.find(({ SnapshotId }) => SnapshotId === id);
  },
  image: async (ec2, id) => {
    const { Images: found = [] } = await callAws(
      { action: "ListImagesInRecycleBin", resource: id },
      () => ec2.send(new ListImagesInRecycleBinCommand({ ImageIds: [id] })),
    );
    return found.find(({ ImageId }) => ImageId === id);
  },
};

/**
 * How long it stays there. Undefined: the bin does not show it, so that it exists, is gone for ever, or was deleted a moment ago. † Whether EC2 answers an id that is not
 * in the bin with an empty list or with "not found" is not documented: both are read so.
 */
export const findInBin = async (
  ec2: EC2Client,
  { kind, id }: { readonly kind: BinKind; readonly id: string },
): Promise<BinEntry | undefined> => {
  const stay = await orAbsent(() => finders[kind](ec2, id));
  if (stay === undefined) return undefined;
  const { RecycleBinEnterTime: entered, RecycleBinExitTime: exits } = stay;
  return {
    kind,
    id,
    enteredAt: required(entered, `when ${id} came into the Recycle Bin`).toISOString(),
    exitsAt: required(exits, `when ${id} leaves the Recycle Bin`).toISOString(),
  };
};

/**
 * Which fast snapshot restores are on, and make no volume: the best find, at $540 a month for a snapshot in a zone. Who enabled it
 * pays, also for a snapshot that another account shares. Source: EBS user guide, "Amazon EBS fast snapshot restore".
 */
import { hoursPerMonth } from "../hours.ts";
import type { FastRestore, OwnSnapshot } from "../model/waste/snapshot.ts";
import type { OwnVolume } from "../model/waste/volume.ts";
import { isYounger } from "./age.ts";
import { reasonsOf, unlessKept, used, type Judgement } from "./judgement.ts";
import { keptByTags } from "./owners.ts";

/** No volume was made by it in so many days. */
const quietDays = 30;

export interface FastRestoreSurroundings {
  readonly accountId: string;
  readonly snapshots: ReadonlyMap<string, OwnSnapshot>;
  readonly volumes: readonly OwnVolume[];
  readonly claimedIds: ReadonlySet<string>;
  readonly now: Date;
}

/** One setting: of a snapshot in a zone. */
export const fastRestoreId = ({ snapshotId, zoneName }: FastRestore): string =>
  `${snapshotId}/${zoneName}`;

export const judgeFastRestore = (
  restore: FastRestore,
  around: FastRestoreSurroundings,
): Judgement => {
  const { snapshotId, zoneName, state, ownerId = around.accountId } = restore;
  if (state !== "enabled") return used(`It is ${state}.`);
  if (ownerId !== around.accountId) return used(`Account ${ownerId} has enabled it, and pays.`);
  const made = around.volumes.find(
    (volume) =>
      volume.snapshotId === snapshotId &&
      volume.isFastRestored &&
      isYounger(volume.createdAt, quietDays, around.now),
  );
  if (made !== undefined) return used(`Volume ${made.volumeId} was made by it.`);
  const snapshot = around.snapshots.get(snapshotId);
  const kept = [
    ...reasonsOf([
      [around.claimedIds.has(snapshotId), "EVALUATION", "An evaluation, or a cool-off, has it."],
    ]),
    ...keptByTags(snapshot?.tags ?? {}),
  ];
  return unlessKept(kept, () => ({
    why: `Fast snapshot restore of ${snapshotId} is on in ${zoneName}, and has made no volume that is there in ${String(quietDays)} days.`,
    effect: `Disables fast snapshot restore of ${snapshotId} in ${zoneName}. The snapshot stays.`,
    undo: `Enable it again: aws ec2 enable-fast-snapshot-restores --availability-zones ${zoneName} --source-snapshot-ids ${snapshotId}. It takes hours until it is optimised.`,
    unchecked: [
      "volumes that were made by it and deleted since",
      ...(snapshot === undefined ? ["tags of the snapshot, which is another account's"] : []),
    ],
    charges: [{ times: hoursPerMonth, price: ({ fastRestore }) => fastRestore }],
    ...(snapshot?.tags.Name !== undefined && { label: snapshot.tags.Name }),
  }));
};

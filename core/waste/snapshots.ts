/**
 * Which snapshots are old and nothing refers to. The newest of a lineage whose volume is gone is the last copy, and is never offered,
 * nor is a copy: EC2 does not tell of what it is one. Source: EC2 API reference, Snapshot, VolumeId.
 */
import type { LaunchSource, OwnImage } from "../model/waste/image.ts";
import type { FastRestore, OwnSnapshot, SnapshotLock } from "../model/waste/snapshot.ts";
import type { OwnVolume } from "../model/waste/volume.ts";
import {
  reasonsOf,
  unlessKept,
  used,
  type Charge,
  type Judgement,
  type LookUp,
} from "./judgement.ts";
import { keptByTags } from "./owners.ts";
import { isYounger } from "./age.ts";

export interface SnapshotReading {
  readonly snapshots: readonly OwnSnapshot[];
  readonly volumes: readonly OwnVolume[];
  /** Disabled ones among them. */
  readonly images: readonly OwnImage[];
  readonly sources: readonly LaunchSource[];
  readonly locks: readonly SnapshotLock[];
  readonly fastRestores: readonly FastRestore[];
  readonly protectedArns: ReadonlySet<string>;
  readonly claimedIds: ReadonlySet<string>;
}

export interface SnapshotSurroundings {
  /** By snapshot: what refers to it, as a sentence names it. */
  readonly references: ReadonlyMap<string, string>;
  readonly lastCopies: ReadonlySet<string>;
  readonly locks: ReadonlyMap<string, string>;
  readonly fastRestored: ReadonlySet<string>;
  readonly protectedIds: ReadonlySet<string>;
  readonly claimedIds: ReadonlySet<string>;
}

const isOurs = ({ tags }: OwnSnapshot): boolean =>
  keptByTags(tags).some(({ code }) => code === "OURS");

/**
 * Of each lineage whose volume is gone the newest completed one that stays. What we made before a deletion goes by itself once its days
 * are over, and is not a last copy.
 */
const lastCopiesOf = ({ snapshots, volumes }: SnapshotReading): ReadonlySet<string> => {
  const there = new Set(volumes.map(({ volumeId }) => volumeId));
  const newest = new Map<string, OwnSnapshot>();
  const last = new Set<string>();
  for (const snapshot of snapshots) {
    const { volumeId, isCopy, snapshotId, startedAt, state } = snapshot;
    if (isCopy || volumeId === undefined) last.add(snapshotId);
    else if (!there.has(volumeId) && state === "completed" && !isOurs(snapshot)) {
      const before = newest.get(volumeId);
      if (before === undefined || before.startedAt < startedAt) newest.set(volumeId, snapshot);
    }
  }
  for (const { snapshotId } of newest.values()) last.add(snapshotId);
  return last;
};

const referencesOf = ({ images, sources, volumes }: SnapshotReading): Map<string, string> =>
  new Map([
    ...volumes.flatMap(({ snapshotId, volumeId }) =>
      snapshotId === undefined ? [] : [[snapshotId, `volume ${volumeId}`] as const],
    ),
    ...sources.flatMap(({ kind, id, snapshotIds }) =>
      snapshotIds.map((snapshotId) => [snapshotId, `${kind} ${id}`] as const),
    ),
    ...images.flatMap(({ imageId, state, snapshotIds }) =>
      snapshotIds.map((snapshotId) => [snapshotId, `image ${imageId} (${state})`] as const),
    ),
  ]);

const idOfArn = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

export const surroundingsOfSnapshots = (reading: SnapshotReading): SnapshotSurroundings => ({
  references: referencesOf(reading),
  lastCopies: lastCopiesOf(reading),
  // An expired lock forbids nothing.
  locks: new Map(
    reading.locks
      .filter(({ state }) => state !== "expired")
      .map(({ snapshotId, state }) => [snapshotId, state]),
  ),
  fastRestored: new Set(
    reading.fastRestores.filter(({ state }) => state !== "disabled").map((one) => one.snapshotId),
  ),
  protectedIds: new Set([...reading.protectedArns].map(idOfArn)),
  claimedIds: reading.claimedIds,
});

const kept = (snapshot: OwnSnapshot, around: SnapshotSurroundings) => {
  const { snapshotId, isCopy } = snapshot;
  const lock = around.locks.get(snapshotId);
  return [
    ...reasonsOf([
      [
        around.lastCopies.has(snapshotId),
        "LAST_COPY",
        isCopy || snapshot.volumeId === undefined
          ? "It is a copy, or EC2 does not tell of which volume: it counts as the last one."
          : `Volume ${snapshot.volumeId} is gone, and this is the newest snapshot of it: the last copy.`,
      ],
      [lock !== undefined, "LOCKED", `A lock forbids to delete it (${lock ?? ""}).`],
      [snapshot.tier !== "standard", "ARCHIVED", `It is in the tier ${snapshot.tier}.`],
      [snapshot.isOnOutpost, "OUTPOST", "It is on an Outpost."],
      [snapshot.ownerAlias !== undefined, "SERVICE", `${snapshot.ownerAlias ?? ""} keeps it.`],
      [
        around.fastRestored.has(snapshotId),
        "FAST_RESTORE",
        "Fast snapshot restore is on for it: that is judged first.",
      ],
      [around.claimedIds.has(snapshotId), "EVALUATION", "An evaluation, or a cool-off, has it."],
      [around.protectedIds.has(snapshotId), "BACKUP", "AWS Backup protects it."],
    ]),
    ...keptByTags(snapshot.tags),
  ];
};

const bytesPerGib = 2 ** 30;

/** At most: what is charged are the blocks that no other snapshot of the lineage has, which EC2 does not tell. */
const gibOf = ({ sizeGib, fullSizeBytes }: OwnSnapshot): number =>
  fullSizeBytes === undefined ? sizeGib : Math.min(sizeGib, fullSizeBytes / bytesPerGib);

export const chargeOfSnapshot = (snapshot: OwnSnapshot): Charge => ({
  times: gibOf(snapshot),
  price: (prices) => prices.snapshot,
});

/** What names a snapshot and can't be read. */
const unchecked = [
  "Batch, EMR, Elastic Beanstalk, Data Pipeline, parameters of CloudFormation and plain SSM parameters that name it",
];

export const judgeSnapshot = (
  snapshot: OwnSnapshot,
  around: SnapshotSurroundings,
  { now, days }: { readonly now: Date; readonly days: number },
): Judgement => {
  const { snapshotId, state, startedAt, sizeGib, tags } = snapshot;
  if (state !== "completed") return used(`It is ${state}.`);
  if (isYounger(startedAt, days, now)) return used(`It is younger than ${String(days)} days.`);
  const reference = around.references.get(snapshotId);
  if (reference !== undefined) return used(`${reference} refers to it.`);
  return unlessKept(kept(snapshot, around), () => ({
    why: `The snapshot of ${startedAt} (of ${String(sizeGib)} GiB) is older than ${String(days)} days, and no image, volume, template or backup refers to it. Deleting it saves up to what is shown: blocks that others need are kept and charged.`,
    effect: `Deletes ${snapshotId}. Newer snapshots of the same volume stay whole.`,
    undo: "Restore it from the Recycle Bin under the same id as long as the bin keeps it. After that it is gone.",
    unchecked,
    charges: [chargeOfSnapshot(snapshot)],
    ...(tags.Name !== undefined && { label: tags.Name }),
  }));
};

/** Who needs a snapshot, as a sentence; undefined: nobody that the lists tell of. */
export const whoNeeds = (
  snapshotId: string,
  { references, locks, fastRestored, protectedIds, claimedIds }: SnapshotSurroundings,
): string | undefined => {
  const reference = references.get(snapshotId);
  const needs: readonly (readonly [boolean, string])[] = [
    [reference !== undefined, `${reference ?? ""} refers to it.`],
    [locks.has(snapshotId), "A lock forbids to delete it."],
    [fastRestored.has(snapshotId), "Fast snapshot restore is on for it."],
    [protectedIds.has(snapshotId), "AWS Backup protects it."],
    [claimedIds.has(snapshotId), "An evaluation, or a cool-off, has it."],
  ];
  return needs.find(([holds]) => holds)?.[1];
};

/** One of the same volume that was begun before it, as EC2 shows them. */
export const olderOf = (
  snapshotId: string,
  snapshots: readonly OwnSnapshot[],
): OwnSnapshot | undefined => {
  const own = snapshots.find((one) => one.snapshotId === snapshotId);
  return own === undefined
    ? undefined
    : snapshots.find(
        ({ volumeId, startedAt }) =>
          volumeId !== undefined && volumeId === own.volumeId && startedAt < own.startedAt,
      );
};

const notRead = (sentence: string): LookUp => ({
  kind: "UNKNOWN",
  reasons: [{ code: "NOT_READ", sentence }],
});

/** What is told of one snapshot alone. */
interface SnapshotUse {
  /** Account ids, `all`. Undefined: it could not be read. */
  readonly sharedWith: readonly string[] | undefined;
  /** All versions of launch templates that have older ones. Undefined: there are more than are read. */
  readonly olderTemplates: readonly LaunchSource[] | undefined;
}

/** Undefined: nobody in another account may use it. */
const judgeShares = (sharedWith: readonly string[] | undefined): LookUp | undefined => {
  if (sharedWith === undefined) return notRead("Whether it is shared could not be read.");
  if (sharedWith.length === 0) return undefined;
  const sentence = `It is shared with ${sharedWith.join(", ")}.`;
  return { kind: "KEPT", reasons: [{ code: "SHARED", sentence }] };
};

/** A group may launch any version of a template. */
const whichVersionNeeds = (
  snapshotId: string,
  olderTemplates: readonly LaunchSource[],
): string | undefined => {
  const source = olderTemplates.find(({ snapshotIds }) => snapshotIds.includes(snapshotId));
  return source && `Version ${String(source.version)} of ${source.kind} ${source.id} refers to it.`;
};

export const judgeSnapshotUse = (
  snapshotId: string,
  { sharedWith, olderTemplates }: SnapshotUse,
): LookUp => {
  const shared = judgeShares(sharedWith);
  if (shared !== undefined) return shared;
  if (olderTemplates === undefined) {
    return notRead("There are more launch templates with older versions than are read.");
  }
  const sentence = whichVersionNeeds(snapshotId, olderTemplates);
  return sentence === undefined
    ? { kind: "CLEAR" }
    : { kind: "KEPT", reasons: [{ code: "REFERENCED", sentence }] };
};

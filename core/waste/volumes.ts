/** Which volumes nothing has: they are offered once CloudWatch, too, shows that they were attached to nothing in all these days. */
import type { Place } from "../model/place.ts";
import type { BackupSelection } from "../model/waste/backup-selection.ts";
import type { MetricQuestion, MetricReading } from "../model/waste/metric.ts";
import type { OwnVolume } from "../model/waste/volume.ts";
import { planThatTakes } from "./backup-plans.ts";
import {
  reasonsOf,
  unlessKept,
  used,
  type Charge,
  type Judgement,
  type LookUp,
} from "./judgement.ts";
import { keptByTags } from "./owners.ts";

export interface VolumeSurroundings {
  /** What open evaluations and our due intents name. */
  readonly claimedIds: ReadonlySet<string>;
  /** ARNs of what AWS Backup protects. */
  readonly protectedArns: ReadonlySet<string>;
  readonly backupSelections: readonly BackupSelection[];
  readonly place: Place;
}

/** Of gp3 so much is in its price. Source: EBS user guide, "General Purpose SSD volumes". */
const freeIops = 3000;
const freeMibps = 125;

/** In the units of the list: a row with another unit is not understood, and its price is absent. */
const throughputTimes = (mibps: number): Charge => ({
  times: (mibps - freeMibps) / 1024,
  price: ({ throughput }) =>
    throughput?.unit.toLowerCase() === "gibps-mo" ? throughput : undefined,
});

const chargedIops = ({ volumeType, iops = 0 }: OwnVolume): number => {
  if (volumeType === "gp3") return Math.max(0, iops - freeIops);
  return volumeType === "io1" || volumeType === "io2" ? iops : 0;
};

/** What it costs whether or not something has it. */
export const chargesOfVolume = (volume: OwnVolume): readonly Charge[] => {
  const { volumeType, sizeGib, throughputMibps = 0 } = volume;
  const iops = chargedIops(volume);
  return [
    { times: sizeGib, price: ({ volumes }) => volumes.get(volumeType) },
    ...(iops > 0
      ? [{ times: iops, price: (prices) => prices.iops.get(volumeType) } as Charge]
      : []),
    ...(volumeType === "gp3" && throughputMibps > freeMibps
      ? [throughputTimes(throughputMibps)]
      : []),
  ];
};

const isProtected = ({ volumeId }: OwnVolume, { protectedArns }: VolumeSurroundings): boolean =>
  [...protectedArns].some((arn) => arn.endsWith(`:volume/${volumeId}`));

/** It may have backed up nothing yet: it is of a plan of each month, or was made yesterday. */
const planOf = (
  { volumeId, tags }: OwnVolume,
  { place: { region, accountId }, backupSelections }: VolumeSurroundings,
): string | undefined => {
  const arn = `arn:aws:ec2:${region}:${accountId}:volume/${volumeId}`;
  return planThatTakes({ arn, tags }, backupSelections);
};

const kept = (volume: OwnVolume, around: VolumeSurroundings) => {
  const plan = planOf(volume, around);
  return [
    ...reasonsOf([
      [
        volume.isOperatorManaged,
        "SERVICE",
        `A service manages it${volume.operator === undefined ? "" : ` (${volume.operator})`}.`,
      ],
      [volume.isMultiAttach, "MULTI_ATTACH", "Several instances may have it at once."],
      [volume.isOnOutpost, "OUTPOST", "It is on an Outpost."],
      [
        around.claimedIds.has(volume.volumeId),
        "EVALUATION",
        "An evaluation, or a cool-off, has it.",
      ],
      [isProtected(volume, around), "BACKUP", "AWS Backup protects it."],
      [plan !== undefined, "BACKUP", `The backup plan ${plan ?? ""} takes it.`],
    ]),
    ...keptByTags(volume.tags),
  ];
};

export const judgeVolume = (volume: OwnVolume, around: VolumeSurroundings): Judgement => {
  const { volumeId, sizeGib, volumeType, zoneName, createdAt, state } = volume;
  if (state !== "available") return used(`It is ${state}.`);
  return unlessKept(kept(volume, around), () => ({
    why: `Nothing has the volume (${String(sizeGib)} GiB ${volumeType} in ${zoneName}, made ${createdAt}).`,
    effect: `Makes a snapshot of ${volumeId}, waits until it is completed, and deletes the volume.`,
    undo: "Restore it from the Recycle Bin under the same id as long as the bin keeps it; then make a volume from the snapshot, which has a new id and is slow at the first touch.",
    unchecked: ["scripts, parameters and stacks that name the volume by its id"],
    charges: chargesOfVolume(volume),
    ...(volume.tags.Name !== undefined && { label: volume.tags.Name }),
  }));
};

/** EBS publishes it only while a volume is attached. Source: EC2 user guide, "Amazon CloudWatch metrics for Amazon EBS". */
export const attachmentQuestion = (volumeId: string): MetricQuestion => ({
  key: volumeId,
  namespace: "AWS/EBS",
  metric: "VolumeIdleTime",
  dimensions: { VolumeId: volumeId },
  statistic: "Sum",
});

/** Of the days in which our readings showed it as unattached. */
export const judgeAttachments = (reading: MetricReading | undefined): LookUp => {
  if (reading?.kind === "NONE") return { kind: "CLEAR" };
  if (reading?.kind === "MEASURED") {
    return {
      kind: "USED",
      because: `CloudWatch shows it attached between two readings, last at ${reading.lastAt}.`,
    };
  }
  const because = reading?.because ?? "it gave no answer";
  return {
    kind: "UNKNOWN",
    reasons: [
      {
        code: "NOT_READ",
        sentence: `CloudWatch could not say whether it was attached between two readings: ${because}.`,
      },
    ],
  };
};

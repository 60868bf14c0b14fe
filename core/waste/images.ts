/**
 * Which images nothing launches: they are disabled first, and deregistered thirty days later. EC2 notes the last launch 24 hours late,
 * and knows of none before April 2017: such an image counts from its making. Source: EC2 API reference, Image, LastLaunchedTime.
 */
import type { ImageReference, ImageUsage, LaunchSource, OwnImage } from "../model/waste/image.ts";
import type { KeptReason } from "../model/waste/finding.ts";
import type { FastRestore, OwnSnapshot } from "../model/waste/snapshot.ts";
import { isYounger } from "./age.ts";
import { reasonsOf, unlessKept, used, type Judgement, type LookUp } from "./judgement.ts";
import { keptByTags } from "./owners.ts";
import { chargeOfSnapshot } from "./snapshots.ts";

/** Of a name family so many are kept, whatever their age: a roll-back needs them. */
const keptOfFamily = 3;

/** So long an image stays disabled before it is deregistered. */
export const disabledDays = 30;

export interface ImageReading {
  readonly images: readonly OwnImage[];
  readonly sources: readonly LaunchSource[];
  readonly snapshots: ReadonlyMap<string, OwnSnapshot>;
  readonly fastRestores: readonly FastRestore[];
  readonly claimedIds: ReadonlySet<string>;
}

export interface ImageSurroundings extends ImageReading {
  readonly newest: ReadonlySet<string>;
  /** What launches it, as a sentence names it. */
  readonly launchedBy: ReadonlyMap<string, string>;
  /** By image: one that was copied from it. */
  readonly copiedTo: ReadonlyMap<string, string>;
  readonly fastRestored: ReadonlySet<string>;
}

/** `web-2026-01-31T0900` and `web-2026-02-28T0900` are of one family: what counts or dates them is left out. */
const familyOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[0-9a-f]{8,}|\d+/g, "#")
    .replaceAll(/#[\s_.:tz-]*(?=#)/g, "");

const newestOf = (images: readonly OwnImage[]): ReadonlySet<string> => {
  const families = Map.groupBy(images, ({ name }) => familyOf(name));
  return new Set(
    [...families.values()].flatMap((family) =>
      family
        .toSorted((one, other) => (one.createdAt < other.createdAt ? 1 : -1))
        .slice(0, keptOfFamily)
        .map(({ imageId }) => imageId),
    ),
  );
};

export const surroundingsOfImages = (reading: ImageReading): ImageSurroundings => ({
  ...reading,
  newest: newestOf(reading.images),
  launchedBy: new Map(
    reading.sources.flatMap(({ kind, id, imageId }) =>
      imageId === undefined ? [] : [[imageId, `${kind} ${id}`] as const],
    ),
  ),
  copiedTo: new Map(
    reading.images.flatMap(({ imageId, sourceImageId }) =>
      sourceImageId === undefined ? [] : [[sourceImageId, imageId] as const],
    ),
  ),
  fastRestored: new Set(
    reading.fastRestores.filter(({ state }) => state !== "disabled").map((one) => one.snapshotId),
  ),
});

const kept = (image: OwnImage, around: ImageSurroundings) => {
  const { imageId, ownerAlias, productCodes, snapshotIds } = image;
  const copy = around.copiedTo.get(imageId);
  const isNamed = [imageId, ...snapshotIds].some((id) => around.claimedIds.has(id));
  return [
    ...reasonsOf([
      [image.isDeregistrationProtected, "PROTECTED", "It is protected from deregistration."],
      [image.isPublic, "SHARED", "It is public."],
      [
        productCodes.length > 0,
        "MARKETPLACE",
        `It has product codes (${productCodes.join(", ")}).`,
      ],
      [ownerAlias !== undefined, "SERVICE", `${ownerAlias ?? ""} keeps it.`],
      [copy !== undefined, "REFERENCED", `Image ${copy ?? ""} was copied from it.`],
      [
        around.newest.has(imageId),
        "LAST_COPY",
        `It is among the ${String(keptOfFamily)} newest of its name.`,
      ],
      [
        snapshotIds.some((id) => around.fastRestored.has(id)),
        "FAST_RESTORE",
        "Fast snapshot restore is on for a snapshot of it: that is judged first.",
      ],
      [isNamed, "EVALUATION", "An evaluation, or a cool-off, has it."],
    ]),
    ...keptByTags(image.tags),
  ];
};

const lastUse = ({ lastLaunchedAt, createdAt }: OwnImage): string => lastLaunchedAt ?? createdAt;

export const judgeImage = (
  image: OwnImage,
  around: ImageSurroundings,
  { now, days }: { readonly now: Date; readonly days: number },
): Judgement => {
  const { imageId, name, state, lastLaunchedAt, createdAt, snapshotIds } = image;
  if (state !== "available") return used(`It is ${state}.`);
  if (isYounger(lastUse(image), days, now)) {
    return used(`It was launched or made in the last ${String(days)} days.`);
  }
  const launcher = around.launchedBy.get(imageId);
  if (launcher !== undefined) return used(`${launcher} launches it.`);
  const snapshots = snapshotIds.flatMap((id) => around.snapshots.get(id) ?? []);
  const launched =
    lastLaunchedAt === undefined
      ? `was never launched that EC2 knows of (made ${createdAt})`
      : `was last launched ${lastLaunchedAt}`;
  return unlessKept(kept(image, around), () => ({
    why: `The image ${launched}, and no template or launch configuration names it.`,
    effect: `Disables ${imageId}, so that nothing new launches it; after ${String(disabledDays)} days it is deregistered. Its snapshots stay, and are judged by themselves then.`,
    undo: `In these days: aws ec2 enable-image --image-id ${imageId}; shares do not come back with it, and stand in the finding. After that: from the Recycle Bin as long as the bin keeps it, its snapshots first.`,
    unchecked: [
      "Batch, EMR, Elastic Beanstalk, Data Pipeline, parameters of CloudFormation and plain SSM parameters that name it",
      "copies of it in other regions and accounts",
    ],
    // What its snapshots cost: saved once these are deleted too.
    charges: snapshots.length < snapshotIds.length ? [] : snapshots.map(chargeOfSnapshot),
    label: name,
  }));
};

const sharing = (sharedWith: readonly string[], usage: ImageUsage | undefined): KeptReason[] => {
  if (sharedWith.length === 0 || usage?.kind === "UNUSED") return [];
  const shared = `It is shared with ${sharedWith.join(", ")}`;
  if (usage?.kind === "USED") {
    const sentence = `${shared}, and used by ${usage.accountIds.join(", ")}.`;
    return [{ code: "SHARED", sentence }];
  }
  const why = usage?.kind === "PENDING" ? "is being made" : "is not there";
  return [{ code: "SHARED", sentence: `${shared}, and the report of who uses it ${why}.` }];
};

/** What EC2 tells of one image: what names it, with whom it is shared, and who uses it there. */
export const judgeImageUse = ({
  references,
  sharedWith,
  usage,
}: {
  readonly references: readonly ImageReference[];
  readonly sharedWith: readonly string[];
  readonly usage?: ImageUsage | undefined;
}): LookUp => {
  const reasons: readonly KeptReason[] = [
    ...references.slice(0, 1).map(({ kind, arn }): KeptReason => ({
      code: "REFERENCED",
      sentence: `${kind} ${arn} refers to it.`,
    })),
    ...sharing(sharedWith, usage),
  ];
  return reasons.length === 0 ? { kind: "CLEAR" } : { kind: "KEPT", reasons };
};

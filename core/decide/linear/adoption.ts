/** Of what an adoption takes our tags away: of all that the evaluation has tagged, but for the instance that serves. */
import { hasEnded } from "../../model/instance.ts";
import { changesOf, type Intent } from "../../model/intent.ts";
import { claimTag, retireAfterTag } from "../../model/tags.ts";
import type { FoundImage, FoundInstance } from "./roll-back/world.ts";

export interface AdoptionInput {
  readonly originalId: string;
  /** Undefined when EC2 does not show it. */
  readonly original: FoundInstance | undefined;
  readonly serving: string;
  /** All that were launched, in whatever state. */
  readonly replacements: readonly FoundInstance[];
  readonly images: readonly FoundImage[];
  /** Ids of all that carries the evaluation's tag now, the original aside. */
  readonly carrying: ReadonlySet<string>;
  readonly intents: readonly Intent[];
  readonly ourTags: Readonly<Record<string, string>>;
}

interface TagsToTakeAway {
  readonly resources: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** What is from now on its owner's, for sentences. */
  readonly left: readonly string[];
}

const partsOf = ({ instanceId, volumes, networkInterfaces }: FoundInstance): readonly string[] => [
  instanceId,
  ...volumes.map(({ volumeId }) => volumeId),
  ...networkInterfaces.map(({ networkInterfaceId }) => networkInterfaceId),
];

/**
 * What carries our tag no longer, or never did, is left out: the role may not touch it, and one that is named denies the whole call.
 * A replacement that serves keeps its tags, as after a switch. The original loses those by which the janitor would end it,
 * whether it serves or not.
 */
export const tagsToTakeAway = (input: AdoptionInput): TagsToTakeAway => {
  const { originalId, original, serving, replacements, images, intents, ourTags } = input;
  const { carrying } = input;
  const [retirement] = changesOf(intents, "RETIRE_ORIGINAL");
  const [claimed] = changesOf(intents, "CLAIM_ORIGINAL");
  const alive = replacements.filter(({ state }) => !hasEnded(state));
  const others = alive.filter(({ instanceId }) => instanceId !== serving);
  const kept = images.filter(({ state }) => state !== "deregistered");
  const ofImages = kept.flatMap(({ imageId, snapshotIds }) => [imageId, ...snapshotIds]);
  const snapshots = changesOf(intents, "CREATE_SNAPSHOT")
    .flatMap(({ snapshotId }) => snapshotId ?? [])
    .filter((id) => carrying.has(id) && !ofImages.includes(id));
  return {
    resources: [
      ...(original === undefined ? [] : [originalId]),
      ...[...others.flatMap(partsOf), ...ofImages, ...snapshots].filter((id) => carrying.has(id)),
    ],
    tags: {
      ...ourTags,
      ...(retirement === undefined ? {} : { [retireAfterTag]: retirement.dueAt }),
      ...(claimed === undefined ? {} : { [claimTag]: claimed.claim }),
    },
    left: [
      ...(original === undefined || hasEnded(original.state) || serving === originalId
        ? []
        : [`the original ${originalId} (${original.state})`]),
      ...others.map(({ instanceId, state }) => `the replacement ${instanceId} (${state})`),
      ...kept.map(({ imageId }) => `the image ${imageId}`),
      ...snapshots.map((id) => `the snapshot ${id}`),
    ],
  };
};

/**
 * Says which intent made a thing that EC2 shows. A tag finds and never entitles: backups, "launch more like this" and a
 * customer's own images copy tags. Only what an intent claims is ended.
 */
import { changesOf, type ChangeOf, type Intent } from "../../../model/intent.ts";
import type { FoundImage, FoundInstance, FoundThing } from "./world.ts";

type Of<Kind extends "LAUNCH_INSTANCE" | "CREATE_IMAGE"> = Intent & {
  readonly change: ChangeOf<Kind>;
};

const isLaunch = (intent: Intent): intent is Of<"LAUNCH_INSTANCE"> =>
  intent.change.kind === "LAUNCH_INSTANCE";

const isImaging = (intent: Intent): intent is Of<"CREATE_IMAGE"> =>
  intent.change.kind === "CREATE_IMAGE";

export const launchesIn = (intents: readonly Intent[]): readonly Of<"LAUNCH_INSTANCE">[] =>
  intents.filter(isLaunch);

export const imagingsIn = (intents: readonly Intent[]): readonly Of<"CREATE_IMAGE">[] =>
  intents.filter(isImaging);

export const launchOf = (
  intents: readonly Intent[],
  { instanceId, clientToken }: Pick<FoundInstance, "instanceId" | "clientToken">,
): Of<"LAUNCH_INSTANCE"> | undefined =>
  launchesIn(intents).find(
    ({ change }) => change.instanceId === instanceId || change.clientToken === clientToken,
  );

export const imagingOf = (
  intents: readonly Intent[],
  { imageId, name }: Pick<FoundImage, "imageId" | "name">,
): Of<"CREATE_IMAGE"> | undefined =>
  imagingsIn(intents).find(({ change }) => change.imageId === imageId || change.imageName === name);

/** A snapshot of an image that an intent made: noted before the image went, or told by EC2's own description of it. */
export const isOurSnapshot = (
  intents: readonly Intent[],
  { kind, id, imageId }: FoundThing,
): boolean =>
  kind === "snapshot" &&
  changesOf(intents, "CREATE_IMAGE").some(
    (change) =>
      change.snapshotIds?.includes(id) === true ||
      (imageId !== undefined && change.imageId === imageId),
  );

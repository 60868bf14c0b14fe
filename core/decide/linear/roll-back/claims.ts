/**
 * Says which intent made a thing that EC2 shows. A tag finds and never entitles: backups, "launch more like this" and a
 * customer's own images copy tags. Only what an intent claims is ended.
 */
import { changesOf, type ChangeOf, type Intent } from "../../../model/intent.ts";
import type { FoundImage, FoundThing } from "./world.ts";

type Imaging = Intent & { readonly change: ChangeOf<"CREATE_IMAGE"> };

const isImaging = (intent: Intent): intent is Imaging => intent.change.kind === "CREATE_IMAGE";

export const imagingsIn = (intents: readonly Intent[]): readonly Imaging[] =>
  intents.filter(isImaging);

export const imagingOf = (
  intents: readonly Intent[],
  { imageId, name }: Pick<FoundImage, "imageId" | "name">,
): Imaging | undefined =>
  imagingsIn(intents).find(({ change }) => change.imageId === imageId || change.imageName === name);

/** A snapshot of an image that an intent made: noted before the image went, or told by EC2's own description of it. */
export const isOurSnapshot = (
  intents: readonly Intent[],
  { kind, id, imageId }: FoundThing,
): boolean =>
  kind === "snapshot" &&
  (changesOf(intents, "CREATE_SNAPSHOT").some(({ snapshotId }) => snapshotId === id) ||
    changesOf(intents, "CREATE_IMAGE").some(
      (change) =>
        change.snapshotIds?.includes(id) === true ||
        (imageId !== undefined && change.imageId === imageId),
    ));

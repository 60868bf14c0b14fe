/**
 * The owner's tags are his: none of them is changed or taken away, on the original or on what takes over from it, and after a
 * roll-back no other is there than before. What he adds meanwhile stays.
 */
import type { Judged, Promised } from "./promise.ts";

type Tags = Readonly<Record<string, string>>;

const isOurs = (key: string): boolean => key === "ManagedBy" || key.startsWith("spot-optimizer:");

/**
 * `ManagedBy` is the owner's where he has one; what begins with our name may be an earlier deployment's. AWS's own nobody else may set
 * on a replacement.
 */
const isOwners = (key: string): boolean =>
  !key.startsWith("spot-optimizer:") && !key.startsWith("aws:");

const changed = (before: Tags, now: Tags, among: (key: string) => boolean): readonly string[] =>
  Object.entries(before)
    .filter(([key, value]) => among(key) && now[key] !== value)
    .map(([key, value]) => `the tag ${key} was ${value} and is ${now[key] ?? "gone"}`);

const ofUndone = ({ lab: { watch }, ending: { original } }: Judged): readonly string[] => {
  if (original === undefined) return [];
  const { tagsBefore: before } = watch;
  return [
    ...changed(before, original.tags, () => true),
    ...Object.keys(original.tags)
      .filter((key) => isOurs(key) && before[key] === undefined)
      .map((key) => `the tag ${key} is left on the original`),
  ];
};

const ofSwitched = ({ lab: { watch }, ending: { original }, server }: Judged): readonly string[] =>
  [original, server].flatMap((instance) =>
    instance === undefined
      ? []
      : changed(watch.tagsBefore, instance.tags, isOwners).map(
          (sentence) => `${instance.instanceId}: ${sentence}`,
        ),
  );

export const ownerTagsStay: Promised = {
  atEnd: (judged) => {
    if (judged.end === "AS_IT_WAS") return ofUndone(judged);
    return judged.end === "SWITCHED" ? ofSwitched(judged) : [];
  },
};

/** Says whether an instance was launched in place of a lost one by its owner, or by a tool of his. */
import { evaluationTag, isOurTag, isOwnTagKey } from "../../model/tags.ts";

type Tags = Readonly<Record<string, string>>;

interface Tagged {
  readonly instanceId: string;
  readonly tags: Tags;
}

/** Without AWS's own, which no owner writes, and what we have set. */
const ownersTags = (tags: Tags): readonly string[] =>
  Object.entries(tags)
    .filter(([key, value]) => !key.startsWith("aws:") && !isOwnTagKey(key) && !isOurTag(key, value))
    .map(([key, value]) => `${key}=${value}`)
    .sort();

/** By what an owner's tool writes again: all his tags. One that we have launched is not his. */
export const isMadeInPlaceOf = (lost: Tagged, found: Tagged): boolean =>
  found.instanceId !== lost.instanceId &&
  found.tags[evaluationTag] === undefined &&
  ownersTags(found.tags).join("\n") === ownersTags(lost.tags).join("\n");

/** Tags of a launch that come from two sides: the template's, and those that a fleet or a group adds. */
import type { ResourceType, Tag, TagSpecification } from "@aws-sdk/client-ec2";
import type { Tags } from "./state.ts";

const listOf = (tags: Tags): Tag[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** What is added wins, by kind of resource. */
export const mergedTags = (
  specifications: readonly TagSpecification[],
  added: Readonly<Partial<Record<ResourceType, Tags>>>,
): TagSpecification[] => {
  const kinds = Object.entries(added) as [ResourceType, Tags][];
  const others = specifications.filter(
    ({ ResourceType: kind }) => kind === undefined || added[kind] === undefined,
  );
  const merged = kinds.map(([kind, tags]) => {
    const own = specifications.find(({ ResourceType: each }) => each === kind)?.Tags ?? [];
    const kept = own.filter(({ Key: key = "" }) => !Object.hasOwn(tags, key));
    return { ResourceType: kind, Tags: [...kept, ...listOf(tags)] };
  });
  return [...others, ...merged.filter(({ Tags: tags }) => tags.length > 0)];
};

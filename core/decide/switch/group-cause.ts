/** Reads of a group what a failure's cause names: whether a resource was there before us, and the fact that it is about. */
import type { CauseReader } from "../../model/cause-reader.ts";
import type { GroupFacts } from "../../model/group.ts";
import { isOurTag } from "../../model/tags.ts";
import { counted } from "../offers/figures.ts";

const isNamedIn = (part: unknown, resource: string): boolean =>
  typeof part === "object" && part !== null
    ? Object.values(part).some((smaller) => isNamedIn(smaller, resource))
    : part === resource;

const tagsOf = ({ tags, template }: GroupFacts): string => {
  const own = Object.entries(tags).filter(([key, value]) => !isOurTag(key, value));
  return counted(own.length + (template?.tagKeys.length ?? 0), "tag");
};

const attachmentsOf = ({ template }: GroupFacts): string =>
  `${counted(template?.deviceNames.length ?? 0, "volume")} and ${counted(template?.interfaces ?? 0, "interface")}`;

/** `undefined`: Auto Scaling did not show the group. */
export const causesOfGroup = (group: GroupFacts | undefined): CauseReader => ({
  isTheirs: (resource) => isNamedIn(group, resource),
  factNow: (kind) => {
    if (group === undefined) return undefined;
    switch (kind) {
      case "tags":
        return tagsOf(group);
      case "attachments":
        return attachmentsOf(group);
      case "type":
        return group.template?.instanceType ?? "unknown";
    }
  },
});

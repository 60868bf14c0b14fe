/** Reads of one instance what a failure's cause names: whether a resource was there before us, and the fact that it is about. */
import type { InstanceFacts } from "../../model/instance.ts";
import type { FactKind } from "../../model/target.ts";
import { isOurTag } from "../../model/tags.ts";
import { counted } from "../offers/figures.ts";
import type { CauseReader } from "../../model/cause-reader.ts";

/** AWS's own don't count against the limit. Source: EC2 user guide, "Tag restrictions". */
const tagsOf = ({ tags }: InstanceFacts): string => {
  const counting = Object.entries(tags).filter(
    ([key, value]) => !key.startsWith("aws:") && !isOurTag(key, value),
  );
  return counted(counting.length, "tag");
};

const attachmentsOf = ({ volumes, networkInterfaces, instanceType }: InstanceFacts): string =>
  `${counted(volumes.length, "volume")} and ${counted(networkInterfaces.length, "interface")} on ${instanceType}`;

const facts: Readonly<Record<FactKind, (instance: InstanceFacts) => string>> = {
  tags: tagsOf,
  attachments: attachmentsOf,
  type: ({ instanceType }) => instanceType,
};

const isNamedIn = (part: unknown, resource: string): boolean =>
  typeof part === "object" && part !== null
    ? Object.values(part).some((smaller) => isNamedIn(smaller, resource))
    : part === resource;

/** `undefined`: EC2 did not show the instance. */
export const causesOf = (instance: InstanceFacts | undefined): CauseReader => ({
  isTheirs: (resource) => isNamedIn(instance, resource),
  factNow: (kind) => (instance === undefined ? undefined : facts[kind](instance)),
});

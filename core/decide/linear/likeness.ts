/**
 * Is the replacement what the verdict saw in the original? Parts that move are looked at one by one elsewhere; here is what a
 * replacement has from its launch on, and where on it the parts are. What it lacks of that by which it can stand in for the
 * original keeps it from being verified. Any other difference was made by somebody since: it is told, and left as it is.
 */
import type {
  InstanceFacts,
  NetworkInterfaceFacts,
  ReplacementFacts,
} from "../../model/instance.ts";
import { isOurTag } from "../../model/tags.ts";
import type { Policy } from "../../policy/policy.ts";
import { primaryInterface, travellingInterfaces, travellingVolumes } from "./travelling-parts.ts";

interface Pair {
  /** As the verdict was given on it. */
  readonly original: InstanceFacts;
  readonly replacement: ReplacementFacts;
}

export interface Likeness {
  /** Without these it does not take the original's place. */
  readonly lacks: readonly string[];
  /** It serves all the same. */
  readonly differs: readonly string[];
}

const profile = "instance profile";

const misplacedVolumes = (
  { original, replacement }: Pair,
  policy: Pick<Policy, "consistency">,
): readonly string[] =>
  travellingVolumes(original, policy)
    .filter(
      ({ volumeId, deviceName }) =>
        !replacement.volumes.some(
          (found) => found.volumeId === volumeId && found.deviceName === deviceName,
        ),
    )
    .map(({ volumeId, deviceName }) => `volume ${volumeId} on ${deviceName}`);

const misplacedInterfaces = ({ original, replacement }: Pair): readonly string[] =>
  travellingInterfaces(original)
    .filter(
      ({ networkInterfaceId, deviceIndex }) =>
        !replacement.networkInterfaces.some(
          (found) =>
            found.networkInterfaceId === networkInterfaceId && found.deviceIndex === deviceIndex,
        ),
    )
    .map(
      ({ networkInterfaceId, deviceIndex }) =>
        `network interface ${networkInterfaceId} at index ${String(deviceIndex)}`,
    );

const groupsOf = (found: NetworkInterfaceFacts | undefined): readonly string[] =>
  found?.securityGroupIds ?? [];

/** Clients may not get through without one. */
const missingGroups = ({ original, replacement }: Pair): readonly string[] => {
  const has = groupsOf(primaryInterface(replacement));
  return groupsOf(primaryInterface(original))
    .filter((id) => !has.includes(id))
    .map((id) => `security group ${id} on its primary interface`);
};

const profileOf = ({ launchSettings }: Pick<InstanceFacts, "launchSettings">): string =>
  launchSettings?.[profile] ?? "none";

/** The software may be refused what it needs without it. */
const missingProfile = ({ original, replacement }: Pair): readonly string[] => {
  const had = profileOf(original);
  return had === "none" ||
    replacement.launchSettings === undefined ||
    profileOf(replacement) === had
    ? []
    : [`${profile} ${had}`];
};

/** One that moved keeps those that it has: who changed them meant this interface. */
const differingGroups = ({ original, replacement }: Pair): readonly string[] =>
  replacement.networkInterfaces.flatMap((found) => {
    const isPrimary = found === primaryInterface(replacement);
    const before = isPrimary
      ? primaryInterface(original)
      : original.networkInterfaces.find(
          ({ networkInterfaceId }) => networkInterfaceId === found.networkInterfaceId,
        );
    if (before === undefined) return [];
    const [had, has] = [groupsOf(before), groupsOf(found)];
    const at = `at ${found.networkInterfaceId}`;
    return [
      ...has.filter((id) => !had.includes(id)).map((id) => `security group ${id} is new ${at}`),
      ...(isPrimary ? [] : had.filter((id) => !has.includes(id))).map(
        (id) => `security group ${id} is gone ${at}`,
      ),
      ...(found.sourceDestCheck === before.sourceDestCheck
        ? []
        : [`source/destination check is ${found.sourceDestCheck ? "on" : "off"} ${at}`]),
    ];
  });

/** What carries no meaning of its owner's: AWS's own can't be set, ours come and go. */
const isOwners = (key: string, value: string): boolean =>
  !key.startsWith("aws:") && !isOurTag(key, value);

const differingTags = ({ original, replacement }: Pair): readonly string[] =>
  Object.entries(original.tags)
    .filter(([key, value]) => isOwners(key, value) && replacement.tags[key] !== value)
    .map(([key, value]) => {
      const found = replacement.tags[key];
      return found === undefined
        ? `tag ${key}=${value} is gone`
        : `tag ${key} was ${value} and is ${found}`;
    });

const differingSettings = ({ original, replacement }: Pair): readonly string[] => {
  const [had, has] = [original.launchSettings, replacement.launchSettings];
  if (had === undefined || has === undefined) return [];
  return Object.entries(had)
    .filter(([name, value]) => has[name] !== value && (name !== profile || value === "none"))
    .map(([name, value]) => `${name} was ${value} and is ${has[name] ?? "unknown"}`);
};

export const compareReplacement = (pair: Pair, policy: Pick<Policy, "consistency">): Likeness => ({
  lacks: [
    ...misplacedVolumes(pair, policy),
    ...misplacedInterfaces(pair),
    ...missingGroups(pair),
    ...missingProfile(pair),
  ],
  differs: [...differingGroups(pair), ...differingTags(pair), ...differingSettings(pair)],
});

/**
 * Tags by which the owner of an Auto Scaling group sets limits at the group itself: `spot-optimizer:batch-size` = `4`. They win over
 * the target's policy. One that can't be read is not ignored: whoever wrote it meant something.
 */
import { atFirstUse } from "../at-first-use.ts";
import { isOwnTagKey, tagPrefix } from "../model/tags.ts";
import { policySchema, type Policy } from "./policy.ts";

/** `false`: the group is left alone, whatever is registered. */
export const enabledTag = "spot-optimizer:enabled";

/** Some services take no comma in a tag's value. */
const separators = /[\s,/]+/;

type Reader = (text: string) => unknown;

const asNumber: Reader = (text) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);
const asNames: Reader = (text) => text.split(separators).filter((name) => name !== "");
/** `30 percent` too: not every service takes a percent sign in a tag. */
const asBase: Reader = (text) => asNumber(text.replace(/\s*(percent|%)$/, "%"));

export interface GroupTag {
  readonly key: string;
  readonly limit: keyof Policy;
  /** What may stand in it, for whoever is told that it can't be read. */
  readonly form: string;
  readonly read: Reader;
}

/** In the order of the docs' table. */
export const groupTags: readonly GroupTag[] = [
  {
    key: "spot-optimizer:on-demand-base",
    limit: "onDemandBase",
    form: "a number of instances such as 2, or a share such as 30%",
    read: asBase,
  },
  {
    key: "spot-optimizer:batch-size",
    limit: "batchSize",
    form: "a whole number from 1 to 10",
    read: asNumber,
  },
  {
    key: "spot-optimizer:max-pool-share-percent",
    limit: "maxPoolSharePercent",
    form: "a number from 1 to 100",
    read: asNumber,
  },
  {
    key: "spot-optimizer:min-savings-percent",
    limit: "minSavingsPercent",
    form: "a number from 0 to 95",
    read: asNumber,
  },
  {
    key: "spot-optimizer:allowed-types",
    limit: "allowedTypes",
    form: "types or families such as m5 m6i.large, with blanks between them",
    read: asNames,
  },
  {
    key: "spot-optimizer:excluded-types",
    limit: "excludedTypes",
    form: "types or families such as t3 m5.large, with blanks between them",
    read: asNames,
  },
];

interface MalformedTag {
  readonly key: string;
  readonly value: string;
  readonly form: string;
}

export interface GroupOverrides {
  /** Absent: the owner has not said. */
  readonly enabled?: boolean;
  readonly limits: Partial<Policy>;
  readonly malformed: readonly MalformedTag[];
}

const schemas = atFirstUse(() => policySchema().shape);

type Tags = Readonly<Record<string, string>>;

const readEnabled = (tags: Tags): Pick<GroupOverrides, "enabled" | "malformed"> => {
  const value = tags[enabledTag];
  const text = value?.trim().toLowerCase();
  if (value === undefined) return { malformed: [] };
  if (text === "true" || text === "false") return { enabled: text === "true", malformed: [] };
  return { malformed: [{ key: enabledTag, value, form: "true or false" }] };
};

const knownKeys: readonly string[] = [enabledTag, ...groupTags.map(({ key }) => key)];

const plain = (key: string): string => key.toLowerCase().replaceAll(/[_-]/g, "");

/** What the key must be instead. Undefined: it is not meant for us, or is one that is read elsewhere. */
const mendedKey = (key: string): string | undefined => {
  if (knownKeys.includes(key) || isOwnTagKey(key)) return undefined;
  const meant = knownKeys.find((name) => plain(name) === plain(key));
  if (meant !== undefined) return `spelled ${meant}`;
  return key.startsWith(tagPrefix) ? `one of ${knownKeys.join(", ")}` : undefined;
};

/** Keys in other spellings (`spot-optimizer:batch_size`), or of no limit of a group, are malformed too: they would be ignored else. */
const misspelt = (tags: Tags): readonly MalformedTag[] =>
  Object.entries(tags).flatMap(([key, value]) => {
    const form = mendedKey(key);
    return form === undefined ? [] : [{ key, value, form }];
  });

/** What the owner set at the group. Tags of others, and those that we set or that enrol it, say nothing here. */
export const readGroupTags = (tags: Tags): GroupOverrides => {
  const { malformed: badEnabled, ...enabled } = readEnabled(tags);
  const limits: Partial<Record<keyof Policy, unknown>> = {};
  const malformed: MalformedTag[] = [...badEnabled, ...misspelt(tags)];
  for (const { key, limit, form, read } of groupTags) {
    const value = tags[key];
    if (value === undefined) continue;
    const parsed = schemas()[limit].safeParse(read(value.trim()));
    if (parsed.success && value.trim() !== "") limits[limit] = parsed.data;
    else malformed.push({ key, value, form });
  }
  return { ...enabled, limits: limits as Partial<Policy>, malformed };
};

/** What applies to the group: its tags over what is registered. */
export const policyOfGroup = (policy: Policy, { limits }: GroupOverrides): Policy => ({
  ...policy,
  ...limits,
});

/** The resources that a call is authorised on, with the condition keys that the reference lists for them: no other key has a value. */
import type { Asked, AskedResource } from "./policy.ts";
import { serviceAuthorization } from "./service-authorization.ts";

type Values = string | readonly string[];

export interface ResourceFacts {
  readonly arn: string;
  /** The kind as the reference names it, for instance `network-interface`. */
  readonly type: string;
  /** Tags that it has before the call. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Tags that the call gives it. */
  readonly requestTags?: Readonly<Record<string, string>> | undefined;
  /** Keys of the service, for instance `ec2:InstanceMarketType`. */
  readonly keys?: Readonly<Record<string, Values | undefined>> | undefined;
}

const tagKey = /^(?<kind>aws:ResourceTag|aws:RequestTag|[a-z0-9-]+:[rR]esourceTag)\/(?<tag>.+)$/;

/** No keys: the call sets no tag. */
const tagKeysOf = (tags: ResourceFacts["requestTags"] = {}): Values | undefined => {
  const keys = Object.keys(tags);
  return keys.length === 0 ? undefined : keys;
};

interface KeyName {
  /** Of a tag's key. */
  readonly kind?: string | undefined;
  readonly tag: string;
  /** As the reference spells it. */
  readonly spelled: string;
}

/** Those that policies name: few, and asked for at each call. */
const names = new Map<string, KeyName>();

const nameOf = (name: string): KeyName => {
  const known = names.get(name);
  if (known !== undefined) return known;
  const { kind, tag = "" } = tagKey.exec(name)?.groups ?? {};
  const made = { kind, tag, spelled: name.replace(tagKey, "$<kind>/${TagKey}") };
  names.set(name, made);
  return made;
};

const valueOf = (facts: ResourceFacts, name: string): Values | undefined => {
  if (name === "aws:TagKeys") return tagKeysOf(facts.requestTags);
  const { kind, tag } = nameOf(name);
  if (kind === undefined) return facts.keys?.[name];
  return (kind === "aws:RequestTag" ? facts.requestTags : facts.tags)?.[tag];
};

/** Keys by action and kind, spelled as the reference does. */
const listed = new Map<string, ReadonlySet<string>>();

const keysOf = (action: string, type: string): ReadonlySet<string> => {
  const id = `${action} ${type}`;
  const known = listed.get(id);
  if (known !== undefined) return known;
  const found = serviceAuthorization().actions[action];
  const keys = new Set([...(found?.keys ?? []), ...(found?.resources[type]?.keys ?? [])]);
  listed.set(id, keys);
  return keys;
};

const resourceOf = (action: string, facts: ResourceFacts): AskedResource => {
  let keys: ReadonlySet<string> | undefined;
  return {
    arn: facts.arn,
    key: (name) => {
      keys ??= keysOf(action, facts.type);
      return keys.has(nameOf(name).spelled) ? valueOf(facts, name) : undefined;
    },
  };
};

export const asked = (action: string, resources: readonly ResourceFacts[]): Asked => ({
  action,
  resources: resources.map((facts) => resourceOf(action, facts)),
});

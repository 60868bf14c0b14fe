/** One spelling of a value: what is hashed, and what a replay is compared with byte for byte. */
import { SpotOptimizerError } from "./errors.ts";

/** Where the value is that is being spelled: `inside` are the objects around it, `path` the keys that led to it. Changed on the way. */
interface Place {
  readonly inside: object[];
  readonly path: (string | number)[];
}

const spellPath = (path: readonly (string | number)[]): string =>
  path.map((key) => (typeof key === "number" ? `[${String(key)}]` : `.${key}`)).join("");

const refuse = ({ path }: Place, what: string): never => {
  const resource = `$${spellPath(path)}`;
  throw new SpotOptimizerError("BrokenInput", `${what} at ${resource} has no canonical JSON.`, {
    resource,
  });
};

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
};

const spellMember = (value: unknown, key: string | number, place: Place): string => {
  // What most are, and none of them is refused.
  if (typeof value === "string") return JSON.stringify(value);
  place.path.push(key);
  const spelled = spell(value, place);
  place.path.pop();
  return spelled;
};

const spellList = (values: readonly unknown[], place: Place): string => {
  let spelled = "";
  // By index: an empty place is refused, and not passed over.
  for (let index = 0; index < values.length; index += 1) {
    spelled += `${index === 0 ? "" : ","}${spellMember(values[index], index, place)}`;
  }
  return `[${spelled}]`;
};

/** More than our models have kinds of objects. What begins with a key that is data, as those of tags, is not kept beyond it. */
const mostKnown = 2_000;

interface Field {
  readonly key: string;
  readonly spelled: string;
}

interface Fields {
  readonly keys: readonly string[];
  readonly sorted: readonly Field[];
}

/** By the first key, those that were sorted last: the members of a list have the same, one after the other. */
const known = new Map<string, Fields>();

const areSame = (some: readonly string[], others: readonly string[]): boolean => {
  if (some.length !== others.length) return false;
  for (let index = 0; index < some.length; index += 1) {
    if (some[index] !== others[index]) return false;
  }
  return true;
};

/** In order of UTF-16 code units, which is the same on every machine (RFC 8785, section 3.2.3). */
const sortedFields = (value: object): readonly Field[] => {
  const keys = Object.keys(value);
  const first = keys[0] ?? "";
  const last = known.get(first);
  if (last !== undefined && areSame(last.keys, keys)) return last.sorted;
  const sorted = keys.toSorted().map((key) => ({ key, spelled: JSON.stringify(key) }));
  if (last !== undefined || known.size < mostKnown) known.set(first, { keys, sorted });
  return sorted;
};

const spellMembers = (value: Readonly<Record<string, unknown>>, place: Place): string => {
  let spelled = "";
  for (const { key, spelled: name } of sortedFields(value)) {
    const member = value[key];
    if (member === undefined) continue;
    const separator = spelled === "" ? "" : ",";
    spelled += `${separator}${name}:${spellMember(member, key, place)}`;
  }
  return `{${spelled}}`;
};

const spellObject = (value: object, place: Place): string => {
  const { inside } = place;
  if (inside.includes(value)) return refuse(place, "A cycle");
  inside.push(value);
  const spelled = Array.isArray(value)
    ? spellList(value, place)
    : isPlain(value)
      ? spellMembers(value as Readonly<Record<string, unknown>>, place)
      : refuse(place, "An object of a class");
  inside.pop();
  return spelled;
};

const spell = (value: unknown, place: Place): string => {
  switch (typeof value) {
    case "string":
    case "boolean":
      return JSON.stringify(value);
    case "number":
      return Number.isFinite(value)
        ? JSON.stringify(value)
        : refuse(place, "A number without value");
    case "object":
      return value === null ? "null" : spellObject(value, place);
    default:
      return refuse(place, `A value of type ${typeof value}`);
  }
};

/**
 * JSON without white space, keys sorted, undefined members dropped, array order kept.
 * Throws BrokenInput, naming the path, on what JSON would change silently: NaN, infinities, functions, symbols,
 * big integers, undefined in an array or alone, cycles, and objects of a class (a Date: write it as a string).
 */
export const canonicalJson = (value: unknown): string => spell(value, { inside: [], path: [] });

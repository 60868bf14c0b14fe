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

/** More than our models have fields. Keys that are data, as those of tags, are not kept beyond it. */
const mostKeys = 2_000;

const keys = new Map<string, string>();

/** The same fields come again with each value: to quote them anew takes a third of the time. */
const spellKey = (key: string): string => {
  const known = keys.get(key);
  if (known !== undefined) return known;
  const spelled = JSON.stringify(key);
  if (keys.size < mostKeys) keys.set(key, spelled);
  return spelled;
};

/** In order of UTF-16 code units, which is the same on every machine (RFC 8785, section 3.2.3). */
const spellMembers = (value: Readonly<Record<string, unknown>>, place: Place): string => {
  let spelled = "";
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member === undefined) continue;
    const separator = spelled === "" ? "" : ",";
    spelled += `${separator}${spellKey(key)}:${spellMember(member, key, place)}`;
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

/** One spelling of a value: what is hashed, and what a replay is compared with byte for byte. */
import { SpotOptimizerError } from "./errors.ts";

const refuse = (path: string, what: string): never => {
  throw new SpotOptimizerError("BrokenInput", `${what} at ${path} has no canonical JSON.`, {
    resource: path,
  });
};

/** In order of UTF-16 code units, which is the same on every machine (RFC 8785, section 3.2.3). */
const byKey = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : 1;

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
};

const spellObject = (value: object, path: string, ancestors: readonly object[]): string => {
  if (ancestors.includes(value)) return refuse(path, "A cycle");
  const inside = [...ancestors, value];
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const spelled = Array.from(items, (item, index) =>
      spell(item, `${path}[${String(index)}]`, inside),
    );
    return `[${spelled.join(",")}]`;
  }
  if (!isPlain(value)) return refuse(path, "An object of a class");
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(byKey)
    .map(([key, member]) => `${JSON.stringify(key)}:${spell(member, `${path}.${key}`, inside)}`);
  return `{${members.join(",")}}`;
};

const spell = (value: unknown, path: string, ancestors: readonly object[]): string => {
  switch (typeof value) {
    case "string":
    case "boolean":
      return JSON.stringify(value);
    case "number":
      return Number.isFinite(value)
        ? JSON.stringify(value)
        : refuse(path, "A number without value");
    case "object":
      return value === null ? "null" : spellObject(value, path, ancestors);
    default:
      return refuse(path, `A value of type ${typeof value}`);
  }
};

/**
 * JSON without white space, keys sorted, undefined members dropped, array order kept.
 * Throws BrokenInput, naming the path, on what JSON would change silently: NaN, infinities, functions, symbols,
 * big integers, undefined in an array or alone, cycles, and objects of a class (a Date: write it as a string).
 */
export const canonicalJson = (value: unknown): string => spell(value, "$", []);

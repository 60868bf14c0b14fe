/**
 * The API speaks snake_case, the core camelCase. Keys are converted at every depth, except inside maps whose
 * keys are data (tag names, phase names): those pass through untouched.
 */
import { snakeName, type SnakeName } from "../../core/snake-name.ts";

/** The same value with snake_case keys, and arrays that may be written. */
export type SnakeKeys<Value> = Value extends string | number | boolean | null | undefined
  ? Value
  : Value extends readonly (infer Entry)[]
    ? SnakeKeys<Entry>[]
    : { -readonly [Key in keyof Value as SnakeName<Key & string>]: SnakeKeys<Value[Key]> };

/** Fields (by either spelling) that hold a map from data to data. */
const mapFields: ReadonlySet<string> = new Set(["tags"]);

/** An underscore before a digit stays: a digit has no capital to stand for it. */
export const camelName = (name: string): string =>
  name.replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());

const renameKeys = (value: unknown, rename: (name: string) => string): unknown => {
  if (Array.isArray(value)) return value.map((entry) => renameKeys(entry, rename));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [
      rename(name),
      mapFields.has(name) ? entry : renameKeys(entry, rename),
    ]),
  );
};

/** More than our schemas have: of the keys of other maps, which are data, no more are kept. */
const mostSpelled = 2_000;

/** An answer has a hundred fields, and the next one has the same. */
const spelled = new Map<string, string>();

const snakeNameOnce = (name: string): string => {
  const known = spelled.get(name) ?? snakeName(name);
  if (spelled.size < mostSpelled) spelled.set(name, known);
  return known;
};

/** For responses. */
export const snakeKeys = <Value>(value: Value): SnakeKeys<Value> =>
  renameKeys(value, snakeNameOnce) as SnakeKeys<Value>;

/** For requests; the result is to be parsed by the core's own schema. */
export const camelKeys = (value: unknown): unknown => renameKeys(value, camelName);

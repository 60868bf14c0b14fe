/**
 * Reference paths into a state's input: `$.name`, `$.list[0]`, `$['any name']`. No wildcards, filters or slices:
 * a path means exactly one place. The context object (`$$`) is not in the subset.
 */

import { StateFailed } from "./failures.ts";
import type { Json, JsonObject } from "./json.ts";
import { isJsonList, isJsonObject } from "./json.ts";

export interface ReferencePath {
  readonly text: string;
  readonly steps: readonly (string | number)[];
}

export type Found = { readonly isFound: true; readonly value: Json } | { readonly isFound: false };

const stepPattern = /\.(?<name>[\p{L}\p{N}_-]+)|\['(?<quoted>[^'\\]+)'\]|\[(?<index>\d+)\]/uy;

/** @returns undefined if the text is not a reference path */
export const parsePath = (text: string): ReferencePath | undefined => {
  if (!text.startsWith("$")) return undefined;
  const steps: (string | number)[] = [];
  let position = 1;
  while (position < text.length) {
    stepPattern.lastIndex = position;
    const groups = stepPattern.exec(text)?.groups;
    if (groups === undefined) return undefined;
    const name = groups["name"] ?? groups["quoted"];
    steps.push(name ?? Number(groups["index"]));
    position = stepPattern.lastIndex;
  }
  return { text, steps };
};

const stepInto = (value: Json, step: string | number): Json | undefined => {
  if (typeof step === "number") return isJsonList(value) ? value[step] : undefined;
  return isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
};

export const readPath = (path: ReferencePath, input: Json): Found => {
  let value = input;
  for (const step of path.steps) {
    const next = stepInto(value, step);
    if (next === undefined) return { isFound: false };
    value = next;
  }
  return { isFound: true, value };
};

/** For ResultPath: names only, below `$`. */
export const parseResultPath = (text: string): readonly string[] | undefined => {
  const path = parsePath(text);
  if (path === undefined) return undefined;
  const names = path.steps.filter((step) => typeof step === "string");
  return names.length === path.steps.length ? names : undefined;
};

const placeBelow = (input: JsonObject, names: readonly string[], result: Json): JsonObject => {
  const [name, ...rest] = names;
  if (name === undefined) return input;
  if (rest.length === 0) return { ...input, [name]: result };
  const below = Object.hasOwn(input, name) ? input[name] : undefined;
  return { ...input, [name]: placeBelow(isJsonObject(below) ? below : {}, rest, result) };
};

/** The input with the result put at the place; everything on the way is copied, nothing changed. */
export const placeResult = (input: Json, names: readonly string[], result: Json): Json => {
  if (names.length === 0) return result;
  if (!isJsonObject(input)) {
    throw new StateFailed({
      error: "States.ResultPathMatchFailure",
      cause: `Unable to apply ReferencePath $.${names.join(".")} to input ${JSON.stringify(input)}`,
    });
  }
  return placeBelow(input, names, result);
};

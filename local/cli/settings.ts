/** Reads what is typed as name=value: limits of a policy, `max_risk=0.1`, and tags. */
import { InvalidArgumentError } from "commander";
import type { components } from "./api/schema.ts";

export type Settings = Readonly<Record<string, unknown>>;

type Policy = components["schemas"]["PolicyOverrides"];

/** Limits that are lists of names. */
type ListLimit = {
  [Name in keyof Policy]-?: NonNullable<Policy[Name]> extends readonly (infer Each)[]
    ? [Each] extends [string]
      ? Name
      : never
    : never;
}[keyof Policy];

const listLimits: Readonly<Record<ListLimit, true>> = {
  accept_change_of: true,
  allowed_types: true,
  excluded_types: true,
  local_volume_drivers: true,
};

const names = (text: string): readonly string[] =>
  text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");

/** JSON where it is some, as a number or a list; else the text itself, or the names of a list. */
const valueOf = (name: string, text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return Object.hasOwn(listLimits, name) ? names(text) : text;
  }
};

const pairOf = (text: string): readonly [name: string, value: string] | undefined => {
  const at = text.indexOf("=");
  return at < 1 ? undefined : [text.slice(0, at), text.slice(at + 1)];
};

/** For an option that may be given several times. */
export const setting = (text: string, earlier: Settings = {}): Settings => {
  const [name = "", value = ""] = pairOf(text) ?? [];
  if (/^[a-z][a-z0-9_]*$/.test(name)) return { ...earlier, [name]: valueOf(name, value) };
  throw new InvalidArgumentError("It must be name=value, as max_risk=0.1.");
};

/** How values are typed, for the help of `--set`. */
export const settingHelp = "lists as a,b or as JSON; may be given several times";

export type Tags = Readonly<Record<string, string>>;

/** For an option that may be given several times. */
export const tag = (text: string, earlier: Tags = {}): Tags => {
  const pair = pairOf(text);
  if (pair !== undefined) return { ...earlier, [pair[0]]: pair[1] };
  throw new InvalidArgumentError("It must be name=value, as team=payments.");
};

/** As JSON, for people. */
export const valueText = (value: unknown): string =>
  value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);

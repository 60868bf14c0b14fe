/** Schemas for the values of options. What is wrong is said with the value as it was typed. */
import { statSync } from "node:fs";
import { resolve } from "node:path";
import * as z from "zod";
import { messageOf } from "./terminal.ts";

export const flag = z.boolean().default(false);

/** What the text stands for; `wrong` is said of a text for which `parse` gives undefined. */
export const textAs = <Value>(
  parse: (text: string) => Value | undefined,
  wrong: (text: string) => string,
) =>
  z.string().transform((text, context): Value => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue(wrong(text));
    return z.NEVER;
  });

interface Range {
  readonly from: number;
  readonly to: number;
}

const numberWithin = (text: string, { from, to }: Range): number | undefined => {
  const value = Number(text);
  return value >= from && value <= to ? value : undefined;
};

/** Of 0 or more. */
export const wholeNumber = (range: Range) =>
  textAs(
    (text) => (/^\d{1,16}$/.test(text) ? numberWithin(text, range) : undefined),
    (text) => `"${text}" is not a whole number from ${String(range.from)} to ${String(range.to)}`,
  );

/** Of 0 or more, in decimals. */
export const decimalNumber = (range: Range) =>
  textAs(
    (text) => (/^\d{1,16}(\.\d+)?$/.test(text) ? numberWithin(text, range) : undefined),
    (text) => `"${text}" is not a number from ${String(range.from)} to ${String(range.to)}`,
  );

/** Of a market, or of all that is random in a run. 32 bits are what the generator keeps. */
export const seed = wholeNumber({ from: 0, to: 2 ** 32 - 1 });

/** Absolute; need not exist. */
export const pathBelow = (folder: string) =>
  z.string().transform((typed) => resolve(folder, typed));

/** Undefined: it is one. */
const objection = (path: string, typed: string, kind: "file" | "folder"): string | undefined => {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return `there is no ${kind} ${typed}`;
    const isOne = kind === "file" ? found.isFile() : found.isDirectory();
    return isOne ? undefined : `${typed} is not a ${kind}`;
  } catch (error) {
    return messageOf(error);
  }
};

const existing = (folder: string, kind: "file" | "folder") =>
  z.string().transform((typed, context) => {
    const path = resolve(folder, typed);
    const wrong = objection(path, typed, kind);
    if (wrong !== undefined) context.addIssue(wrong);
    return { typed, path };
  });

/** Absolute path of a file. */
export const existingFile = (folder: string) =>
  existing(folder, "file").transform(({ path }) => path);

/** Absolute path of a folder, and the text by which a report may call it. */
export const existingFolder = (folder: string) => existing(folder, "folder");

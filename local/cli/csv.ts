/** Prints tables for spreadsheets as the API writes them, to their last row. */
import { Option, type Command } from "commander";
import { Failure } from "./failure.ts";
import type { Context } from "./context.ts";

export interface CsvOptions {
  readonly csv?: true;
}

export const addCsv = (command: Command): Command =>
  command.addOption(new Option("--csv", "print all of it as a table for spreadsheets (RFC 4180)"));

interface TextAnswer {
  readonly data?: string | undefined;
  readonly response: Response;
}

/** `<…?cursor=…>; rel="next"` */
const cursorIn = (link: string | null): string | undefined => {
  const address = /^<([^>]+)>/.exec(link ?? "")?.[1];
  return address === undefined
    ? undefined
    : (new URL(address, "http://api.local").searchParams.get("cursor") ?? undefined);
};

/** A header has no line ends of its own. */
const withoutHeader = (table: string): string => table.slice(table.indexOf("\n") + 1);

const trimmed = (table: string): string => table.replace(/\r?\n$/, "");

/** By which the API knows that a table is meant. */
export const acceptsCsv = { headers: { accept: "text/csv" }, parseAs: "text" } as const;

/** @param read the rows behind a cursor, with `acceptsCsv` */
export const printCsv = async (
  { print }: Pick<Context, "print">,
  read: (
    cursor: string | undefined,
  ) => Promise<{ readonly data?: unknown; readonly response: Response }>,
): Promise<void> => {
  if (print.isJson) {
    throw new Failure("USAGE", "--csv and --json don't go together", { next: "leave one out" });
  }
  let cursor: string | undefined;
  let isFirst = true;
  do {
    const { data, response } = (await read(cursor)) as TextAnswer;
    const table = trimmed(data ?? "");
    print.say(...(isFirst ? [table] : [withoutHeader(table)].filter((rows) => rows !== "")));
    isFirst = false;
    cursor = cursorIn(response.headers.get("link"));
  } while (cursor !== undefined);
};

/** Reads lists page by page, as far as somebody wants to see them. */
import { InvalidArgumentError, Option, type Command } from "commander";
import { Failure } from "./failure.ts";
import type { Page } from "./output/print.ts";

export interface PagingOptions {
  readonly limit: number;
  readonly all?: true;
  readonly cursor?: string;
}

interface PageQuery {
  readonly limit: number;
  readonly cursor?: string;
}

/** Some other server's JSON. */
const noList = "The answer is not a list, and not of the control API";
const askHealth = "spot health";

/** Whatever the types say: it comes from outside. */
const isList = (items: unknown): boolean => Array.isArray(items);

/** What the API gives at once. */
const largestPage = 100;
const usualLimit = 50;

export const wholeNumber =
  (from: number, to: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d{1,9}$/.test(text) && value >= from && value <= to) return value;
    throw new InvalidArgumentError(
      `It must be a whole number from ${String(from)} to ${String(to)}.`,
    );
  };

export const addPaging = (command: Command): Command =>
  command
    .addOption(
      new Option("--limit <n>", "show so many at most")
        .argParser(wholeNumber(1, 100_000))
        .default(usualLimit),
    )
    .option("--all", "show all of them")
    .option("--cursor <cursor>", "go on where an earlier list ended");

/** @param read one page; it may be shorter than its limit and still have a cursor */
export const readPages = async <Row>(
  { limit, all, cursor: first }: PagingOptions,
  read: (query: PageQuery) => Promise<Page<Row>>,
): Promise<Page<Row>> => {
  const items: Row[] = [];
  const wanted = all === true ? Infinity : limit;
  let cursor = first;
  do {
    const page = await read({
      limit: Math.min(largestPage, wanted - items.length),
      ...(cursor !== undefined && { cursor }),
    });
    if (!isList(page.items)) throw new Failure("UNREACHABLE", noList, { next: askHealth });
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined && items.length < wanted);
  return { items, ...(cursor !== undefined && { cursor }) };
};

/** Below a list: whether there is more, and how to see it. */
export const footerOf = ({ items, cursor }: Page<unknown>, nouns: string): string =>
  cursor === undefined
    ? `${String(items.length)} ${items.length === 1 ? nouns.replace(/s$/, "") : nouns}.`
    : `The first ${String(items.length)} ${nouns}. More: --all, or --cursor ${cursor}`;

/** Picks fields of the API's documents by their dotted names, for `--fields`. */
import { Failure } from "../failure.ts";
import type { Column } from "./layout.ts";

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Undefined where it is absent. */
const fieldOf = (document: unknown, name: string): unknown =>
  name
    .split(".")
    .reduce<unknown>(
      (inner, part) => (isObject(inner) && Object.hasOwn(inner, part) ? inner[part] : undefined),
      document,
    );

export const fieldText = (document: unknown, name: string): string => {
  const value = fieldOf(document, name);
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
};

/** The document with one field alone, nested as it is. */
const nested = (parts: readonly string[], value: unknown): unknown =>
  parts.reduceRight((inner, part) => ({ [part]: inner }), value);

const merged = (one: unknown, other: unknown): unknown =>
  isObject(one) && isObject(other)
    ? {
        ...one,
        ...other,
        ...Object.fromEntries(
          Object.keys(other)
            .filter((name) => Object.hasOwn(one, name))
            .map((name) => [name, merged(one[name], other[name])]),
        ),
      }
    : other;

/** The same document with these fields alone. */
export const withFields = (document: unknown, names: readonly string[]): unknown =>
  names
    .map((name) => ({ name, value: fieldOf(document, name) }))
    .filter(({ value }) => value !== undefined)
    .reduce<unknown>((whole, { name, value }) => merged(whole, nested(name.split("."), value)), {});

export const fieldColumns = (names: readonly string[]): readonly Column<unknown>[] =>
  names.map((heading) => ({ heading, cell: (row) => fieldText(row, heading) }));

/** @throws Failure naming the fields that there are, where one is of none of the documents */
export const requireFields = (documents: readonly unknown[], names: readonly string[]): void => {
  if (documents.length === 0) return;
  const unknown = names.find((name) =>
    documents.every((document) => fieldOf(document, name) === undefined),
  );
  if (unknown === undefined) return;
  const known = new Set(documents.flatMap((each) => (isObject(each) ? Object.keys(each) : [])));
  throw new Failure("USAGE", `No entry has a field ${unknown}`, {
    next: `one of ${[...known].join(", ")}`,
  });
};

/** Domain objects in and out of items, checked against their schema in both directions. */
import type * as z from "zod";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { ErrorName } from "../../core/errors.ts";

/** Paths and kinds of the findings, never the values: an account holds its ExternalId. */
const findings = (error: z.ZodError): string =>
  error.issues.map((issue) => `${issue.path.join(".") || "(whole)"}: ${issue.code}`).join("; ");

const parseAs =
  (errorName: ErrorName, verb: string) =>
  <T>(schema: z.ZodType<T>, data: unknown, name: string): T => {
    const parsed = schema.safeParse(data);
    if (parsed.success) return parsed.data;
    throw new SpotOptimizerError(errorName, `${name} ${verb}: ${findings(parsed.error)}.`, {
      resource: name,
    });
  };

const parseData = parseAs("BrokenFacts", "is stored in a form that cannot be read");

/** By schema, what the data were read as that are in memory still: who reads an item again does not check it again. */
const readAs = new WeakMap<z.ZodType, WeakMap<object, unknown>>();

/**
 * Who asks again for the same data gets the same value: nobody changes it, or them, in place.
 * @throws BrokenFacts naming the item.
 */
export const parseStored = <T>(schema: z.ZodType<T>, data: unknown, name: string): T => {
  if (typeof data !== "object" || data === null) return parseData(schema, data, name);
  const known = readAs.get(schema) ?? new WeakMap<object, unknown>();
  readAs.set(schema, known);
  if (!known.has(data)) known.set(data, parseData(schema, data, name));
  return known.get(data) as T;
};

/** @throws BrokenInput naming the item. */
export const parseToStore = parseAs("BrokenInput", "is not valid and was not stored");

/** ISO 8601 in UTC with milliseconds, whatever form came in: the only one whose order is the order of time. */
export const sortableInstant = (text: string, field: string): string => {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) {
    throw new SpotOptimizerError("BrokenInput", `${field} must be a time in ISO 8601.`, {
      resource: field,
    });
  }
  return new Date(milliseconds).toISOString();
};

/** What could be read, and why each of the others could not: of a list that one of them must not hold up. @throws what is not BrokenFacts */
export const readEach = <Stored, Value>(
  items: readonly Stored[],
  read: (item: Stored) => Value,
): { readonly values: readonly Value[]; readonly unreadable: readonly string[] } => {
  const values: Value[] = [];
  const unreadable: string[] = [];
  for (const item of items) {
    try {
      values.push(read(item));
    } catch (error) {
      if (!(error instanceof SpotOptimizerError) || error.name !== "BrokenFacts") throw error;
      unreadable.push(error.message);
    }
  }
  return { values, unreadable };
};

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

/** @throws BrokenFacts naming the item. */
export const parseStored = parseAs("BrokenFacts", "is stored in a form that cannot be read");

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

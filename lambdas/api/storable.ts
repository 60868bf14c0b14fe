/**
 * What the table, and the systems behind us, can't take as it is, and no schema looks for: in texts a NUL, which ends a text for many,
 * and half of a surrogate pair, which can't be written in UTF-8; and numbers beyond DynamoDB's range (developer guide, "Data types":
 * 1E-130 to 9.99…E+125 in size). They are refused wherever they stand, texts in names
 * too; so is what is nested too deep to be looked through.
 */
import type { Context } from "hono";
import type { ApiHonoEnvironment } from "./context.ts";
import { invalid, type FieldFault } from "./problem.ts";

/** Most bodies have nothing that even looks like it, and are not parsed for this. */
const mayHaveSome = /\\u0000|\\u[dD][89a-fA-F]|\0|[eE][-+]?\d{3}|\d{120}/;

const ofText =
  "has a character that can't be stored: NUL (U+0000), or half of a surrogate pair (U+D800 to U+DFFF)";

const ofNumber = "must be 0, or at least 1e-130 and less than 1e126 in size";

const isInRange = (number: number): boolean =>
  number === 0 || (Math.abs(number) >= 1e-130 && Math.abs(number) < 1e126);

const isStorable = (text: string): boolean => !text.includes("\0") && text.isWellFormed();

/** No body comes near it, and some thousands would take more stack than there is. */
const deepest = 32;

const tooDeep = (field: string): FieldFault => ({
  field: field.split(".").slice(0, 1).join(),
  message: `is nested more than ${String(deepest)} levels deep`,
});

const faultsIn = (value: unknown, field: string, depth = 0): readonly FieldFault[] => {
  if (typeof value === "string") return isStorable(value) ? [] : [{ field, message: ofText }];
  if (typeof value === "number") return isInRange(value) ? [] : [{ field, message: ofNumber }];
  if (typeof value !== "object" || value === null) return [];
  if (depth > deepest) return [tooDeep(field)];
  return Object.entries(value).flatMap(([name, inner]) =>
    isStorable(name)
      ? faultsIn(inner, field === "" ? name : `${field}.${name}`, depth + 1)
      : [{ field, message: `has a name that ${ofText.slice("has a character that ".length)}` }],
  );
};

/** A model's file has room for hundreds of thousands, of which an answer would be larger than Lambda lets it be. */
const mostTold = 100;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // Whoever reads the body says what is wrong with it.
    return undefined;
  }
};

/** Throws problems 400 and 422. */
export const requireStorable = async ({ req }: Context<ApiHonoEnvironment>): Promise<void> => {
  const parameters = Object.entries(req.queries());
  const faults = parameters.flatMap(([name, values]) =>
    values.every(isStorable) ? [] : [{ field: name, message: ofText }],
  );
  if (faults.length > 0) throw invalid("parameter", faults);
  if (req.method === "GET" || req.method === "HEAD") return;
  const text = await req.text();
  if (!mayHaveSome.test(text)) return;
  const inBody = faultsIn(parsed(text), "");
  if (inBody.length > 0) throw invalid("body", inBody.slice(0, mostTold));
};

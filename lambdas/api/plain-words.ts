/** What the validator finds, in words that begin with the field: `reason: must have at least 3 characters`. */
import * as z from "zod";

type Issue = z.core.$ZodRawIssue;

/** With its article. */
const kinds: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
  null: "null",
};

const kindOf = (expected: string): string => kinds[expected] ?? expected;

const givenKind = (input: unknown): string => {
  if (input === null) return "null";
  if (Array.isArray(input)) return "a list";
  return typeof input === "number" && !Number.isFinite(input) ? "no number" : kindOf(typeof input);
};

const wrongType = ({
  expected,
  input,
}: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidType>): string =>
  input === undefined ? "is missing" : `must be ${kindOf(expected)}, and is ${givenKind(input)}`;

const plural = (count: number | bigint, one: string, many: string): string =>
  `${String(count)} ${Number(count) === 1 ? one : many}`;

/** What is counted of a text or a list; undefined where the value itself is compared. */
const counted = (origin: string, count: number | bigint): string | undefined => {
  if (origin === "string") return plural(count, "character", "characters");
  return origin === "array" || origin === "set" || origin === "map" || origin === "object"
    ? plural(count, "entry", "entries")
    : undefined;
};

const tooSmall = ({
  origin,
  minimum,
  inclusive = true,
}: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall>): string => {
  const count = counted(String(origin), minimum);
  if (count !== undefined)
    return Number(minimum) === 1 ? "must not be empty" : `must have at least ${count}`;
  return inclusive ? `must be at least ${String(minimum)}` : `must be more than ${String(minimum)}`;
};

const tooBig = ({
  origin,
  maximum,
  inclusive = true,
}: z.core.$ZodRawIssue<z.core.$ZodIssueTooBig>): string => {
  const count = counted(String(origin), maximum);
  if (count !== undefined) return `must have at most ${count}`;
  return inclusive ? `must be at most ${String(maximum)}` : `must be less than ${String(maximum)}`;
};

const formats: Readonly<Record<string, string>> = {
  datetime: "must be a time in ISO 8601 such as 2026-03-01T12:00:00Z",
  date: "must be a date such as 2026-03-01",
  url: "must be a URL",
  base64: "must be base64",
};

const wrongFormat = ({
  format,
  pattern,
}: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidStringFormat>): string =>
  formats[format] ??
  (pattern === undefined ? `must be of the form ${format}` : `must match ${pattern}`);

const wrongValue = ({ values }: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidValue>): string => {
  const shown = values.map(String);
  return shown.length === 1 ? `must be ${shown.join("")}` : `must be one of ${shown.join(", ")}`;
};

const wordsOf = (issue: Issue): string => {
  switch (issue.code) {
    case "invalid_type":
      return wrongType(issue);
    case "too_small":
      return tooSmall(issue);
    case "too_big":
      return tooBig(issue);
    case "invalid_format":
      return wrongFormat(issue);
    case "invalid_value":
      return wrongValue(issue);
    case "not_multiple_of":
      return `must be a multiple of ${String(issue.divisor)}`;
    case "invalid_union":
      return "has none of the forms that it may have";
    case "unrecognized_keys":
      return `has what is not known here: ${issue.keys.join(", ")}`;
    default:
      return "is not valid";
  }
};

/** From now on; what a schema says in its own words stays. */
export const speakPlainly = (): void => {
  z.config({ customError: wordsOf });
};

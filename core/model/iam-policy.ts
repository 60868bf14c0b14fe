/** Reads a policy document as IAM writes it, for whoever weighs its statements. Source: IAM user guide, "Grammar of the IAM JSON policy language". */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";

const oneOrMore = z.union([z.string(), z.array(z.string())]);

const policySchema = atFirstUse(() =>
  z.object({
    Version: z.string().optional(),
    Statement: z.union([
      z.record(z.string(), z.unknown()),
      z.array(z.record(z.string(), z.unknown())),
    ]),
  }),
);

const statementSchema = atFirstUse(() =>
  z.object({
    Sid: z.string().optional(),
    Effect: z.string(),
    Principal: z.union([z.string(), z.record(z.string(), oneOrMore)]).optional(),
    NotPrincipal: z.unknown().optional(),
    Action: oneOrMore.optional(),
    NotAction: oneOrMore.optional(),
    Condition: z.unknown().optional(),
  }),
);
export type PolicyStatement = z.infer<ReturnType<typeof statementSchema>>;

interface PolicyDocument {
  /** Absent: that of 2008, which knows no policy variables. */
  readonly version?: string;
  readonly statements: readonly PolicyStatement[];
}

/** Undefined: it is not a policy as AWS writes them, and tells nothing. */
export const readPolicy = (text: string): PolicyDocument | undefined => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const document = policySchema().safeParse(parsed);
  if (!document.success) return undefined;
  const { Version: version, Statement } = document.data;
  const statements = [Statement].flat().map((each) => statementSchema().safeParse(each));
  if (!statements.every(({ success }) => success)) return undefined;
  return {
    ...(version !== undefined && { version }),
    statements: statements.flatMap(({ data }) => data ?? []),
  };
};

/** A policy writes a list of one without its brackets. */
export const listed = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

const wildcard = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "i",
  );

/** Actions don't depend on letter case. */
export const namesAny = (patterns: readonly string[], actions: readonly string[]): boolean =>
  patterns.some((pattern) => actions.some((action) => wildcard(pattern).test(action)));

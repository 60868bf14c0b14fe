/**
 * Statements of a policy, and whether one holds for a call on a resource. Operators that the simulated IAM does not know are
 * refused when the policy is made, so that no condition is passed over.
 * Source: IAM user guide, IAM JSON policy elements: condition operators; Conditions with multiple context keys or values.
 */
import { actionMatches, arnLike, textLike } from "./wildcards.ts";

type Values = string | readonly string[];

/** By operator, then by key, as a policy writes them. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, Values>>>>;

export interface Statement {
  readonly effect: "Allow" | "Deny";
  /** With `*` wildcards. */
  readonly actions: readonly string[];
  /** ARNs with wildcards. */
  readonly resources: readonly string[];
  readonly conditions?: Conditions | undefined;
}

/** One of the resources that a call is authorised on. */
export interface AskedResource {
  /** `*` for a call that has none. */
  readonly arn: string;
  /** The value of a condition key; undefined where the call has none for this resource. */
  readonly key: (name: string) => Values | undefined;
}

/** One action that a call is authorised for: its own, or one that it implies, on each of the resources. */
export interface Asked {
  readonly action: string;
  readonly resources: readonly AskedResource[];
}

type Operator = (found: Values | undefined, wanted: readonly string[]) => boolean;

const listOf = (values: Values): readonly string[] =>
  typeof values === "string" ? [values] : values;

const anyOf =
  (matches: (wanted: string, found: string) => boolean): Operator =>
  (found, wanted) =>
    found !== undefined &&
    listOf(found).some((value) => wanted.some((pattern) => matches(pattern, value)));

/** Of a key that is not there the opposite holds. */
const noneOf =
  (matches: (wanted: string, found: string) => boolean): Operator =>
  (found, wanted) =>
    !anyOf(matches)(found, wanted);

const isEqual = (wanted: string, found: string): boolean => wanted === found;
const isEqualInAnyCase = (wanted: string, found: string): boolean =>
  wanted.toLowerCase() === found.toLowerCase();

const operators: Readonly<Record<string, Operator>> = {
  StringEquals: anyOf(isEqual),
  StringNotEquals: noneOf(isEqual),
  StringLike: anyOf(textLike),
  StringNotLike: noneOf(textLike),
  ArnLike: anyOf(arnLike),
  ArnNotLike: noneOf(arnLike),
  Bool: anyOf(isEqualInAnyCase),
  // "true": the key is not there.
  Null: (found, wanted) => wanted.includes(String(found === undefined)),
  "ForAnyValue:StringEquals": anyOf(isEqual),
  "ForAnyValue:StringLike": anyOf(textLike),
  // Holds for a key without values.
  "ForAllValues:StringEquals": (found, wanted) =>
    listOf(found ?? []).every((value) => wanted.includes(value)),
  "ForAllValues:StringLike": (found, wanted) =>
    listOf(found ?? []).every((value) => wanted.some((pattern) => textLike(pattern, value))),
};

export const isKnownOperator = (name: string): boolean => name in operators;

interface Test {
  readonly name: string;
  readonly holds: (found: Values | undefined) => boolean;
}

/** Policies are few and weighed at each call. */
const tests = new WeakMap<Conditions, readonly Test[]>();

const testsOf = (conditions: Conditions): readonly Test[] => {
  const known = tests.get(conditions);
  if (known !== undefined) return known;
  const made = Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([name, values]): Test => {
      const wanted = listOf(values);
      return { name, holds: (found) => operators[operator]?.(found, wanted) ?? false };
    }),
  );
  tests.set(conditions, made);
  return made;
};

const holds = (conditions: Conditions | undefined, { key }: AskedResource): boolean =>
  conditions === undefined || testsOf(conditions).every((test) => test.holds(key(test.name)));

const namesResource = (pattern: string, arn: string): boolean =>
  pattern === "*" || arnLike(pattern, arn);

export const namesAction = (statement: Statement, action: string): boolean =>
  statement.actions.some((pattern) => actionMatches(pattern, action));

/** Of a statement that names the action. */
export const isAbout = ({ resources, conditions }: Statement, resource: AskedResource): boolean =>
  resources.some((pattern) => namesResource(pattern, resource.arn)) && holds(conditions, resource);

/** Names each resource, whatever the call says. */
export const isUnbound = ({ resources, conditions }: Statement): boolean =>
  resources.includes("*") && conditions === undefined;

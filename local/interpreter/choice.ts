/** The conditions of Choice states, compiled to functions. A value of another type is never a match. */

import type { ComparisonOperator } from "../../statemachines/asl.ts";
import { runtimeFailure } from "./failures.ts";
import type { Json, JsonObject } from "./json.ts";
import { isJsonList, isJsonObject } from "./json.ts";
import type { ReferencePath } from "./paths.ts";
import { parsePath, readPath } from "./paths.ts";
import { parseTimestamp } from "./timestamps.ts";

export type Condition = (input: Json) => boolean;
type Compare = (value: Json, other: Json) => boolean;

const orders = {
  Equals: (left, right) => left === right,
  LessThan: (left, right) => left < right,
  GreaterThan: (left, right) => left > right,
  LessThanEquals: (left, right) => left <= right,
  GreaterThanEquals: (left, right) => left >= right,
} as const satisfies Record<string, (left: number | string, right: number | string) => boolean>;

type Order = keyof typeof orders;

const comparables: Readonly<
  Record<"String" | "Numeric" | "Timestamp", (value: Json) => string | number | undefined>
> = {
  // UTF-16 order, as Java compares.
  String: (value) => (typeof value === "string" ? value : undefined),
  Numeric: (value) => (typeof value === "number" ? value : undefined),
  Timestamp: parseTimestamp,
};

const ordered =
  (kind: keyof typeof comparables, order: Order): Compare =>
  (value, other) => {
    const left = comparables[kind](value);
    const right = comparables[kind](other);
    return left !== undefined && right !== undefined && orders[order](left, right);
  };

const matchesPattern: Compare = (value, pattern) => {
  if (typeof value !== "string" || typeof pattern !== "string") return false;
  const source = pattern.replaceAll(
    /\\(?<escaped>[\s\S])|(?<star>\*)|(?<other>[\s\S])/gu,
    (match, escaped?: string, star?: string) => {
      if (star !== undefined) return "[\\s\\S]*";
      return (escaped ?? match).replace(/[\\^$.*+?()[\]{}|/]/u, "\\$&");
    },
  );
  return new RegExp(`^${source}$`, "u").test(value);
};

const typeTests: Readonly<Record<string, (value: Json) => boolean>> = {
  IsBoolean: (value) => typeof value === "boolean",
  IsNull: (value) => value === null,
  IsNumeric: (value) => typeof value === "number",
  IsString: (value) => typeof value === "string",
  IsTimestamp: (value) => parseTimestamp(value) !== undefined,
};

const comparisons: Readonly<Record<string, Compare>> = {
  BooleanEquals: (value, other) => typeof value === "boolean" && value === other,
  StringMatches: matchesPattern,
  ...Object.fromEntries(
    (["String", "Numeric", "Timestamp"] as const).flatMap((kind) =>
      (Object.keys(orders) as Order[]).map(
        (order) => [`${kind}${order}`, ordered(kind, order)] as const,
      ),
    ),
  ),
};

const pathOperators = new Set(
  Object.keys(comparisons)
    .filter((operator) => operator !== "StringMatches")
    .map((operator) => `${operator}Path`),
);

export const isComparisonOperator = (name: string): name is ComparisonOperator =>
  Object.hasOwn(comparisons, name) ||
  Object.hasOwn(typeTests, name) ||
  pathOperators.has(name) ||
  name === "IsPresent";

const operandKinds: readonly {
  readonly isMeant: (operator: string) => boolean;
  readonly isRight: (operand: Json) => boolean;
  readonly problem: string;
}[] = [
  {
    isMeant: (operator) => operator.startsWith("Is") || operator === "BooleanEquals",
    isRight: (operand) => typeof operand === "boolean",
    problem: "must be true or false",
  },
  {
    isMeant: (operator) => pathOperators.has(operator),
    isRight: (operand) => typeof operand === "string" && parsePath(operand) !== undefined,
    problem: "must be a reference path",
  },
  {
    isMeant: (operator) => operator.startsWith("Numeric"),
    isRight: (operand) => typeof operand === "number",
    problem: "must be a number",
  },
  {
    isMeant: (operator) => operator.startsWith("Timestamp"),
    isRight: (operand) => parseTimestamp(operand) !== undefined,
    problem: "must be an RFC 3339 timestamp",
  },
  {
    isMeant: () => true,
    isRight: (operand) => typeof operand === "string",
    problem: "must be a text",
  },
];

/** What is wrong with an operator's operand, or undefined. */
export const judgeOperand = (operator: ComparisonOperator, operand: Json): string | undefined => {
  const kind = operandKinds.find(({ isMeant }) => isMeant(operator));
  return kind?.isRight(operand) === false ? kind.problem : undefined;
};

const readVariable = (path: ReferencePath, input: Json): Json => {
  const found = readPath(path, input);
  if (found.isFound) return found.value;
  throw runtimeFailure(
    `Invalid path '${path.text}': The choice state's condition path references an invalid value.`,
  );
};

const pathOf = (value: Json | undefined): ReferencePath => {
  const path = typeof value === "string" ? parsePath(value) : undefined;
  if (path === undefined) throw new TypeError(`Not a reference path: ${JSON.stringify(value)}`);
  return path;
};

const compileComparison = (rule: JsonObject): Condition => {
  const variable = pathOf(rule["Variable"]);
  const operator = Object.keys(rule).find(isComparisonOperator);
  const operand = operator === undefined ? undefined : rule[operator];
  if (operator === undefined || operand === undefined) {
    throw new TypeError(`The condition on ${variable.text} has no operator.`);
  }
  if (operator === "IsPresent") {
    return (input) => readPath(variable, input).isFound === operand;
  }
  const typeTest = typeTests[operator];
  if (typeTest !== undefined) {
    return (input) => typeTest(readVariable(variable, input)) === operand;
  }
  const compare = comparisons[operator];
  if (compare !== undefined) return (input) => compare(readVariable(variable, input), operand);
  const compareWithPath = comparisons[operator.replace(/Path$/u, "")];
  const other = pathOf(operand);
  if (compareWithPath === undefined) throw new TypeError(`Unknown operator ${operator}.`);
  return (input) => compareWithPath(readVariable(variable, input), readVariable(other, input));
};

const compileList = (rules: Json | undefined): readonly Condition[] => {
  if (!isJsonList(rules)) throw new TypeError("And and Or need a list of conditions.");
  return rules.map(compileCondition);
};

/** @throws TypeError if the rule was not validated before. */
export const compileCondition = (rule: Json): Condition => {
  if (!isJsonObject(rule)) throw new TypeError("A condition must be an object.");
  if (rule["And"] !== undefined) {
    const conditions = compileList(rule["And"]);
    return (input) => conditions.every((condition) => condition(input));
  }
  if (rule["Or"] !== undefined) {
    const conditions = compileList(rule["Or"]);
    return (input) => conditions.some((condition) => condition(input));
  }
  if (rule["Not"] !== undefined) {
    const condition = compileCondition(rule["Not"]);
    return (input) => !condition(input);
  }
  return compileComparison(rule);
};

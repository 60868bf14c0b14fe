/** Checks of the rules inside of states: Retry, Catch, and the conditions of Choice. */

import { isComparisonOperator, judgeOperand } from "../choice.ts";
import type { Json, JsonObject } from "../json.ts";
import { isJsonList, isJsonObject } from "../json.ts";
import type { Check } from "./checks.ts";
import {
  exactly,
  listOf,
  numberFrom,
  objectOf,
  path,
  resultPath,
  stateName,
  text,
  wholeNumber,
} from "./checks.ts";
import type { Report } from "./problems.ts";

/** The names beginning with `States.` that Step Functions really gives to errors. */
const serviceErrors: ReadonlySet<string> = new Set([
  "States.ALL",
  "States.DataLimitExceeded",
  "States.Permissions",
  "States.ResultPathMatchFailure",
  "States.TaskFailed",
  "States.Timeout",
]);

const errorName: Check = (value, report, field) => {
  if (typeof value !== "string" || value === "") report(field, "must be the name of an error");
  else if (value.startsWith("States.") && !serviceErrors.has(value)) {
    report(field, `names ${value}, which no rule can match`);
  }
};

const holdsAll = (rule: Json): boolean =>
  isJsonObject(rule) &&
  isJsonList(rule["ErrorEquals"]) &&
  rule["ErrorEquals"].includes("States.ALL");

/** States.ALL stands alone, in the last rule. */
const checkAll = (rules: readonly Json[], report: Report, field: string): void => {
  rules.forEach((rule, index) => {
    if (!holdsAll(rule) || !isJsonObject(rule)) return;
    const at = `${field}[${String(index)}].ErrorEquals`;
    if (isJsonList(rule["ErrorEquals"]) && rule["ErrorEquals"].length > 1) {
      report(at, "must hold States.ALL alone");
    }
    if (index < rules.length - 1) report(at, "may hold States.ALL in the last rule only");
  });
};

const rulesOf =
  (check: Check): Check =>
  (value, report, field) => {
    listOf(check)(value, report, field);
    if (isJsonList(value)) checkAll(value, report, field);
  };

/** Longest waits and counts that Step Functions takes. */
const mostDelaySeconds = 31_622_400;
const mostAttempts = 99_999_999;

export const retriers = rulesOf(
  objectOf(
    { ErrorEquals: listOf(errorName) },
    {
      Comment: text,
      IntervalSeconds: wholeNumber(1, mostAttempts),
      MaxAttempts: wholeNumber(0, mostAttempts),
      BackoffRate: numberFrom(1),
      MaxDelaySeconds: wholeNumber(1, mostDelaySeconds),
      JitterStrategy: exactly("FULL", "NONE"),
    },
  ),
);

export const catchers = rulesOf(
  objectOf(
    { ErrorEquals: listOf(errorName), Next: stateName },
    { Comment: text, ResultPath: resultPath },
  ),
);

const combinators = ["And", "Or", "Not"] as const;

const checkComparison = (rule: JsonObject, report: Report, field: string): void => {
  const operators = Object.keys(rule).filter(isComparisonOperator);
  if (rule["Variable"] === undefined) report(`${field}.Variable`, "is missing");
  else path(rule["Variable"], report, `${field}.Variable`);
  if (operators.length !== 1) {
    report(field, `must have exactly one comparison, and has ${String(operators.length)}`);
  }
  for (const operator of operators) {
    const problem = judgeOperand(operator, rule[operator] ?? null);
    if (problem !== undefined) report(`${field}.${operator}`, problem);
  }
};

const checkCondition: Check = (value, report, field) => {
  if (!isJsonObject(value)) {
    report(field, "must be an object");
    return;
  }
  const used = combinators.filter((name) => value[name] !== undefined);
  const known = (name: string): boolean =>
    used.length > 0
      ? used.some((one) => one === name)
      : name === "Variable" || isComparisonOperator(name);
  for (const name of Object.keys(value)) {
    if (!known(name)) report(`${field}.${name}`, "is not in the subset that we run");
  }
  if (used.length === 0) checkComparison(value, report, field);
  if (used.length > 1) report(field, `has ${used.join(" and ")} at once`);
  for (const name of used) {
    const check = name === "Not" ? checkCondition : listOf(checkCondition);
    check(value[name] ?? null, report, `${field}.${name}`);
  }
};

const checkChoice: Check = (value, report, field) => {
  if (!isJsonObject(value)) {
    report(field, "must be an object");
    return;
  }
  const { Next, Comment, ...condition } = value;
  if (Next === undefined) report(`${field}.Next`, "is missing");
  else stateName(Next, report, `${field}.Next`);
  if (Comment !== undefined) text(Comment, report, `${field}.Comment`);
  checkCondition(condition, report, field);
};

export const choices = listOf(checkChoice);

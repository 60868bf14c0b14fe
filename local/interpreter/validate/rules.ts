/** Checks of the rules inside of states: Retry, Catch and Choices. */

import type { Json } from "../json.ts";
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

export const choices = listOf(
  objectOf({ Variable: path, StringEquals: text, Next: stateName }, { Comment: text }),
);

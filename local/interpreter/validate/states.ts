/** Which fields each type of state has. */

import type { State } from "../../../statemachines/asl.ts";
import type { JsonObject } from "../json.ts";
import type { Check, Checks } from "./checks.ts";
import {
  checkAlternatives,
  checkFields,
  exactly,
  objectOf,
  path,
  requireOne,
  resultPath,
  seconds,
  secondsOrNone,
  stateName,
  template,
  templateObject,
  text,
} from "./checks.ts";
import type { Report } from "./problems.ts";
import { catchers, choices, retriers } from "./rules.ts";

const invokeResource = "arn:aws:states:::lambda:invoke";

const common: Checks = { Comment: text };
const transition: Checks = { Next: stateName, End: exactly(true) };
const outcome: Checks = { ResultPath: resultPath, ResultSelector: templateObject };
const rescue: Checks = { Retry: retriers, Catch: catchers };

const invokeParameters: Check = (value, report, field) => {
  const optional = { Payload: template, "Payload.$": path };
  objectOf({ FunctionName: text }, optional)(value, report, field);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    checkAlternatives(value as JsonObject, ["Payload", "Payload.$"], report);
  }
};

const fieldsByType: Readonly<
  Record<State["Type"], { readonly required: Checks; readonly optional: Checks }>
> = {
  Task: {
    required: {
      Resource: exactly(invokeResource),
      Parameters: invokeParameters,
      TimeoutSeconds: seconds,
    },
    optional: { ...common, ...transition, ...outcome, ...rescue },
  },
  Choice: { required: { Choices: choices }, optional: common },
  Wait: {
    required: {},
    optional: {
      ...common,
      ...transition,
      Seconds: secondsOrNone,
      SecondsPath: path,
    },
  },
  Succeed: { required: {}, optional: common },
  Fail: {
    required: {},
    optional: {
      ...common,
      Error: text,
      ErrorPath: path,
      Cause: text,
      CausePath: path,
    },
  },
};

const typeChecks: Partial<Record<State["Type"], (state: JsonObject, report: Report) => void>> = {
  Wait: (state, report) => {
    requireOne(state, ["Seconds", "SecondsPath"], report);
  },
  Fail: (state, report) => {
    checkAlternatives(state, ["Error", "ErrorPath"], report);
    checkAlternatives(state, ["Cause", "CausePath"], report);
  },
};

const isStateType = (type: unknown): type is State["Type"] =>
  typeof type === "string" && Object.hasOwn(fieldsByType, type);

export const checkState = (state: JsonObject, report: Report): void => {
  const { Type: type, ...fields } = state;
  if (!isStateType(type)) {
    report(
      "Type",
      `must be one of ${Object.keys(fieldsByType).join(", ")}, and is ${JSON.stringify(type)}`,
    );
    return;
  }
  checkFields(fields, fieldsByType[type], report);
  if ("End" in fieldsByType[type].optional) requireOne(fields, ["Next", "End"], report);
  typeChecks[type]?.(fields, report);
};

/** Checks of single fields. Each tells what is wrong, and says nothing if all is well. */

import type { Json, JsonObject } from "../json.ts";
import { isJsonList, isJsonObject } from "../json.ts";
import { parsePath, parseResultPath } from "../paths.ts";
import { checkTemplate } from "../templates.ts";
import type { Report } from "./problems.ts";

export type Check = (value: Json, report: Report, field: string) => void;
export type Checks = Readonly<Record<string, Check>>;

const must =
  (isRight: (value: Json) => boolean, problem: string): Check =>
  (value, report, field) => {
    if (!isRight(value)) report(field, `${problem}, and is ${JSON.stringify(value)}`);
  };

export const text = must((value) => typeof value === "string", "must be a text");

/** The console cuts longer names; Step Functions refuses them. */
export const stateName = must(
  (value) => typeof value === "string" && value.length > 0 && value.length <= 80,
  "must be a text of 1 to 80 characters",
);

export const exactly = (...allowed: readonly Json[]): Check =>
  must(
    (value) => allowed.includes(value),
    `must be ${allowed.map((one) => JSON.stringify(one)).join(" or ")}`,
  );

const isNumberIn = (value: Json, least: number, most: number): boolean =>
  typeof value === "number" && value >= least && value <= most;

export const wholeNumber = (least: number, most: number): Check =>
  must(
    (value) => Number.isInteger(value) && isNumberIn(value, least, most),
    `must be a whole number from ${String(least)} to ${String(most)}`,
  );

export const numberFrom = (least: number): Check =>
  must(
    (value) => isNumberIn(value, least, Infinity),
    `must be a number of at least ${String(least)}`,
  );

/** Step Functions' own limit for seconds in a definition. */
const mostSeconds = 99_999_999;
export const seconds = wholeNumber(1, mostSeconds);
export const secondsOrNone = wholeNumber(0, mostSeconds);

export const path = must(
  (value) => typeof value === "string" && parsePath(value) !== undefined,
  "must be a reference path without wildcards, filters or functions",
);

export const resultPath = must(
  (value) => value === null || (typeof value === "string" && parseResultPath(value) !== undefined),
  "must be null or a path of names below $",
);

export const template: Check = (value, report, field) => {
  checkTemplate(value, (inside, problem) => {
    report(`${field}${inside}`, problem);
  });
};

export const templateObject: Check = (value, report, field) => {
  if (isJsonObject(value)) template(value, report, field);
  else report(field, "must be an object");
};

export const listOf =
  (check: Check): Check =>
  (value, report, field) => {
    if (!isJsonList(value) || value.length === 0) report(field, "must be a list, and not empty");
    else {
      value.forEach((element, index) => {
        check(element, report, `${field}[${String(index)}]`);
      });
    }
  };

const within = (field: string, name: string): string => (field === "" ? name : `${field}.${name}`);

export interface Fields {
  readonly required: Checks;
  readonly optional: Checks;
  /** Where the object lies; empty for the state or machine itself. */
  readonly within?: string;
}

/** All required fields are there, and none that is not known. */
export const checkFields = (value: JsonObject, fields: Fields, report: Report): void => {
  const place = fields.within ?? "";
  for (const name of Object.keys(fields.required)) {
    if (value[name] === undefined) report(within(place, name), "is missing");
  }
  const known = new Map(Object.entries({ ...fields.required, ...fields.optional }));
  for (const [name, content] of Object.entries(value)) {
    const check = known.get(name);
    if (check === undefined) report(within(place, name), "is not in the subset that we run");
    else check(content, report, within(place, name));
  }
};

export const objectOf =
  (required: Checks, optional: Checks = {}): Check =>
  (value, report, field) => {
    if (isJsonObject(value)) checkFields(value, { required, optional, within: field }, report);
    else report(field, "must be an object");
  };

/** Exactly one (or at most one) of the fields may be there. */
export const checkAlternatives = (
  value: JsonObject,
  names: readonly string[],
  report: Report,
): void => {
  const given = names.filter((name) => value[name] !== undefined);
  if (given.length > 1) report(given.join(" and "), "exclude each other");
};

export const requireOne = (value: JsonObject, names: readonly string[], report: Report): void => {
  checkAlternatives(value, names, report);
  if (names.every((name) => value[name] === undefined)) report(names.join(" or "), "is missing");
};

/** Payload and ResultSelector: JSON in which the keys that end in `.$` are evaluated. Compiled once. */

import { runtimeFailure } from "./failures.ts";
import type { Json } from "./json.ts";
import { isJsonList, isJsonObject } from "./json.ts";
import { parsePath, readPath } from "./paths.ts";

/** Gives a value from a state's input or result. */
export type Selector = (input: Json) => Json;

/** Calls back for each dynamic field that can't be evaluated, and for a key given both ways. */
export const checkTemplate = (
  template: Json,
  report: (field: string, problem: string) => void,
  field = "",
): void => {
  if (isJsonList(template)) {
    template.forEach((element, index) => {
      checkTemplate(element, report, `${field}[${String(index)}]`);
    });
    return;
  }
  if (!isJsonObject(template)) return;
  for (const [key, value] of Object.entries(template)) {
    const name = `${field}.${key}`;
    if (!key.endsWith(".$")) {
      checkTemplate(value, report, name);
      continue;
    }
    if (Object.hasOwn(template, key.slice(0, -2)))
      report(name, "is given both with and without .$");
    if (typeof value !== "string" || parsePath(value) === undefined) {
      report(name, `must be a reference path, and is ${JSON.stringify(value)}`);
    }
  }
};

const isDynamic = (template: Json): boolean => {
  if (isJsonList(template)) return template.some(isDynamic);
  if (!isJsonObject(template)) return false;
  return Object.entries(template).some(([key, value]) => key.endsWith(".$") || isDynamic(value));
};

/**
 * What a path of the definition leads to; a path that leads nowhere ends the execution.
 * @throws TypeError if the definition was not validated before
 */
export const compilePath = (text: Json | undefined, field: string): Selector => {
  const path = typeof text === "string" ? parsePath(text) : undefined;
  if (path === undefined) throw new TypeError(`${field} is not a path: ${JSON.stringify(text)}`);
  return (input) => {
    const found = readPath(path, input);
    if (found.isFound) return found.value;
    throw runtimeFailure(
      `The JSONPath '${path.text}' specified for the field '${field}' could not be found in the input '${JSON.stringify(input)}'`,
    );
  };
};

const compileField = (key: string, value: Json): readonly [string, Selector] =>
  key.endsWith(".$") ? [key.slice(0, -2), compilePath(value, key)] : [key, compileTemplate(value)];

export const compileTemplate = (template: Json): Selector => {
  if (!isDynamic(template)) return () => template;
  if (isJsonList(template)) {
    const elements = template.map(compileTemplate);
    return (input) => elements.map((element) => element(input));
  }
  if (!isJsonObject(template)) return () => template;
  const fields = Object.entries(template).map(([key, value]) => compileField(key, value));
  return (input) => {
    const result: Record<string, Json> = {};
    for (const [key, value] of fields) result[key] = value(input);
    return result;
  };
};

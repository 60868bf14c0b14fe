/** Parameters, ItemSelector, ResultSelector: JSON whose keys ending in `.$` are evaluated. Compiled once. */

import { evaluate, parseExpression } from "./expressions.ts";
import type { Json } from "./json.ts";
import { isJsonList, isJsonObject } from "./json.ts";
import type { Scope } from "./paths.ts";

export type Template = (scope: Scope) => Json;

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
    if (typeof value !== "string" || parseExpression(value) === undefined) {
      report(
        name,
        `must be a reference path, States.Format, States.JsonToString or States.StringToJson, and is ${JSON.stringify(value)}`,
      );
    }
  }
};

const isDynamic = (template: Json): boolean => {
  if (isJsonList(template)) return template.some(isDynamic);
  if (!isJsonObject(template)) return false;
  return Object.entries(template).some(([key, value]) => key.endsWith(".$") || isDynamic(value));
};

const compileField = (key: string, value: Json): readonly [string, Template] => {
  if (!key.endsWith(".$")) return [key, compileTemplate(value)];
  const expression = typeof value === "string" ? parseExpression(value) : undefined;
  if (expression === undefined) {
    throw new TypeError(`${key} holds no expression: ${JSON.stringify(value)}`);
  }
  return [key.slice(0, -2), (scope) => evaluate(expression, scope, key)];
};

export const compileTemplate = (template: Json): Template => {
  if (!isDynamic(template)) return () => template;
  if (isJsonList(template)) {
    const elements = template.map(compileTemplate);
    return (scope) => elements.map((element) => element(scope));
  }
  if (!isJsonObject(template)) return () => template;
  const fields = Object.entries(template).map(([key, value]) => compileField(key, value));
  return (scope) => {
    const result: Record<string, Json> = {};
    for (const [key, value] of fields) result[key] = value(scope);
    return result;
  };
};

/**
 * What stands in a field whose name ends in `.$` (or `…Path` of Fail): a path, or one of three intrinsic
 * functions, which may nest: States.Format, States.JsonToString, States.StringToJson.
 */

import { runtimeFailure } from "./failures.ts";
import type { Json } from "./json.ts";
import { parseJson } from "./json.ts";
import type { ReferencePath, Scope } from "./paths.ts";
import { parsePath, readPath } from "./paths.ts";

const functionNames = ["States.Format", "States.JsonToString", "States.StringToJson"] as const;
type FunctionName = (typeof functionNames)[number];

export type Expression =
  | { readonly kind: "PATH"; readonly path: ReferencePath }
  /** `isText`: a quoted text with its escapes still in it, because Format reads them differently. */
  | { readonly kind: "LITERAL"; readonly value: Json; readonly isText: boolean }
  | {
      readonly kind: "CALL";
      readonly text: string;
      readonly name: FunctionName;
      readonly parameters: readonly Expression[];
    };

const isFunctionName = (text: string): text is FunctionName =>
  (functionNames as readonly string[]).includes(text);

const tokenPattern = /'(?:[^'\\]|\\.)*'|[(),]|[^'(),]+|'/gsu;

/** Cuts at the commas that stand neither in quotes nor in parentheses. */
const splitParameters = (text: string): readonly string[] => {
  let depth = 0;
  const parts = [""];
  for (const [token] of text.matchAll(tokenPattern)) {
    if (token === "(") depth += 1;
    if (token === ")") depth -= 1;
    if (token === "," && depth === 0) parts.push("");
    else parts.push(`${parts.pop() ?? ""}${token}`);
  }
  return parts.map((part) => part.trim()).filter((part) => part !== "");
};

const quotedPattern = /^'(?<text>(?:[^'\\]|\\.)*)'$/su;
const barePattern = /^(?:-?\d+(?:\.\d+)?|true|false|null)$/u;

const parseParameter = (text: string): Expression | undefined => {
  const quoted = quotedPattern.exec(text)?.groups?.["text"];
  if (quoted !== undefined) return { kind: "LITERAL", value: quoted, isText: true };
  if (barePattern.test(text)) return { kind: "LITERAL", value: parseJson(text), isText: false };
  return parseExpression(text);
};

const parameterCounts: Readonly<Record<FunctionName, readonly [least: number, most: number]>> = {
  "States.Format": [1, Infinity],
  "States.JsonToString": [1, 1],
  "States.StringToJson": [1, 1],
};

const parseCall = (text: string): Expression | undefined => {
  const [, name = "", inner = ""] = /^(States\.\w+)\((.*)\)$/su.exec(text) ?? [];
  if (!isFunctionName(name)) return undefined;
  const parameters = splitParameters(inner).map(parseParameter);
  const known = parameters.filter((parameter) => parameter !== undefined);
  const [least, most] = parameterCounts[name];
  const isComplete = known.length === parameters.length;
  if (!isComplete || known.length < least || known.length > most) return undefined;
  return { kind: "CALL", text, name, parameters: known };
};

/** @returns undefined if the text is neither a path nor a known function with its right parameters. */
export const parseExpression = (text: string): Expression | undefined => {
  if (!text.startsWith("$")) return parseCall(text);
  const path = parsePath(text);
  return path === undefined ? undefined : { kind: "PATH", path };
};

const unescape = (text: string): string => text.replaceAll(/\\(.)/gsu, "$1");

const insertText = (value: Json, call: string): string => {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null) {
    throw runtimeFailure(
      `Invalid arguments in ${call}: only texts, numbers, booleans and null can be inserted`,
    );
  }
  return String(value);
};

const format = (template: Json, values: readonly Json[], call: string): string => {
  if (typeof template !== "string") {
    throw runtimeFailure(`Invalid arguments in ${call}: the template is no text`);
  }
  let used = 0;
  const text = template.replaceAll(/\\(?<escaped>.)|\{\}/gsu, (match, escaped?: string) => {
    if (escaped !== undefined) return escaped;
    const value = values[used];
    used += 1;
    return value === undefined ? match : insertText(value, call);
  });
  if (used !== values.length) {
    throw runtimeFailure(`Invalid arguments in ${call}: the number of {} and of values differ`);
  }
  return text;
};

const stringToJson = (value: Json | undefined, call: string): Json => {
  if (typeof value !== "string") {
    throw runtimeFailure(`Invalid arguments in ${call}: the value is no text`);
  }
  try {
    return parseJson(value);
  } catch (error) {
    throw runtimeFailure(`Invalid arguments in ${call}: ${String(error)}`);
  }
};

const readOrFail = (path: ReferencePath, scope: Scope, field: string): Json => {
  const found = readPath(path, scope);
  if (found.isFound) return found.value;
  throw runtimeFailure(
    `The JSONPath '${path.text}' specified for the field '${field}' could not be found in the input '${JSON.stringify(scope.input)}'`,
  );
};

/** @throws StateFailed (States.Runtime) if a path leads nowhere or a function can't take its parameters. */
export const evaluate = (expression: Expression, scope: Scope, field: string): Json => {
  switch (expression.kind) {
    case "PATH":
      return readOrFail(expression.path, scope, field);
    case "LITERAL":
      return expression.isText && typeof expression.value === "string"
        ? unescape(expression.value)
        : expression.value;
    case "CALL":
      return call(expression, scope, field);
  }
};

const call = (
  { name, parameters, text }: Extract<Expression, { kind: "CALL" }>,
  scope: Scope,
  field: string,
): Json => {
  const [first, ...rest] = parameters;
  if (first === undefined) throw runtimeFailure(`Invalid arguments in ${text}`);
  switch (name) {
    case "States.Format": {
      const template = first.kind === "LITERAL" ? first.value : evaluate(first, scope, field);
      return format(
        template,
        rest.map((parameter) => evaluate(parameter, scope, field)),
        text,
      );
    }
    case "States.JsonToString":
      return JSON.stringify(evaluate(first, scope, field));
    case "States.StringToJson":
      return stringToJson(evaluate(first, scope, field), text);
  }
};

/**
 * Event patterns: which events a rule takes. Names are joined by "and", the values of one by "or"; of a list in the event one element is
 * enough. Source: EventBridge user guide, "Creating event patterns", "Comparison operators for use in event patterns".
 */
import { CloudError } from "../contract.ts";

export type Pattern = (event: Readonly<Record<string, unknown>>) => boolean;

/** The value of a name in the event; undefined where it is not there. */
type Test = (value: unknown) => boolean;

/** The simulated EventBridge lacks an operator that EventBridge has: a rule that uses it is refused, so that nothing is passed over. */
export class UnsupportedPattern extends Error {
  constructor(operator: string) {
    super(`The simulated EventBridge does not know the operator ${operator}.`);
    this.name = "UnsupportedPattern";
  }
}

const invalid = (reason: string): CloudError =>
  new CloudError("InvalidEventPatternException", `Event pattern is not valid. Reason: ${reason}`);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isPlain = (value: unknown): boolean => value === null || typeof value !== "object";

const startsWith = (wanted: unknown): Test => {
  if (typeof wanted !== "string") throw invalid("prefix match pattern must be a string");
  return (value) => typeof value === "string" && value.startsWith(wanted);
};

/** Of a name that is not there it does not hold. */
const anythingBut = (wanted: unknown): Test => {
  if (isObject(wanted)) {
    const [operator = "", ...more] = Object.keys(wanted);
    if (operator !== "prefix" || more.length > 0) {
      throw new UnsupportedPattern(`anything-but ${operator}`);
    }
    const begins = startsWith(wanted["prefix"]);
    return (value) => value !== undefined && !begins(value);
  }
  const list: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted];
  if (!list.every(isPlain)) throw invalid("anything-but list must hold strings or numbers");
  return (value) => value !== undefined && !list.includes(value);
};

const exists = (wanted: unknown): Test => {
  if (typeof wanted !== "boolean")
    throw invalid("exists match pattern must be either true or false");
  return (value) => (value !== undefined) === wanted;
};

const operators: Readonly<Record<string, (wanted: unknown) => Test>> = {
  prefix: startsWith,
  "anything-but": anythingBut,
  exists,
};

const testOf = (wanted: unknown): Test => {
  if (!isObject(wanted)) return (value) => value === wanted;
  const [operator = "", ...more] = Object.keys(wanted);
  if (more.length > 0) throw invalid("only one key allowed in match expression");
  const make = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
  if (make === undefined) throw new UnsupportedPattern(operator);
  return make(wanted[operator]);
};

const leaf = (name: string, wanted: readonly unknown[]): Test => {
  if (wanted.length === 0) throw invalid(`"${name}" may not be an empty array`);
  const tests = wanted.map(testOf);
  return (found) => {
    const values: readonly unknown[] = Array.isArray(found) ? found : [found];
    // Of an empty list only that it is there can be told.
    const tried = values.length === 0 ? [found] : values;
    return tests.some((test) => tried.some((value) => test(value)));
  };
};

const node = (pattern: Readonly<Record<string, unknown>>): Pattern => {
  const parts = Object.entries(pattern).map(([name, wanted]): [string, Test] => {
    if (name === "$or") throw new UnsupportedPattern("$or");
    if (Array.isArray(wanted)) return [name, leaf(name, wanted)];
    if (!isObject(wanted)) throw invalid(`"${name}" must be an object or an array`);
    const inner = node(wanted);
    return [name, (found) => inner(isObject(found) ? found : {})];
  });
  if (parts.length === 0) throw invalid("Empty pattern is not allowed");
  return (event) => parts.every(([name, test]) => test(event[name]));
};

/**
 * @throws CloudError InvalidEventPatternException for what EventBridge refuses, too
 * @throws UnsupportedPattern
 */
export const patternOf = (pattern: Readonly<Record<string, unknown>>): Pattern => node(pattern);

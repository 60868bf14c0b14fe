/** Is a decoded input what the operation's schema says? Unknown keys, missing members and wrong types are refused by path. */
import type { Shape, ShapeKind, Slot } from "./shape.ts";

export interface InputFault {
  readonly kind: "MISSING_PARAMETER" | "UNKNOWN_PARAMETER" | "BAD_VALUE";
  /** `BlockDeviceMappings.1.Ebs.VolumeSize`: list items count from 1, as in query requests. */
  readonly path: string;
  readonly sentence: string;
}

/** The first thing that is wrong with an operation's input, or undefined. */
export const checkInput = (shape: Shape, input: unknown): InputFault | undefined =>
  shape.kind === "unit" ? undefined : checkStructure(shape, input, "");

const at = (path: string, name: string | number): string =>
  path === "" ? String(name) : `${path}.${String(name)}`;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Date) &&
  !(value instanceof Uint8Array);

const badValue = (path: string, wanted: string): InputFault => ({
  kind: "BAD_VALUE",
  path,
  sentence: `Value for parameter ${path === "" ? "(the request)" : path} is invalid. Expected ${wanted}.`,
});

const checkStructure = (shape: Shape, value: unknown, path: string): InputFault | undefined => {
  if (!isRecord(value)) return badValue(path, "a structure");
  for (const name of Object.keys(value)) {
    const slot = shape.members.get(name);
    if (slot === undefined) return unknownParameter(at(path, name));
    const given = value[name];
    if (given === undefined || given === null) continue;
    const fault = checkValue(slot, given, at(path, name));
    if (fault !== undefined) return fault;
  }
  return missingMember(shape, value, path);
};

const unknownParameter = (path: string): InputFault => ({
  kind: "UNKNOWN_PARAMETER",
  path,
  sentence: `The parameter ${path} is not recognized.`,
});

const missingMember = (
  shape: Shape,
  value: Readonly<Record<string, unknown>>,
  path: string,
): InputFault | undefined => {
  for (const slot of shape.members.values()) {
    // Required members come first.
    if (!slot.isRequired) return undefined;
    const given = value[slot.name];
    if (given === undefined || given === null) {
      const missing = at(path, slot.name);
      return {
        kind: "MISSING_PARAMETER",
        path: missing,
        sentence: `The request must contain the parameter ${missing}.`,
      };
    }
  }
  return undefined;
};

const checkValue = (slot: Slot, value: unknown, path: string): InputFault | undefined => {
  const { shape } = slot;
  if (shape.kind === "structure") return checkStructure(shape, value, path);
  if (shape.kind === "list") return checkList(shape, value, path);
  if (shape.kind === "map") return checkMap(shape, value, path);
  const [holds, wanted] = simpleChecks[shape.kind];
  return holds(value) ? undefined : badValue(path, wanted);
};

const checkList = (shape: Shape, value: unknown, path: string): InputFault | undefined => {
  const { item } = shape;
  if (!Array.isArray(value)) return badValue(path, "a list");
  if (item === undefined) return undefined;
  const items: readonly unknown[] = value;
  for (const [index, each] of items.entries()) {
    if (each === undefined || each === null) continue;
    const fault = checkValue(item, each, at(path, index + 1));
    if (fault !== undefined) return fault;
  }
  return undefined;
};

const checkMap = (shape: Shape, value: unknown, path: string): InputFault | undefined => {
  const { item } = shape;
  if (!isRecord(value)) return badValue(path, "a map");
  if (item === undefined) return undefined;
  for (const [key, each] of Object.entries(value)) {
    if (each === undefined || each === null) continue;
    const fault = checkValue(item, each, at(path, key));
    if (fault !== undefined) return fault;
  }
  return undefined;
};

type SimpleKind = Exclude<ShapeKind, "structure" | "list" | "map">;

const simpleChecks: Readonly<Record<SimpleKind, readonly [(value: unknown) => boolean, string]>> = {
  string: [(value) => typeof value === "string" || value instanceof String, "text"],
  number: [(value) => typeof value === "number" && !Number.isNaN(value), "a number"],
  boolean: [(value) => typeof value === "boolean", "true or false"],
  timestamp: [
    (value) => value instanceof Date && !Number.isNaN(value.getTime()),
    "a point in time",
  ],
  blob: [(value) => value instanceof Uint8Array, "base64"],
  "big-integer": [
    (value) => typeof value === "bigint" || typeof value === "number",
    "a whole number",
  ],
  "big-decimal": [() => true, "a decimal number"],
  document: [() => true, "a document"],
  unit: [() => true, "nothing"],
};

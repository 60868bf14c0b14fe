/** Decodes JSON bodies by the operation's schema. What the SDK's own deserialiser would overlook is refused first. */
import { JsonCodec2 } from "@smithy/core/protocols";
import { NormalizedSchema } from "@smithy/core/schema";
import { MalformedRequest } from "./errors.ts";
import type { Operation } from "../schemas/model.ts";
import type { Shape, ShapeKind, Slot } from "../schemas/shape.ts";

/** 7: seconds since the epoch unless a member's own trait says otherwise. */
const timestampFormat = { useTrait: true, default: 7 } as const;
const rpcReader = new JsonCodec2({ timestampFormat, jsonName: false }).createDeserializer();
const restReader = new JsonCodec2({ timestampFormat, jsonName: true }).createDeserializer();

/**
 * @param names which name a member has in the body: its own (RPC) or its `jsonName` (REST)
 * @throws MalformedRequest naming the path
 */
export const decodeJson = async (
  body: string,
  operation: Operation,
  names: "rpc" | "rest",
): Promise<Record<string, unknown>> => {
  if (operation.input.kind === "unit" || body === "") return {};
  checkJson(operation.input, parse(body), { path: "", names });
  const reader = names === "rest" ? restReader : rpcReader;
  const read: unknown = await reader.read(NormalizedSchema.of(operation.schema[4]), body);
  return read as Record<string, unknown>;
};

const parse = (body: string): unknown => {
  try {
    return JSON.parse(body) as unknown;
  } catch (error) {
    const why = error instanceof Error ? error.message : "unknown";
    throw new MalformedRequest("BAD_VALUE", `The body is not JSON: ${why}`);
  }
};

interface Place {
  readonly path: string;
  readonly names: "rpc" | "rest";
}

const below = (place: Place, name: string | number): Place => ({
  ...place,
  path: place.path === "" ? String(name) : `${place.path}.${String(name)}`,
});

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const expected = (place: Place, wanted: string): MalformedRequest =>
  new MalformedRequest(
    "BAD_VALUE",
    `${place.path === "" ? "The body" : `The value of ${place.path}`} must be ${wanted}`,
  );

const checkJson = (shape: Shape, value: unknown, place: Place): void => {
  if (shape.kind === "structure") checkStructure(shape, value, place);
  else if (shape.kind === "list" || shape.kind === "map") checkItems(shape, value, place);
  else {
    const [holds, wanted] = simpleChecks[shape.kind];
    if (!holds(value)) throw expected(place, wanted);
  }
};

const checkStructure = (shape: Shape, value: unknown, place: Place): void => {
  if (!isRecord(value)) throw expected(place, "an object");
  for (const [name, given] of Object.entries(value)) {
    const slot = slotNamed(shape, name, place.names);
    if (slot === undefined) {
      const { path } = below(place, name);
      throw new MalformedRequest("UNKNOWN_PARAMETER", `The parameter ${path} is not recognized`);
    }
    if (given !== null) checkJson(slot.shape, given, below(place, name));
  }
};

const slotNamed = (shape: Shape, name: string, names: Place["names"]): Slot | undefined => {
  if (names === "rpc") return shape.members.get(name);
  return [...shape.members.values()].find((slot) => (slot.traits.jsonName ?? slot.name) === name);
};

const checkItems = ({ kind, item }: Shape, value: unknown, place: Place): void => {
  if (item === undefined) return;
  const isRight = kind === "list" ? Array.isArray(value) : isRecord(value);
  if (!isRight) throw expected(place, kind === "list" ? "a list" : "an object");
  for (const [key, each] of Object.entries(value as object) as [string, unknown][]) {
    if (each !== null) checkJson(item.shape, each, below(place, key));
  }
};

type SimpleKind = Exclude<ShapeKind, "structure" | "list" | "map">;

const isNumeric = (value: unknown): boolean =>
  typeof value === "number" ||
  (typeof value === "string" && ["NaN", "Infinity", "-Infinity"].includes(value));

const simpleChecks: Readonly<Record<SimpleKind, readonly [(value: unknown) => boolean, string]>> = {
  string: [(value) => typeof value === "string", "text"],
  number: [isNumeric, "a number"],
  boolean: [(value) => typeof value === "boolean", "true or false"],
  timestamp: [(value) => typeof value === "number" || typeof value === "string", "a time"],
  blob: [(value) => typeof value === "string", "base64"],
  "big-integer": [isNumeric, "a whole number"],
  "big-decimal": [isNumeric, "a number"],
  document: [() => true, "a document"],
  unit: [() => true, "nothing"],
};

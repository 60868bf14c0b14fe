/**
 * The SDK's schemas, prepared once: what the decoder, the checker and the direct front walk. The SDK's own
 * `NormalizedSchema` makes new objects at each look-up; here each schema is looked at once and kept.
 */
import type { $SchemaRef, SchemaTraitsObject } from "@smithy/types";
import { NormalizedSchema } from "@smithy/core/schema";

export type ShapeKind =
  | "structure"
  | "list"
  | "map"
  | "string"
  | "number"
  | "boolean"
  | "timestamp"
  | "blob"
  | "big-integer"
  | "big-decimal"
  | "document"
  | "unit";

/** A place where a value stands: a member of a structure, an item of a list, a key or a value of a map. */
export interface Slot {
  readonly name: string;
  /** As the SDK's serialisers want it: with the traits of the place, not of the shape alone. */
  readonly schema: NormalizedSchema;
  readonly traits: SchemaTraitsObject;
  readonly shape: Shape;
  /** A text that is no more than that: most of what is sent. */
  readonly isPlainText: boolean;
  readonly isRequired: boolean;
}

export interface Shape {
  readonly kind: ShapeKind;
  /** One member only is set (an AWS union). */
  readonly isUnion: boolean;
  /** Members of a structure by name; empty for all else. Read when first needed: schemas may be recursive. */
  readonly members: ReadonlyMap<string, Slot>;
  /** Item of a list or value of a map. */
  readonly item: Slot | undefined;
  readonly key: Slot | undefined;
}

const kindOf = (schema: NormalizedSchema): ShapeKind => {
  if (schema.isUnitSchema()) return "unit";
  if (schema.isStructSchema()) return "structure";
  if (schema.isListSchema()) return "list";
  if (schema.isMapSchema()) return "map";
  return simpleKindOf(schema);
};

const simpleKindOf = (schema: NormalizedSchema): ShapeKind => {
  const tests: readonly [ShapeKind, boolean][] = [
    ["string", schema.isStringSchema()],
    ["number", schema.isNumericSchema()],
    ["boolean", schema.isBooleanSchema()],
    ["timestamp", schema.isTimestampSchema()],
    ["blob", schema.isBlobSchema()],
    ["big-integer", schema.isBigIntegerSchema()],
    ["big-decimal", schema.isBigDecimalSchema()],
    ["document", schema.isDocumentSchema()],
  ];
  const found = tests.find(([, holds]) => holds);
  if (found === undefined) {
    throw new Error(
      `schema ${schema.getName(true) ?? "?"} is of a kind that the wire doesn't know`,
    );
  }
  return found[0];
};

const noMembers: ReadonlyMap<string, Slot> = new Map();

class LazyShape implements Shape {
  readonly kind: ShapeKind;
  readonly isUnion: boolean;
  readonly #schema: NormalizedSchema;
  #members: ReadonlyMap<string, Slot> | undefined;
  #item: Slot | undefined;
  #key: Slot | undefined;

  constructor(schema: NormalizedSchema) {
    this.#schema = schema;
    this.kind = kindOf(schema);
    this.isUnion = schema.isUnionSchema();
  }

  get members(): ReadonlyMap<string, Slot> {
    if (this.kind !== "structure") return noMembers;
    this.#members ??= this.#readMembers();
    return this.#members;
  }

  get item(): Slot | undefined {
    if (this.kind !== "list" && this.kind !== "map") return undefined;
    this.#item ??= slotOf("item", this.#schema.getValueSchema(), false);
    return this.#item;
  }

  get key(): Slot | undefined {
    if (this.kind !== "map") return undefined;
    this.#key ??= slotOf("key", this.#schema.getKeySchema(), true);
    return this.#key;
  }

  #readMembers(): ReadonlyMap<string, Slot> {
    const raw = this.#schema.getSchema();
    // Required members come first in the SDK's structures; the seventh entry says how many there are.
    const required = Array.isArray(raw) && typeof raw[6] === "number" ? raw[6] : 0;
    const members = new Map<string, Slot>();
    for (const [name, schema] of this.#schema.structIterator()) {
      members.set(name, slotOf(name, schema, members.size < required));
    }
    return members;
  }
}

const bySchema = new WeakMap<object, Shape>();
const bySimpleSchema = new Map<unknown, Shape>();

/** The shape of a schema, made at the first call and kept. */
export const shapeOf = (reference: $SchemaRef | NormalizedSchema): Shape => {
  const schema = NormalizedSchema.of(reference);
  const raw: unknown = schema.getSchema();
  const known =
    typeof raw === "object" && raw !== null ? bySchema.get(raw) : bySimpleSchema.get(raw);
  if (known !== undefined) return known;
  const shape = new LazyShape(schema);
  if (typeof raw === "object" && raw !== null) bySchema.set(raw, shape);
  else bySimpleSchema.set(raw, shape);
  return shape;
};

const slotOf = (name: string, schema: NormalizedSchema, isRequired: boolean): Slot => {
  const traits = schema.getMergedTraits();
  const shape = shapeOf(schema);
  const isPlainText = shape.kind === "string" && traits.mediaType === undefined;
  return { name, schema, traits, shape, isPlainText, isRequired };
};

/**
 * What a value looks like after it went over the wire, without going: a deep copy by schema. Unknown members and
 * undefined ones are dropped, client and cloud share nothing, and what a query request can't say is left out.
 */
import { LazyJsonString, NumericValue } from "@smithy/core/serde";
import type { Protocol } from "./services.ts";
import type { Shape, ShapeKind, Slot } from "./shape.ts";

export interface CopyOptions {
  readonly protocol: Protocol;
  readonly direction: "request" | "response";
  /** For members that the SDK fills in when they are absent (`ClientToken`). */
  readonly newToken: () => string;
}

/** Of an operation that has no structure it is empty. */
export type CopyByShape = (shape: Shape, value: unknown) => Record<string, unknown>;

export const copierOf = (options: CopyOptions): CopyByShape => {
  const copier = new Copier(options);
  return (shape, value) =>
    shape.kind === "structure" ? copier.structure(shape, asRecord(value)) : {};
};

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

class Copier {
  readonly #isQueryRequest: boolean;
  readonly #omitsEmptyLists: boolean;
  readonly #fillsTokens: boolean;
  readonly #newToken: () => string;

  constructor({ protocol, direction, newToken }: CopyOptions) {
    const isRequest = direction === "request";
    this.#isQueryRequest = isRequest && (protocol === "ec2Query" || protocol === "awsQuery");
    this.#omitsEmptyLists = isRequest && protocol === "ec2Query";
    this.#fillsTokens = isRequest;
    this.#newToken = newToken;
  }

  structure(shape: Shape, value: Readonly<Record<string, unknown>>): Record<string, unknown> {
    // Answers have a few of very many members, and none that is filled in.
    if (!this.#fillsTokens) return this.#answer(shape, value);
    const result: Record<string, unknown> = {};
    for (const slot of shape.members.values()) {
      const given = value[slot.name];
      const copy =
        given === undefined || given === null ? this.#absent(slot) : this.#copy(slot, given);
      if (copy !== undefined) result[slot.name] = copy;
    }
    return result;
  }

  /** By the members that are there. Spread and changed afterwards would take longer: answers have too many forms for V8 to copy any at once. */
  #answer({ members }: Shape, value: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const copies: Record<string, unknown> = {};
    for (const name of Object.keys(value)) {
      const given = value[name];
      if (given === undefined || given === null) continue;
      const slot = members.get(name);
      if (slot === undefined) continue;
      copies[name] =
        slot.isPlainText && typeof given === "string" ? given : this.#copy(slot, given);
    }
    return copies;
  }

  #absent(slot: Slot): unknown {
    return this.#fillsTokens && slot.traits.idempotencyToken ? this.#newToken() : undefined;
  }

  #copy(slot: Slot, value: unknown): unknown {
    const { shape } = slot;
    if (slot.isPlainText) return String(value);
    if (shape.kind === "list") return this.#list(shape, value as readonly unknown[]);
    if (shape.kind === "map") return this.#map(shape, asRecord(value));
    if (shape.kind === "structure") {
      const copy = this.structure(shape, asRecord(value));
      return this.#isQueryRequest && Object.keys(copy).length === 0 ? undefined : copy;
    }
    return copyLeaf[shape.kind](value, slot);
  }

  #list(shape: Shape, value: readonly unknown[]): readonly unknown[] | undefined {
    const { item } = shape;
    if (item === undefined) return [];
    const copies: unknown[] = [];
    for (const each of value) {
      if (each === undefined || each === null) continue;
      const copy = this.#copy(item, each);
      if (copy !== undefined) copies.push(copy);
    }
    return copies.length === 0 && this.#omitsEmptyLists ? undefined : copies;
  }

  #map(
    shape: Shape,
    value: Readonly<Record<string, unknown>>,
  ): Record<string, unknown> | undefined {
    const { item } = shape;
    const result: Record<string, unknown> = {};
    for (const [key, each] of Object.entries(value)) {
      if (item === undefined || each === undefined || each === null) continue;
      result[key] = this.#copy(item, each);
    }
    return this.#isQueryRequest && Object.keys(result).length === 0 ? undefined : result;
  }
}

const isJson = (mediaType: string | undefined): boolean =>
  mediaType !== undefined && (mediaType === "application/json" || mediaType.endsWith("+json"));

type LeafKind = Exclude<ShapeKind, "structure" | "list" | "map">;

const asIs = (value: unknown): unknown => value;

const copyLeaf: Readonly<Record<LeafKind, (value: unknown, slot: Slot) => unknown>> = {
  string: (value, { traits }) =>
    isJson(traits.mediaType) ? LazyJsonString.from(String(value)) : String(value),
  timestamp: (value) => (value instanceof Date ? new Date(value.getTime()) : value),
  blob: (value) => (value instanceof Uint8Array ? new Uint8Array(value) : value),
  document: (value) => structuredClone(value),
  "big-integer": (value) => (typeof value === "number" ? BigInt(value) : value),
  "big-decimal": (value) =>
    value instanceof NumericValue ? value : new NumericValue(String(value), "bigDecimal"),
  number: asIs,
  boolean: asIs,
  unit: asIs,
};

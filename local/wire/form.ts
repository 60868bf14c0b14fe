/** Decodes query requests (`Filter.1.Value.1=running`) by the operation's schema: the one codec the SDK has no counterpart for. */
import { FromStringShapeDeserializer } from "@smithy/core/protocols";
import { MalformedRequest } from "./errors.ts";
import type { Operation } from "../schemas/model.ts";
import type { Protocol } from "../schemas/services.ts";
import type { Shape, Slot } from "../schemas/shape.ts";

type QueryProtocol = Extract<Protocol, "ec2Query" | "awsQuery">;

/** A form's keys, split at their dots. A key may have a value, keys below it, or both (which is refused). */
interface Node {
  value?: string;
  below?: Map<string, Node>;
}

/** Not parameters of the operation: the protocol's own and those of a signature in the query string. */
const protocolKey =
  /^(Action|Version|AWSAccessKeyId|Signature|SignatureMethod|SignatureVersion|Timestamp|SecurityToken|X-Amz-.+)$/i;

/** @throws MalformedRequest naming the parameter */
export const decodeForm = (
  form: URLSearchParams,
  { operation, protocol }: { readonly operation: Operation; readonly protocol: QueryProtocol },
): Record<string, unknown> => {
  const tree = treeOf(form);
  const decode = protocol === "ec2Query" ? ec2Decoder : queryDecoder;
  return decode.structure(operation.input, tree, "");
};

const treeOf = (form: URLSearchParams): Node => {
  const root: Node = {};
  for (const [key, value] of form) {
    if (protocolKey.test(key)) continue;
    let node = root;
    for (const part of key.split(".")) {
      node.below ??= new Map();
      const next = node.below.get(part) ?? {};
      node.below.set(part, next);
      node = next;
    }
    if (node.value !== undefined) throw bad(key, "is given twice");
    node.value = value;
  }
  return root;
};

const bad = (path: string, why: string): MalformedRequest =>
  new MalformedRequest("BAD_VALUE", `The parameter ${path} ${why}.`);

const at = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

const noNodes: ReadonlyMap<string, Node> = new Map();

class FormDecoder {
  readonly #isEc2: boolean;
  readonly #leaves: FromStringShapeDeserializer;
  readonly #slotsByKey = new WeakMap<Shape, ReadonlyMap<string, Slot>>();

  constructor(protocol: QueryProtocol) {
    this.#isEc2 = protocol === "ec2Query";
    // 5: timestamps are ISO 8601 unless a member's own trait says otherwise.
    const timestampFormat = { useTrait: true, default: 5 } as const;
    this.#leaves = new FromStringShapeDeserializer({ timestampFormat, httpBindings: false });
  }

  structure(shape: Shape, node: Node, path: string): Record<string, unknown> {
    const slots = this.#slotsOf(shape);
    const result: Record<string, unknown> = {};
    for (const [key, child] of node.below ?? noNodes) {
      const slot = slots.get(key);
      if (slot === undefined) {
        throw new MalformedRequest(
          "UNKNOWN_PARAMETER",
          `The parameter ${at(path, key)} is not recognized`,
        );
      }
      result[slot.name] = this.#value(slot, child, at(path, key));
    }
    return result;
  }

  #slotsOf(shape: Shape): ReadonlyMap<string, Slot> {
    const known = this.#slotsByKey.get(shape);
    if (known !== undefined) return known;
    const slots = new Map([...shape.members.values()].map((slot) => [this.#keyOf(slot), slot]));
    this.#slotsByKey.set(shape, slots);
    return slots;
  }

  /** As the SDK's own serialiser names a member. */
  #keyOf({ name, traits }: Slot): string {
    if (this.#isEc2 && typeof traits.ec2QueryName === "string") return traits.ec2QueryName;
    const key = typeof traits.xmlName === "string" ? traits.xmlName : name;
    return this.#isEc2 ? key.charAt(0).toUpperCase() + key.slice(1) : key;
  }

  #value(slot: Slot, node: Node, path: string): unknown {
    const { kind } = slot.shape;
    if (kind === "list") return this.#list(slot, node, path);
    if (kind === "map") return this.#map(slot, node, path);
    if (kind === "structure") {
      if (node.value !== undefined && node.value !== "") throw bad(path, "is a structure");
      return this.structure(slot.shape, node, path);
    }
    return this.#leaf(slot, node, path);
  }

  #list(slot: Slot, node: Node, path: string): readonly unknown[] {
    const { item } = slot.shape;
    if (item === undefined || isEmpty(node, path)) return [];
    const isFlat = this.#isEc2 || Boolean(slot.traits.xmlFlattened);
    const key = item.traits.xmlName ?? "member";
    const numbered = isFlat ? node : only(node, key, path);
    return this.#entries(numbered, path).map(([entry, entryPath]) =>
      this.#value(item, entry, entryPath),
    );
  }

  #map(slot: Slot, node: Node, path: string): Record<string, unknown> {
    const { item, key } = slot.shape;
    if (item === undefined || key === undefined || isEmpty(node, path)) return {};
    const numbered = slot.traits.xmlFlattened ? node : only(node, "entry", path);
    const pairs = this.#entries(numbered, path).map(([entry, entryPath]) => {
      const named = entry.below?.get(key.traits.xmlName ?? "key");
      const valued = entry.below?.get(item.traits.xmlName ?? "value");
      if (named?.value === undefined || valued === undefined) {
        throw bad(entryPath, "must have a key and a value");
      }
      return [named.value, this.#value(item, valued, entryPath)] as const;
    });
    return Object.fromEntries(pairs);
  }

  /** Numbered children in the order of their numbers; gaps are closed, as AWS does. */
  #entries(node: Node, path: string): readonly (readonly [Node, string])[] {
    return [...(node.below ?? noNodes)]
      .map(([key, child]) => {
        if (!/^[1-9]\d{0,5}$/.test(key)) throw bad(at(path, key), "is not a numbered list entry");
        return [Number(key), child] as const;
      })
      .toSorted(([one], [other]) => one - other)
      .map(([number, child]) => [child, at(path, String(number))] as const);
  }

  #leaf(slot: Slot, node: Node, path: string): unknown {
    const { value } = node;
    if (value === undefined || node.below !== undefined) throw bad(path, "must be a single value");
    const { kind } = slot.shape;
    if (kind === "string" && slot.traits.mediaType === undefined) return value;
    if (kind === "boolean" && !isBoolean(value)) throw bad(path, "must be true or false");
    if (kind === "number" && !isNumber(value)) throw bad(path, "must be a number");
    return this.#read(slot, value, path);
  }

  #read(slot: Slot, value: string, path: string): unknown {
    try {
      return this.#leaves.read(slot.schema, value);
    } catch (error) {
      throw bad(path, `can't be read: ${error instanceof Error ? error.message : "unknown"}`);
    }
  }
}

const isBoolean = (text: string): boolean => /^(true|false)$/i.test(text);

const isNumber = (text: string): boolean =>
  text === "NaN" || (text !== "" && !Number.isNaN(Number(text)));

const ec2Decoder = new FormDecoder("ec2Query");
const queryDecoder = new FormDecoder("awsQuery");

/** `Key=` alone is how a query request says "empty list". */
const isEmpty = (node: Node, path: string): boolean => {
  if (node.below !== undefined) return false;
  if (node.value === "") return true;
  throw bad(path, "must be numbered, as in .1");
};

const only = (node: Node, key: string, path: string): Node => {
  for (const found of node.below?.keys() ?? []) {
    if (found !== key) throw bad(at(path, found), `is unknown: entries are under .${key}.1`);
  }
  return node.below?.get(key) ?? {};
};

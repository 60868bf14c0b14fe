/** Plain data as the state table gives it back, without the attributes between: many times faster. Held to them by a property test. */
import { isPlainObject } from "../../adapters/store/attribute-values.ts";

/** No character takes more bytes in UTF-8, and nothing else that an item holds takes more than this. */
const mostBytesOfCharacter = 3;
const mostBytesOfLeaf = 24;

/** Bytes that stand in the table: nobody changes them in place, so all who read them share them. */
const stored = new WeakSet<Uint8Array>();

const storedBytes = (value: ArrayBufferView): Uint8Array => {
  if (value instanceof Uint8Array && stored.has(value)) return value;
  const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  stored.add(bytes);
  return bytes;
};

/** What reads back of a value that was stored, and how many bytes it takes at most. */
export class ReadBack {
  mostBytes = 0;

  /** The copy, frozen; the same as through the attributes and back. Undefined for what the table cannot store. */
  of(value: unknown): unknown {
    this.mostBytes += mostBytesOfLeaf;
    switch (typeof value) {
      case "string":
        this.mostBytes += value.length * mostBytesOfCharacter;
        return value;
      case "boolean":
        return value;
      case "number":
        // A number is written in digits: minus zero comes back as zero.
        return Number.isFinite(value) ? value + 0 : undefined;
      case "object":
        return value === null ? null : this.#ofObject(value);
      default:
        return undefined;
    }
  }

  #ofObject(value: object): unknown {
    if (Array.isArray(value)) return this.#ofList(value);
    if (ArrayBuffer.isView(value)) {
      this.mostBytes += value.byteLength;
      return storedBytes(value);
    }
    return isPlainObject(value) ? this.#ofMembers(value) : undefined;
  }

  #ofList(values: readonly unknown[]): unknown {
    const copies: unknown[] = [];
    for (const value of values) {
      const copy = this.of(value);
      if (copy === undefined) return undefined;
      copies.push(copy);
    }
    return Object.freeze(copies);
  }

  #ofMembers(value: object): unknown {
    // V8 copies an object of known form at once. Whatever it is called, each member is then there to be replaced, `__proto__` too.
    const copies = { ...value } as Record<string, unknown>;
    for (const name of Object.keys(copies)) {
      const member = copies[name];
      if (member === undefined) {
        Reflect.deleteProperty(copies, name);
        continue;
      }
      const copy = this.of(member);
      if (copy === undefined) return undefined;
      this.mostBytes += name.length * mostBytesOfCharacter;
      copies[name] = copy;
    }
    return Object.freeze(copies);
  }
}

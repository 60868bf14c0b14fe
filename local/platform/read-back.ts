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

const isFrozenPlain = (value: object): boolean =>
  Object.isFrozen(value) && Object.getPrototypeOf(value) === Object.prototype;

const isOwnCopy = (member: unknown, copy: unknown): boolean =>
  member !== undefined && Object.is(copy, member);

/** Whatever it is called, the member is there to be replaced, `__proto__` too. */
const place = (copies: Record<string, unknown>, name: string, copy: unknown): void => {
  if (copy === undefined) Reflect.deleteProperty(copies, name);
  else copies[name] = copy;
};

/** What reads back of a value that was stored, and how many bytes it takes at most. */
export class ReadBack {
  mostBytes = 0;

  /**
   * The copy, frozen; the same as through the attributes and back. What is frozen already, however deep, is its own copy: nobody
   * changes it in place. Undefined for what the table cannot store.
   */
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
    return isPlainObject(value)
      ? this.#ofMembers(value as Readonly<Record<string, unknown>>)
      : undefined;
  }

  #ofList(values: readonly unknown[]): unknown {
    const copies: unknown[] = [];
    let isOwnCopy = Object.isFrozen(values);
    for (const value of values) {
      const copy = this.of(value);
      if (copy === undefined) return undefined;
      isOwnCopy &&= Object.is(copy, value);
      copies.push(copy);
    }
    return isOwnCopy ? values : Object.freeze(copies);
  }

  #ofMembers(value: Readonly<Record<string, unknown>>): unknown {
    let copies = isFrozenPlain(value) ? undefined : { ...value };
    for (const name of Object.keys(value)) {
      const member = value[name];
      const copy = this.of(member);
      if (copy === undefined && member !== undefined) return undefined;
      this.mostBytes += name.length * mostBytesOfCharacter;
      if (copies === undefined && isOwnCopy(member, copy)) continue;
      copies ??= { ...value };
      place(copies, name, copy);
    }
    return copies === undefined ? value : Object.freeze(copies);
  }
}

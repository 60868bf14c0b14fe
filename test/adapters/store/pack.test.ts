import { brotliDecompressSync } from "node:zlib";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { pack, unpack } from "../../../adapters/store/pack.ts";

const packed = (value: unknown): Uint8Array => {
  const bytes = pack(value);
  if (bytes === undefined) throw new Error("JSON cannot hold it.");
  return bytes;
};

describe("packed values", () => {
  it.each([null, false, 0, "", [], { a: [{ b: "ü" }] }])("come back as they were: %j", (value) => {
    expect(unpack(packed(value))).toEqual(value);
    expect(unpack(Uint8Array.from(packed(value)))).toEqual(value);
  });

  it("are unpacked once, however often the same bytes are looked at", () => {
    const bytes = packed({ phase: "launch" });
    const first = unpack(bytes);
    expect(unpack(bytes)).toBe(first);
    expect(unpack(Uint8Array.from(bytes))).not.toBe(first);
  });

  it("are not taken for others that were packed from the same object later", () => {
    const record = { phase: "launch" };
    const before = packed(record);
    expect(unpack(before)).toEqual({ phase: "launch" });
    record.phase = "verify";
    expect(unpack(packed(record))).toEqual({ phase: "verify" });
    expect(unpack(before)).toEqual({ phase: "launch" });
  });

  it.each([1, 2, 255, 256, 65_533, 65_534, 65_535, 65_536, 200_000])(
    "that are packed quickly come back as they were, through the same decoder: %s characters",
    (length) => {
      // With the quotes of JSON one of them is as long as may stand there uncompressed.
      const text = "a".repeat(length);
      const bytes = pack(text, { packing: "quick" });
      expect(brotliDecompressSync(bytes ?? new Uint8Array()).toString()).toBe(JSON.stringify(text));
      expect(unpack(bytes ?? new Uint8Array())).toBe(text);
    },
  );

  it("that are packed quickly may hold any character", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const bytes = pack(value, { packing: "quick" });
        expect(unpack(bytes ?? new Uint8Array())).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  describe("that a denser packing could bring under the next kilobyte", () => {
    /** The packed bytes of `value` beside so much else that a byte is over a kilobyte. */
    const justOver = (value: unknown): readonly [before: number, after: number] => {
      const { byteLength } = packed(value);
      return [
        byteLength,
        pack(value, { besideBytes: 1024 - byteLength + 1 })?.byteLength ?? Infinity,
      ];
    };
    const record = Array.from({ length: 40 }, (_, index) => ({
      phase: `wait ${String(index % 7)}`,
      at: new Date(Date.UTC(2026, 2, 2, 9, index, (index * 37) % 60)).toISOString(),
      summary: `Replacement i-${(index * 7919 * 7919).toString(16)} is ${index % 3 === 0 ? "pending" : "running"}.`,
    }));

    it("are packed so, and not where it saves none", () => {
      const [before, after] = justOver(record);
      expect(after).toBeLessThan(before);
      expect(pack(record, { besideBytes: 1024 - before })?.byteLength).toBe(before);
      expect(pack(record, { besideBytes: 1024 - before / 2 })?.byteLength).toBe(before);
    });

    it("stay as they are where it is not denser", () => {
      const ids = Array.from({ length: 120 }, (_, index) => ({
        id: `vol-${String(index * 7919)}`,
      }));
      const [before, after] = justOver(ids);
      expect(after).toBe(before);
    });
  });

  it("are refused each time where the bytes are none", () => {
    const broken = new Uint8Array([1, 2, 3]);
    expect(() => unpack(broken)).toThrow();
    expect(() => unpack(broken)).toThrow();
  });
});

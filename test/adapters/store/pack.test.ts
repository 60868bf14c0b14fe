import { describe, expect, it } from "@jest/globals";
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

  it("are packed denser where that saves a kilobyte of their item, and not where it does not", () => {
    const value = Array.from({ length: 120 }, (_, index) => ({
      id: `vol-${String(index * 7919)}`,
    }));
    const { byteLength } = packed(value);
    const dense = pack(value, 1024 - byteLength + 1)?.byteLength ?? Infinity;
    expect(dense).toBeLessThan(byteLength);
    expect(pack(value, 1024 - byteLength)?.byteLength).toBe(byteLength);
    expect(pack(value, 1024 - byteLength / 2)?.byteLength).toBe(byteLength);
  });

  it("are refused each time where the bytes are none", () => {
    const broken = new Uint8Array([1, 2, 3]);
    expect(() => unpack(broken)).toThrow();
    expect(() => unpack(broken)).toThrow();
  });
});

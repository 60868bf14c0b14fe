import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import type { Table } from "../../../adapters/store/table.ts";
import { readPieces, writePieces } from "../../../local/interpreter/pieces.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";

const place = { pk: "STATES#DEFINITION#linear", sk: "c616b60d" };

/** Answers later than it acts, as a table behind a connection does. */
const slow = (table: Table): Table => {
  const later = async <Value>(answer: Promise<Value>): Promise<Value> => {
    const value = await answer;
    await setImmediate();
    return value;
  };
  return {
    get: (key, reading) => later(table.get(key, reading)),
    put: (item, condition) => later(table.put(item, condition)),
    delete: (key, condition) => later(table.delete(key, condition)),
    query: (input) => later(table.query(input)),
  };
};

describe("pieces of a long text", () => {
  const text = "x".repeat(250_000);

  it("can be written by several at a time where they are the same", async () => {
    const table = slow(createMemoryTable());
    const counts = await Promise.all([1, 2, 3].map(() => writePieces(table, { ...place, text })));
    expect(counts).toEqual([3, 3, 3]);
    expect(await readPieces(table, { ...place, count: 3 })).toBe(text);
  });

  it("take the place of what a process that died has left there", async () => {
    const table = createMemoryTable();
    await writePieces(table, { ...place, text: "y".repeat(150_000) });
    await writePieces(table, { ...place, text });
    expect(await readPieces(table, { ...place, count: 3 })).toBe(text);
  });

  it("are refused where two write different texts at a time", async () => {
    const table = slow(createMemoryTable());
    await writePieces(table, { ...place, text: "a" });
    const both = Promise.all(
      ["b", "c"].map((other) => writePieces(table, { ...place, text: other })),
    );
    await expect(both).rejects.toThrow("is being written by another process");
  });
});

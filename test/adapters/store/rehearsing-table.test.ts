import { afterEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { rehearsingTable } from "../../../adapters/store/rehearsing-table.ts";
import type { Item, QueryInput, Table } from "../../../adapters/store/table.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import { readAllPages } from "./backends.ts";
import { tableContract } from "./table-contract.ts";

describe("the table of a dry run, of which nothing is stored", () => {
  let made: Table | undefined;
  tableContract(() => (made ??= rehearsingTable(createMemoryTable())));
  // Each test of the contract takes a table of its own.
  afterEach(() => {
    made = undefined;
  });
});

const item = (name: number, version: number): Item => ({
  pk: "P#1",
  sk: `S#${String(name)}`,
  version,
  gsi1pk: "G",
  gsi1sk: String((name * 7) % 10),
  data: { name, version },
});

const all = (table: Table, query: Omit<QueryInput, "partition">) =>
  readAllPages((cursor) =>
    table.query({
      partition: query.index === undefined ? "P#1" : "G",
      ...query,
      ...(cursor !== undefined && { cursor }),
    }),
  );

describe("the table of a dry run", () => {
  it("answers as the table would after a run that is meant, and leaves that as it is", async () => {
    const names = fc.uniqueArray(fc.integer({ min: 0, max: 9 }));
    await fc.assert(
      fc.asyncProperty(
        names,
        names,
        names,
        fc.record({
          descending: fc.boolean(),
          limit: fc.integer({ min: 1, max: 4 }),
          index: fc.constantFrom("gsi1" as const, undefined),
        }),
        async (stored, put, taken, { index, ...query }) => {
          const table = createMemoryTable();
          const meant = createMemoryTable();
          for (const name of stored) {
            await table.put(item(name, 1), { ifAbsent: true });
            await meant.put(item(name, 1), { ifAbsent: true });
          }
          const before = table.items();
          const rehearsed = rehearsingTable(table);
          for (const one of [rehearsed, meant]) {
            for (const name of put) {
              const isThere = stored.includes(name);
              await one.put(item(name, 2), isThere ? { ifVersion: 1 } : { ifAbsent: true });
            }
            for (const name of taken) await one.delete(item(name, 0), { ifVersion: 2 });
          }
          const asked = { ...query, ...(index !== undefined && { index }) };
          expect((await all(rehearsed, asked)).flat()).toEqual((await all(meant, asked)).flat());
          expect(table.items()).toEqual(before);
        },
      ),
    );
  });

  it("names what a run would have left, last written last", async () => {
    const table = createMemoryTable();
    await table.put(item(1, 1), { ifAbsent: true });
    const rehearsed = rehearsingTable(table);
    await rehearsed.put(item(2, 1), { ifAbsent: true });
    await rehearsed.put(item(3, 1), { ifAbsent: true });
    await rehearsed.put(item(2, 2), { ifVersion: 1 });
    await rehearsed.delete(item(1, 1), { ifVersion: 1 });
    expect(rehearsed.written()).toEqual([item(3, 1), item(2, 2)]);
  });
});

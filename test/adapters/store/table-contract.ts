/** What every implementation of Table must do. Run by table.test.ts against each of them. */
import { expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Item, QueryInput, Table } from "../../../adapters/store/table.ts";
import { readAllPages } from "./backends.ts";

const item = (sk: string, more: Partial<Item> = {}): Item => ({
  pk: "P#1",
  sk,
  version: 1,
  data: { sk },
  ...more,
});

const fill = async (table: Table, items: readonly Item[]): Promise<void> => {
  for (const one of items) await table.put(one, { ifAbsent: true });
};

const sortKeys = async (table: Table, input: Omit<QueryInput, "partition">): Promise<string[]> =>
  (await table.query({ partition: "P#1", ...input })).items.map((one) => one.sk);

const contractOfWrites = (table: () => Table): void => {
  it("reads back exactly what was put", async () => {
    const stored = item("a", {
      gsi1pk: "G",
      gsi1sk: "1",
      gsi2pk: "H",
      gsi2sk: "2",
      ttl: 1_800_000_000,
      data: {
        text: "Grüße €",
        empty: "",
        number: -0.1,
        small: 1e-7,
        large: 1e21,
        flag: false,
        nothing: null,
        list: [1, "two", [], {}],
        bytes: Uint8Array.of(0, 255, 128),
      },
    });
    expect(await table().put(stored, { ifAbsent: true })).toEqual({ kind: "WRITTEN" });
    expect(await table().get(stored)).toEqual(stored);
  });

  it("leaves out properties that are undefined", async () => {
    await table().put(item("a", { data: { kept: 1, gone: undefined } }), { ifAbsent: true });
    expect(await table().get(item("a"))).toStrictEqual(item("a", { data: { kept: 1 } }));
  });

  it.each([
    ["NaN", NaN],
    ["a date", new Date(0)],
    ["a map", new Map()],
    ["a function", () => 1],
    ["undefined in a list", [undefined]],
  ])("refuses %s, naming where it is", async (_name, value) => {
    await expect(
      table().put(item("a", { data: { inner: { value } } }), { ifAbsent: true }),
    ).rejects.toMatchObject({
      name: "BrokenInput",
      resource: expect.stringContaining("P#1/a.inner.value"),
    });
  });

  it("gives nothing for a key that does not exist", async () => {
    expect(await table().get(item("a"))).toBeUndefined();
  });

  it("is not changed through what it was given or gave out", async () => {
    const data = { list: [1] };
    await table().put(item("a", { data }), { ifAbsent: true });
    data.list.push(2);
    const read = (await table().get(item("a")))?.data as typeof data;
    // A reader has what is his own, or what nobody can change.
    if (!Object.isFrozen(read.list)) read.list.push(3);
    expect((await table().get(item("a")))?.data).toEqual({ list: [1] });
  });

  it("puts an absent item once only", async () => {
    await table().put(item("a"), { ifAbsent: true });
    expect(await table().put(item("a", { data: 2 }), { ifAbsent: true })).toEqual({
      kind: "CONFLICT",
    });
    expect((await table().get(item("a")))?.data).toEqual({ sk: "a" });
  });

  it.each([
    ["the version read is still there", 1, "WRITTEN"],
    ["another version is there", 2, "CONFLICT"],
  ] as const)("replaces and deletes only if %s", async (_name, ifVersion, kind) => {
    await fill(table(), [item("a"), item("b")]);
    expect(await table().put(item("a", { version: 3 }), { ifVersion })).toEqual({ kind });
    expect(await table().delete(item("b"), { ifVersion })).toEqual({ kind });
    expect((await table().get(item("a")))?.version).toBe(kind === "WRITTEN" ? 3 : 1);
    expect(await table().get(item("b"))).toEqual(kind === "WRITTEN" ? undefined : item("b"));
  });

  it("neither replaces nor deletes what does not exist", async () => {
    expect(await table().put(item("a"), { ifVersion: 1 })).toEqual({ kind: "CONFLICT" });
    expect(await table().delete(item("a"), { ifVersion: 1 })).toEqual({ kind: "CONFLICT" });
    expect(await table().get(item("a"))).toBeUndefined();
  });

  it("lets one of 50 concurrent writers win", async () => {
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        table().put(item("a", { data: index }), { ifAbsent: true }),
      ),
    );
    const winners = results.flatMap((result, index) => (result.kind === "WRITTEN" ? [index] : []));
    expect(winners).toHaveLength(1);
    expect((await table().get(item("a")))?.data).toBe(winners[0]);
  });

  it("refuses an item over 400 KB", async () => {
    const tooLarge = item("a", { data: "x".repeat(400 * 1024) });
    await expect(table().put(tooLarge, { ifAbsent: true })).rejects.toMatchObject({
      name: "BrokenRequest",
      resource: expect.stringContaining("P#1/a"),
    });
  });
};

const contractOfQueries = (table: () => Table): void => {
  const five = ["a#1", "a#2", "b#1", "b#2", "c#1"].map((sk) => item(sk));

  it.each<[string, Omit<QueryInput, "partition">, string[]]>([
    ["all", {}, ["a#1", "a#2", "b#1", "b#2", "c#1"]],
    ["all, last first", { descending: true }, ["c#1", "b#2", "b#1", "a#2", "a#1"]],
    ["from, inclusive", { from: "b#1" }, ["b#1", "b#2", "c#1"]],
    ["to, inclusive", { to: "b#1" }, ["a#1", "a#2", "b#1"]],
    ["between", { from: "a#2", to: "b#1" }, ["a#2", "b#1"]],
    ["by prefix", { prefix: "b#" }, ["b#1", "b#2"]],
    ["by prefix and from", { prefix: "b#", from: "b#2" }, ["b#2"]],
    ["by prefix and to", { prefix: "b#", to: "b#1" }, ["b#1"]],
    ["by prefix, last first", { prefix: "a", descending: true }, ["a#2", "a#1"]],
    ["bounds that hold nothing", { from: "c", to: "a" }, []],
    ["empty bounds", { from: "", prefix: "" }, ["a#1", "a#2", "b#1", "b#2", "c#1"]],
    ["up to nothing", { to: "" }, []],
    ["limit", { limit: 2 }, ["a#1", "a#2"]],
    ["limit, last first", { limit: 2, descending: true }, ["c#1", "b#2"]],
  ])("queries a partition: %s", async (_name, input, expected) => {
    await fill(table(), [...five, item("a#1", { pk: "P#2" })]);
    expect(await sortKeys(table(), input)).toEqual(expected);
  });

  it("orders by UTF-8 bytes", async () => {
    const keys = ["A", "Z", "a", "é", "\uFFFD", "\u{1F600}"];
    await fill(
      table(),
      keys.toReversed().map((sk) => item(sk)),
    );
    expect(await sortKeys(table(), {})).toEqual(keys);
  });

  it("finds by index what has both its keys, and follows changes of them", async () => {
    await fill(table(), [
      item("a", { gsi1pk: "G", gsi1sk: "2" }),
      item("b", { gsi1pk: "G", gsi1sk: "1", gsi2pk: "G", gsi2sk: "9" }),
      item("c"),
    ]);
    expect(await sortKeys(table(), { index: "gsi1" })).toEqual([]);
    const byIndex = async (index: "gsi1" | "gsi2") =>
      (await table().query({ index, partition: "G" })).items.map((one) => one.sk);
    expect(await byIndex("gsi1")).toEqual(["b", "a"]);
    expect(await byIndex("gsi2")).toEqual(["b"]);
    await table().put(item("b", { version: 2, gsi1pk: "G", gsi1sk: "3" }), { ifVersion: 1 });
    expect(await byIndex("gsi1")).toEqual(["a", "b"]);
    expect(await byIndex("gsi2")).toEqual([]);
    await table().delete(item("a"), { ifVersion: 1 });
    expect(await byIndex("gsi1")).toEqual(["b"]);
  });

  it.each([
    ["main table", undefined, false],
    ["main table, last first", undefined, true],
    ["index with equal sort keys", "gsi1", false],
    ["index with equal sort keys, last first", "gsi1", true],
  ] as const)("pages without gap or repetition: %s", async (_name, index, descending) => {
    const items = Array.from({ length: 12 }, (_, n) =>
      item(`k${String(n).padStart(2, "0")}`, { gsi1pk: "P#1", gsi1sk: String(n >> 2) }),
    );
    await fill(table(), items);
    const input = { partition: "P#1", descending, ...(index !== undefined && { index }) };
    const whole = (await table().query(input)).items.map((one) => one.sk);
    for (const limit of [1, 3, 4, 5, 12, 13]) {
      const pages = await readAllPages((cursor) =>
        table().query({ ...input, limit, ...(cursor !== undefined && { cursor }) }),
      );
      expect(pages.flat().map((one) => one.sk)).toEqual(whole);
      expect(pages).toHaveLength(Math.ceil(12 / limit));
    }
  });

  it("goes on behind a cursor whose item was deleted", async () => {
    await fill(table(), five);
    const first = await table().query({ partition: "P#1", limit: 2 });
    await table().delete(item("a#2"), { ifVersion: 1 });
    expect(await sortKeys(table(), { cursor: first.cursor ?? "" })).toEqual(["b#1", "b#2", "c#1"]);
  });

  it("reads more than one megabyte without a limit", async () => {
    const items = Array.from({ length: 5 }, (_, n) =>
      item(`k${String(n)}`, { data: "x".repeat(300_000) }),
    );
    await fill(table(), items);
    expect(await sortKeys(table(), {})).toHaveLength(5);
  });
};

const contractOfBadInput = (table: () => Table): void => {
  const validCursor = async (): Promise<string> => {
    await fill(table(), [item("a"), item("b"), item("c")]);
    return (await table().query({ partition: "P#1", limit: 2 })).cursor ?? "";
  };
  const brokenCursor = { name: "BrokenInput", resource: "cursor" };

  it.each(["", "x", "not base64url!", "e30", "W10", "bnVsbA", "WyJQIzEiXQ"])(
    "refuses %p as a cursor",
    async (cursor) => {
      await expect(table().query({ partition: "P#1", cursor })).rejects.toMatchObject(brokenCursor);
    },
  );

  it("refuses a cursor with any character changed, added or lost", async () => {
    const cursor = await validCursor();
    const place = fc.nat(cursor.length - 1);
    const character = fc.constantFrom("A", "x", "0", "-", "_", "=", "+", "/", " ");
    await fc.assert(
      fc.asyncProperty(place, character, fc.nat(2), async (index, wrong, lost) => {
        const damaged = cursor.slice(0, index) + wrong + cursor.slice(index + lost);
        fc.pre(damaged !== cursor);
        await expect(table().query({ partition: "P#1", cursor: damaged })).rejects.toMatchObject(
          brokenCursor,
        );
      }),
      { numRuns: 60 },
    );
  });

  it.each<[string, QueryInput]>([
    ["another partition", { partition: "P#2" }],
    ["an index", { partition: "P#1", index: "gsi1", prefix: "z" }],
    ["a range that it lies outside of", { partition: "P#1", from: "c" }],
  ])("refuses a cursor for %s", async (_name, input) => {
    const cursor = await validCursor();
    await expect(table().query({ ...input, cursor })).rejects.toMatchObject(brokenCursor);
  });

  it.each([0, -1, 1.5, NaN])("refuses %p as a limit", async (limit) => {
    await expect(table().query({ partition: "P#1", limit })).rejects.toMatchObject({
      name: "BrokenInput",
      resource: "limit",
    });
  });
};

export const tableContract = (table: () => Table): void => {
  contractOfWrites(table);
  contractOfQueries(table);
  contractOfBadInput(table);
};

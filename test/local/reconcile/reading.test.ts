/** The readers of bill files, each by itself. */
import { describe, expect, it } from "@jest/globals";
import * as fc from "fast-check";
import { nanoOf, usdText } from "../../../local/reconcile/amount.ts";
import { csvTable } from "../../../local/reconcile/csv-table.ts";
import { instanceTypeOf, kindOfUsage } from "../../../local/reconcile/kinds.ts";
import { nodesDecompressors, parquetTable } from "../../../local/reconcile/parquet-table.ts";
import { sampleLines } from "./sample-bill.ts";
import { cur2Rows, parquetOf } from "./sample-formats.ts";

const asBuffer = (bytes: Buffer) => {
  const whole = new Uint8Array(bytes).buffer;
  const slice = (start: number, end?: number): ArrayBuffer => whole.slice(start, end);
  return { byteLength: whole.byteLength, slice };
};

describe("amounts of a bill", () => {
  it.each([
    ["0.0416666667", 41_666_667n],
    ["-0.0000000005", -1n],
    ["0.0000000004", 0n],
    ["1.2E-7", 120n],
    ["3e2", 300_000_000_000n],
    [".5", 500_000_000n],
    ["12", 12_000_000_000n],
  ])("reads %s exactly, in nano-dollars", (text, nano) => {
    expect(nanoOf(text)).toBe(nano);
  });

  it.each(["", "-", ".", "1,5", "NaN", "1e", "0x1"])("does not read %s", (text) => {
    expect(nanoOf(text)).toBeUndefined();
  });

  it("writes what it reads", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), (nano) => {
        expect(nanoOf(usdText(nano))).toBe(nano);
      }),
    );
  });
});

describe("comma-separated values", () => {
  const read = (text: string) =>
    [...(csvTable(text, "a.csv").rows(["a", "b"]) as Iterable<(column: string) => unknown>)].map(
      (cells) => [cells("a"), cells("b")],
    );

  it("keep commas, quotes and line ends of a quoted cell, and empty ones as nothing", () => {
    expect(read('\uFEFFa,b\r\n"x,""y""\nz",1\n2,\n\n')).toEqual([
      ['x,"y"\nz', "1"],
      ["2", undefined],
    ]);
  });

  it("keep any text in any cell", () => {
    const cell = fc.string().map((text) => text.replaceAll("\uFEFF", ""));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const text = [["a", "b"], ...rows].map((cells) => cells.map(quoted).join(",")).join("\n");
        const kept = rows.map((cells) => cells.map((each) => (each === "" ? undefined : each)));
        expect(read(`${text}\n`)).toEqual(kept);
      }),
    );
  });

  it("are refused with the record that has another number of columns, or a quote that is open", () => {
    expect(() => read("a,b\n1\n")).toThrow("a.csv, record 2: 1 columns instead of 2.");
    expect(() => read('a,b\n"1,2\n')).toThrow("a.csv, line 2: a quote is not closed.");
  });
});

describe("Parquet", () => {
  const rows = cur2Rows(sampleLines(3));

  it.each(["GZIP", "SNAPPY", "ZSTD"] as const)(
    "by %s is read group by group, and a column that it lacks is nothing",
    async (codec) => {
      const table = await parquetTable(asBuffer(parquetOf(rows, codec)), { name: "a.parquet" });
      expect(table.columns).toEqual(Object.keys(rows[0] ?? {}));
      const costs: unknown[] = [];
      for await (const cells of table.rows(["line_item_unblended_cost", "line_item_nothing"])) {
        expect(cells("line_item_nothing")).toBeUndefined();
        costs.push(nanoOf(cells("line_item_unblended_cost") ?? ""));
      }
      expect(costs).toEqual(rows.map((row) => nanoOf(row.line_item_unblended_cost ?? "")));
    },
  );

  it("by ZSTD is refused by name where this Node can't undo it", async () => {
    const { ZSTD: _newer, ...decompressors } = nodesDecompressors();
    const file = asBuffer(parquetOf(rows, "ZSTD"));
    await expect(parquetTable(file, { name: "a.parquet", decompressors })).rejects.toMatchObject({
      refusal: "UNSUPPORTED_COMPRESSION",
      message: expect.stringContaining("compressed by ZSTD"),
    });
  });

  it("by LZ4 is refused by name", async () => {
    const file = asBuffer(parquetOf(rows, "LZ4"));
    await expect(parquetTable(file, { name: "a.parquet" })).rejects.toMatchObject({
      message: expect.stringContaining("compressed by LZ4"),
    });
  });

  it("that is cut off is refused", async () => {
    const file = asBuffer(parquetOf(rows, "GZIP").subarray(0, 2_000));
    await expect(parquetTable(file, { name: "a.parquet" })).rejects.toMatchObject({
      refusal: "UNREADABLE",
    });
  });
});

describe("usage types", () => {
  it.each([
    ["SpotUsage", "SPOT", "m1.small"],
    ["EUC1-SpotUsage:c5.xlarge", "SPOT", "c5.xlarge"],
    ["BoxUsage:m5.large", "ON_DEMAND", "m5.large"],
    ["USE2-UnusedBox:m5.large", "RESERVATION", "m5.large"],
    ["APN1-EBS:VolumeP-IOPS.gp3", "VOLUME", undefined],
    ["EBS:SnapshotUsage", "SNAPSHOT", undefined],
    ["EBS:FastSnapshotRestore", "FAST_RESTORE", undefined],
    ["PublicIPv4:IdleAddress", "ADDRESS", undefined],
    ["USE1-USE2-AWS-Out-Bytes", "TRANSFER", undefined],
    ["DataTransfer-Regional-Bytes", "TRANSFER", undefined],
    ["NatGateway-Hours", "OTHER", undefined],
  ])("%s is %s", (usageType, kind, instanceType) => {
    expect(kindOfUsage(usageType)).toBe(kind);
    expect(instanceTypeOf(usageType)).toBe(instanceType);
  });
});

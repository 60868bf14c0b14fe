/** The ledger against bill files: what agrees, what does not, and what is refused by name. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { reconcile, type Reconciliation } from "../../../local/reconcile/reconcile.ts";
import type { RefusalError } from "../../../local/reconcile/refusal.ts";
import {
  hourMs,
  ledgerDays,
  ledgerHours,
  onDemand,
  sampleLines,
  spot,
  startMs,
  volume,
  type LedgerHour,
  type SampleLine,
} from "./sample-bill.ts";
import {
  csvOf,
  cur2Rows,
  curRows,
  feedOf,
  focusRows,
  parquetOf,
  type Row,
} from "./sample-formats.ts";
import { sampleContents } from "./samples/contents.ts";

let folder = "";
const lines = sampleLines(1);
const usual = ledgerHours(lines);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "reconcile-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const written = (name: string, content: string | Buffer) => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return { path, name };
};

interface Against {
  readonly cur?: Readonly<Record<string, string | Buffer>>;
  readonly spotFeed?: string;
  readonly ledger?: readonly LedgerHour[];
}

const against = ({ cur = {}, spotFeed, ledger = usual }: Against): Promise<Reconciliation> =>
  reconcile({
    cur: Object.entries(cur).map(([name, content]) => written(name, content)),
    spotFeed:
      spotFeed === undefined ? [] : [written("111122223333.2026-11-02-00.001.feed", spotFeed)],
    ledger: Object.entries(ledgerDays(ledger)).map(([day, text]) => written(`${day}.json`, text)),
  });

const csv = (rows: readonly Row[]): Readonly<Record<string, string>> => ({ "a.csv": csvOf(rows) });

const refusalOf = async (attempt: Promise<unknown>): Promise<readonly [string, string]> => {
  const error = (await attempt.then(
    () => new Error("It was not refused."),
    (reason: unknown) => reason,
  )) as RefusalError;
  return [error.refusal, error.message];
};

const inHour = (hour: number, resourceId: string) => (line: SampleLine) =>
  line.startMs === startMs + hour * hourMs && line.resourceId === resourceId;

const changed = (matches: (line: SampleLine) => boolean, cost: string): readonly SampleLine[] =>
  lines.map((line) => (matches(line) ? { ...line, cost } : line));

describe("the stored samples", () => {
  const stored = (name: string) => ({
    name,
    path: new URL(`samples/${name}`, import.meta.url).pathname,
  });

  const storedLedger = Object.keys(sampleContents())
    .filter((name) => name.startsWith("ledger-"))
    .map(stored);

  it.each(Object.entries(sampleContents()))("are those of the seed: %s", (name, bytes) => {
    expect(readFileSync(stored(name).path).equals(bytes)).toBe(true);
  });

  it.each(["cur-2.csv.gz", "cur-2.parquet", "cur-legacy.csv.gz", "focus.csv.gz", "focus.parquet"])(
    "agree with the ledger to the nano-dollar: %s",
    async (name) => {
      const result = await reconcile({
        cur: [stored(name)],
        spotFeed: [],
        ledger: storedLedger,
      });
      expect(result.agrees).toBe(true);
      expect(
        result.months.map(({ kind, hours, ledgerNano, billNano }) => [
          kind,
          hours,
          ledgerNano - billNano,
        ]),
      ).toEqual(["SPOT", "ON_DEMAND", "VOLUME", "ADDRESS"].map((kind) => [kind, 48, 0n]));
      expect([result.onlyOurs, result.onlyTheirs]).toEqual([[], []]);
      expect(result.status).toBe("provisional");
      expect(result.files[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
    },
  );

  it("of the data feed agree in the hours of Spot, and nothing else is compared", async () => {
    const result = await reconcile({
      cur: [],
      spotFeed: [stored("111122223333.2026-11-02-00.001.feed.gz")],
      ledger: storedLedger,
    });
    expect(result).toMatchObject({ agrees: true, isSpotAlone: true });
    expect(result.months.map(({ kind }) => kind)).toEqual(["SPOT"]);
  });
});

describe("what is compared", () => {
  it("ends 48 hours before the newest hour of the bill", async () => {
    const result = await against({ cur: csv(cur2Rows(lines)) });
    expect(result.window).toEqual({ fromMs: startMs, toMs: startMs + 48 * hourMs });
  });

  it("is final once each line has the number of an invoice", async () => {
    const result = await against({ cur: csv(cur2Rows(lines, { invoice: "INV-1" })) });
    expect(result.status).toBe("final");
  });

  it("has lists of its own for what only the ledger has, and what only the bill has", async () => {
    const ledger = usual.filter(
      ({ resourceId, startMs: at }) => resourceId !== onDemand || at !== startMs + 5 * hourMs,
    );
    const result = await against({
      cur: csv(cur2Rows(lines.filter((line) => !inHour(7, spot)(line)))),
      ledger,
    });
    expect(result.agrees).toBe(false);
    expect(result.onlyOurs).toMatchObject([{ what: spot, hourMs: startMs + 7 * hourMs }]);
    expect(result.onlyTheirs).toMatchObject([{ what: onDemand, hourMs: startMs + 5 * hourMs }]);
    expect(result.both).toHaveLength(4 * 48 - 2);
  });

  it("leaves out what the ledger never had, and says how much that is", async () => {
    const ledger = usual.filter(({ resourceId }) => resourceId !== volume);
    const result = await against({ cur: csv(cur2Rows(lines)), ledger });
    expect(result.agrees).toBe(true);
    expect(result.strangers).toEqual({ resources: 1, billNano: 48n * 11_111_111n });
  });

  it("takes what is covered at its effective cost, not at the list price that is taken back", async () => {
    const result = await against({ cur: csv(cur2Rows(lines)) });
    const covered = result.both.filter(({ billNano }) => billNano === 69_100_000n);
    expect(covered).toHaveLength(8);
  });

  it("takes costs after discounts where the file has them", async () => {
    const rows = cur2Rows(lines).map((row) => ({
      ...row,
      line_item_net_unblended_cost: String(Number(row.line_item_unblended_cost) / 2),
    }));
    const result = await against({ cur: csv(rows) });
    const spotMonth = result.months.find(({ kind }) => kind === "SPOT");
    expect(spotMonth?.billNano).toBe((spotMonth?.ledgerNano ?? 0n) / 2n);
  });

  it("leaves out hours that the ledger says it does not know, with what the bill says of them", async () => {
    const ledger = usual.map((hour) =>
      hour.resourceId === spot && hour.startMs < startMs + 3 * hourMs
        ? { ...hour, usd: "unknown" }
        : hour,
    );
    const result = await against({ cur: csv(cur2Rows(lines)), ledger });
    expect(result.agrees).toBe(true);
    expect(result.unknown).toHaveLength(3);
    expect(result.unknown.every(({ billNano }) => billNano > 0n)).toBe(true);
  });

  it("joins by account and type where the bill has no ids of resources", async () => {
    const rows = cur2Rows(lines).map(({ line_item_resource_id: _left, ...row }) => row);
    const result = await against({ cur: csv(rows) });
    expect(result).toMatchObject({ agrees: true, byResource: false });
    expect(result.months.map(({ kind }) => kind)).toEqual(["SPOT", "ON_DEMAND"]);
    expect(result.both[0]?.what).toBe("111122223333 m5.large");
  });

  it("takes the report's Spot hours, and the data feed's where the report has none", async () => {
    const result = await against({
      cur: csv(cur2Rows(lines.filter((line) => !inHour(7, spot)(line)))),
      spotFeed: feedOf(lines),
    });
    expect(result.agrees).toBe(true);
    expect(result.months.find(({ kind }) => kind === "SPOT")?.hours).toBe(48);
  });
});

describe("tolerances", () => {
  const ofSpot = async (usd: number) => {
    const cost = (0.0314 + usd).toFixed(10);
    return against({ cur: csv(cur2Rows(changed(inHour(0, spot), cost))) });
  };

  it("allow an hour of Spot to be a tenth of a cent off, and no more", async () => {
    expect(await ofSpot(0.001)).toMatchObject({ agrees: true, farOff: [] });
    const result = await ofSpot(0.0011);
    expect(result.agrees).toBe(false);
    expect(result.farOff).toMatchObject([{ what: spot, hourMs: startMs }]);
  });

  it("allow a month of Spot 1 %", async () => {
    const by = (factor: number) =>
      usual.map((hour) =>
        hour.kind === "SPOT" ? { ...hour, usd: (Number(hour.usd) * factor).toFixed(9) } : hour,
      );
    const cur = csv(cur2Rows(lines));
    expect(await against({ cur, ledger: by(1.009) })).toMatchObject({ agrees: true });
    expect(await against({ cur, ledger: by(1.011) })).toMatchObject({ agrees: false, farOff: [] });
  });

  it.each([
    ["ON_DEMAND", 1.0009, 1.0012],
    ["VOLUME", 1.0049, 1.0052],
    ["ADDRESS", 1.0009, 1.0012],
  ])("allow %s what they allow, and no more", async (kind, within, beyond) => {
    const by = (factor: number) =>
      usual.map((hour) =>
        hour.kind === kind ? { ...hour, usd: (Number(hour.usd) * factor).toFixed(9) } : hour,
      );
    const cur = csv(cur2Rows(lines));
    expect(await against({ cur, ledger: by(within) })).toMatchObject({ agrees: true });
    expect(await against({ cur, ledger: by(beyond) })).toMatchObject({ agrees: false });
  });
});

describe("lines", () => {
  it("that are there twice in one file count once", async () => {
    const rows = cur2Rows(lines);
    const result = await against({ cur: csv([...rows, ...rows.slice(0, 10)]) });
    expect(result).toMatchObject({ agrees: true, repeatedLines: 10 });
  });

  it("of a type that nobody knows are listed and never summed", async () => {
    const strange = { ...lines[0], lineType: "MysteryFee", cost: "99.0000000000" } as SampleLine;
    const result = await against({ cur: csv(cur2Rows([...lines, strange])) });
    expect(result.unknownLineTypes).toEqual([{ lineType: "MysteryFee", lines: 1 }]);
    expect(result.agrees).toBe(true);
    const sums = result.untested.map(({ nanoUsd }) => nanoUsd);
    expect(sums.reduce((sum, nano) => sum + nano, 0n)).toBeLessThan(2_000_000_000n);
  });

  it("of fees, taxes and snapshots are shown, and not tested", async () => {
    const result = await against({ cur: csv(cur2Rows(lines)) });
    expect(result.untested.map(({ what }) => what)).toEqual([
      "SNAPSHOT",
      "SavingsPlanNegation",
      "SavingsPlanRecurringFee",
      "Tax",
    ]);
  });

  it("of FOCUS that correct an earlier bill are shown, and not tested", async () => {
    const rows = focusRows(lines);
    const correction = { ...rows[0], ChargeClass: "Correction", EffectiveCost: "-5" } as Row;
    const result = await against({ cur: csv([...rows, correction]) });
    expect(result.agrees).toBe(true);
  });

  it("may have columns that nobody knows", async () => {
    const rows = cur2Rows(lines).map((row) => ({ ...row, line_item_brand_new: "x" }));
    const result = await against({ cur: csv(rows) });
    expect(result.agrees).toBe(true);
    expect(result.files[0]?.unusedColumns).toContain("line_item_brand_new");
  });

  it("may come in several files of one delivery", async () => {
    const rows = cur2Rows(lines);
    const result = await against({
      cur: { "a.csv": csvOf(rows.slice(0, 200)), "b.parquet": parquetOf(rows.slice(200), "GZIP") },
    });
    expect(result.agrees).toBe(true);
  });
});

describe("it is refused by name", () => {
  const dayOf = (day: number) => (line: SampleLine) =>
    Math.floor((line.startMs - startMs) / (24 * hourMs)) === day;

  it("that a day is missing", async () => {
    const gap = lines.filter((line) => !dayOf(1)(line));
    expect(await refusalOf(against({ cur: csv(cur2Rows(gap)) }))).toEqual([
      "MISSING_DAY",
      "The files have nothing of 2026-11-03: a part is missing.",
    ]);
  });

  it("that the currency is not USD", async () => {
    for (const rows of [cur2Rows, curRows, focusRows]) {
      const attempt = against({ cur: csv(rows(lines, { currency: "CNY" })) });
      expect(await refusalOf(attempt)).toEqual([
        "NOT_USD",
        "a.csv is in CNY: only bills in USD are compared.",
      ]);
    }
  });

  it("that files are two assemblies of one month", async () => {
    const [one, other] = [
      "11111111-aaaa-bbbb-cccc-000000000001/r-1.csv",
      "22222222-aaaa-bbbb-cccc-000000000002/r-2.csv",
    ];
    const rows = curRows(lines);
    const attempt = against({
      cur: { [one]: csvOf(rows.slice(0, 250)), [other]: csvOf(rows.slice(250)) },
    });
    expect((await refusalOf(attempt))[0]).toBe("TWO_VERSIONS");
  });

  it("that two files have one line with different costs", async () => {
    const later = changed(inHour(3, spot), "0.0500000000");
    const attempt = against({
      cur: { "a.csv": csvOf(cur2Rows(lines)), "b.csv": csvOf(cur2Rows(later).slice(10, 30)) },
    });
    expect((await refusalOf(attempt))[0]).toMatch(/TWO_VERSIONS|OVERLAPPING_FILES/);
    const alone = cur2Rows(later).filter((_row, at) => inHour(3, spot)(later[at] as SampleLine));
    const second = against({ cur: { "c.csv": csvOf(cur2Rows(lines)), "d.csv": csvOf(alone) } });
    expect(await refusalOf(second)).toEqual([
      "TWO_VERSIONS",
      "c.csv and d.csv have the same line with different costs.",
    ]);
  });

  it.each([
    ["CUR", cur2Rows],
    ["FOCUS", focusRows],
  ])("that files of %s overlap", async (_format, rowsOf) => {
    const rows = rowsOf(lines);
    const attempt = against({
      cur: { "a.csv": csvOf(rows.slice(0, 300)), "b.csv": csvOf(rows.slice(290)) },
    });
    expect((await refusalOf(attempt))[0]).toBe("OVERLAPPING_FILES");
  });

  it("that a file is given twice", async () => {
    const text = csvOf(cur2Rows(lines));
    expect(await refusalOf(against({ cur: { "a.csv": text, "b.csv": text } }))).toEqual([
      "OVERLAPPING_FILES",
      "b.csv and a.csv are the same file.",
    ]);
  });

  it("that an export is by the day", async () => {
    const rows = cur2Rows(lines).map((row) => ({
      ...row,
      line_item_usage_end_date: new Date(
        Date.parse(row.line_item_usage_start_date ?? "") + 24 * hourMs,
      ).toISOString(),
    }));
    expect((await refusalOf(against({ cur: csv(rows) })))[0]).toBe("NOT_HOURLY");
  });

  it("that a column is missing without which nothing can be told", async () => {
    const rows = cur2Rows(lines).map(({ line_item_usage_type: _left, ...row }) => row);
    expect(await refusalOf(against({ cur: csv(rows) }))).toEqual([
      "MISSING_COLUMN",
      "a.csv (CUR 2.0) lacks line_item_usage_type: make the export with it.",
    ]);
  });

  it("that a file is something else", async () => {
    expect((await refusalOf(against({ cur: { "a.csv": "x,y\n1,2\n" } })))[0]).toBe(
      "UNKNOWN_FORMAT",
    );
    const zip = Buffer.from("PK\u0003\u0004");
    expect((await refusalOf(against({ cur: { "a.zip": zip } })))[0]).toBe(
      "UNSUPPORTED_COMPRESSION",
    );
  });

  it("that ledger and bill tell of different times", async () => {
    const young = lines.filter(dayOf(3));
    expect((await refusalOf(against({ cur: csv(cur2Rows(young)) })))[0]).toBe("NO_COMMON_HOURS");
  });

  const afterwards = (name: string, ledger: readonly string[]) =>
    reconcile({
      cur: [written("a.csv", csvOf(cur2Rows(lines)))],
      spotFeed: [],
      ledger: ledger.map((text, number) => written(`${name}-${String(number)}.json`, text)),
    });

  it("that the ledger's files have an hour twice", async () => {
    const days = Object.values(ledgerDays(usual));
    expect((await refusalOf(afterwards("twice", [...days, days[0] ?? ""])))[0]).toBe(
      "OVERLAPPING_LEDGER",
    );
  });

  it("that a day of the ledger is missing", async () => {
    const [first = "", , third = ""] = Object.values(ledgerDays(usual));
    expect(await refusalOf(afterwards("gap", [first, third]))).toEqual([
      "MISSING_DAY",
      "The ledger's files have nothing of 2026-11-03.",
    ]);
  });
});

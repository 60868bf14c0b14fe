/** A month of the ledger as steps, and which months are offered. */
import { describe, expect, it } from "@jest/globals";
import type { Schemas } from "../../console/api/types.ts";
import { isMonth, monthAt, monthsUntil, otherCosts, stepsOf } from "../../console/savings/steps.ts";
import { ledgerMonth, monthJson, type MonthJson } from "../browser/months.ts";

/** As the page reads it. */
const read = (month: MonthJson): Schemas["SavingsOfMonth"] =>
  JSON.parse(JSON.stringify(month)) as Schemas["SavingsOfMonth"];

const months = [ledgerMonth("2026-11", 1), ledgerMonth("2026-11", 2, 6.5)];
const { items, total } = read(monthJson("2026-11", months));

describe("from gross to net", () => {
  it.each([
    ["a target", items[0] ?? total],
    ["a target of which a part is not known", items[1] ?? total],
    ["the total", total],
  ])("each step of %s begins where the one before ends, and the last is the net", (_, sums) => {
    const steps = stepsOf(sums);
    const ways = steps.slice(0, -1);
    expect(ways[0]).toEqual({ word: "Gross", from: 0, to: sums.gross_usd, kind: "GROSS" });
    for (const [index, { from }] of ways.entries()) {
      expect(from).toBeCloseTo(index === 0 ? 0 : (ways[index - 1]?.to ?? Number.NaN), 6);
    }
    expect(ways.at(-1)?.to).toBeCloseTo(sums.net_usd.low, 6);
    expect(steps.at(-1)).toEqual({ word: "Net", from: 0, to: sums.net_usd.low, kind: "NET" });
  });

  it("has a step for what is not known, and none for what costs nothing", () => {
    const words = stepsOf(total).map(({ word }) => word);
    expect(words).toContain("Not known, at most");
    expect(words).not.toContain("Public addresses");
    expect(
      stepsOf(read(monthJson("2026-11", months.slice(0, 1))).total).map(({ word }) => word),
    ).toEqual([
      "Gross",
      "Double running",
      "Volumes and images",
      "Between zones",
      "This product",
      "Net",
    ]);
  });

  it("sums up by target what has no column of its own", () => {
    expect(otherCosts(total, ["double_running", "kept", "reservations"])).toBeCloseTo(1.08, 6);
  });
});

it("tells totals that are the sums of their rows", () => {
  const sum = (of: (item: (typeof items)[number]) => number): number =>
    items.reduce((all, item) => all + of(item), 0);
  expect(total.targets).toBe(items.length);
  expect(total.gross_usd).toBeCloseTo(
    sum(({ gross_usd: gross }) => gross),
    6,
  );
  expect(total.net_usd.low).toBeCloseTo(
    sum(({ net_usd: net }) => net.low),
    6,
  );
  expect(total.net_usd.high).toBeCloseTo(
    sum(({ net_usd: net }) => net.high),
    6,
  );
});

describe("months", () => {
  it("are those until one, across years", () => {
    expect(monthsUntil("2026-02", 4)).toEqual(["2025-11", "2025-12", "2026-01", "2026-02"]);
    expect(monthAt(Date.parse("2026-11-30T23:59:59Z"))).toBe("2026-11");
  });

  it.each([
    ["2026-11", true],
    ["2026-13", false],
    ["2026-1", false],
    ["november", false],
    [null, false],
  ])("%j may be one: %j", (text, is) => {
    expect(isMonth(text)).toBe(is);
  });
});

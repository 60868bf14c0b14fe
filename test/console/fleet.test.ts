/** The fleet's rows: folded from answers by columns, filtered by words, in an order that nothing moves but who asks for it. */
import { describe, expect, it } from "@jest/globals";
import { csvOf } from "../../console/fleet/csv.ts";
import { groups, matches, spellAhead, type GroupName } from "../../console/fleet/filter.ts";
import { inPlace, ordered, orderOf, orderText } from "../../console/fleet/order.ts";
import { foldRows, type FleetRow, type RowsById } from "../../console/fleet/rows.ts";
import { rowHeight, windowOf } from "../../console/fleet/window.ts";

type Columns = Parameters<typeof foldRows>[1]["columns"];

const web: FleetRow = {
  target_id: "tgt-web",
  name: "web-shop-1",
  mode: "LINEAR",
  account_id: "444455556666",
  region: "us-east-1",
  instance_id: "i-0a1b2c3d4e5f6a7b8",
  is_shadow_mode: false,
  members: 1,
  standing: "ON_SPOT",
  moving: null,
  instance_type: "m6a.large",
  zone_id: "use1-az4",
  pools: 1,
  risk: 0.001,
  max_risk: 0.3,
  pays_hourly_usd: 0.0245,
  on_demand_hourly_usd: 0.096,
  saves_monthly_usd: 52.2,
  saves_basis: "ESTIMATED",
  verdict: "STAY",
  reason: "BEST_POOL_ALREADY",
  sentence: "Best pool already",
  judged_at: null,
  acting_evaluation_id: null,
  last_evaluation_id: null,
};
const render: FleetRow = {
  ...web,
  target_id: "tgt-render",
  name: "render-farm",
  mode: "CLUSTER",
  members: 40,
  standing: "MOVING",
  moving: 3,
  instance_type: null,
  zone_id: null,
  pools: 7,
  risk: 0.042,
  saves_monthly_usd: 11_586.56,
  verdict: "SWITCH",
  sentence: "Move 3 of 40",
};
const shadow: FleetRow = {
  ...web,
  target_id: "tgt-cache",
  name: '=cache, "eu"',
  account_id: "777788889999",
  is_shadow_mode: true,
  standing: "SHADOW",
  risk: null,
  saves_monthly_usd: 132.28,
  saves_basis: "SHADOW",
};
const stuck: FleetRow = {
  ...web,
  target_id: "tgt-db",
  name: "db-orders",
  standing: "NEEDS_OPERATOR",
  saves_monthly_usd: null,
  saves_basis: null,
};

const columnsOf = (rows: readonly FleetRow[]): Columns =>
  Object.fromEntries(
    (Object.keys(web) as (keyof FleetRow)[]).map((name) => [name, rows.map((row) => row[name])]),
  ) as unknown as Columns;

const all = [web, render, shadow, stuck];

const folded = (
  before: RowsById,
  rows: readonly FleetRow[],
  { isComplete = false, removed = [] }: { isComplete?: boolean; removed?: string[] } = {},
): RowsById => foldRows(before, { columns: columnsOf(rows), is_complete: isComplete, removed });

const idsOf = (rows: Iterable<FleetRow>): readonly string[] =>
  [...rows].map(({ target_id: id }) => id.replace("tgt-", ""));

describe("answers by columns", () => {
  const whole = folded(new Map(), all, { isComplete: true });

  it("become rows", () => {
    expect(whole.get("tgt-web")).toEqual(web);
    expect(idsOf(whole.values())).toEqual(["web", "render", "cache", "db"]);
  });

  it("change what they tell, and leave the rest the very same", () => {
    const moved = { ...web, standing: "SWITCHING" as const };
    const next = folded(whole, [moved, render], { removed: ["tgt-db"] });
    expect(next.get("tgt-web")).toEqual(moved);
    expect(next.get("tgt-render")).toBe(whole.get("tgt-render"));
    expect(next.get("tgt-cache")).toBe(whole.get("tgt-cache"));
    expect(next.has("tgt-db")).toBe(false);
  });

  it("that are whole leave nothing of what was before", () => {
    expect(idsOf(folded(whole, [web], { isComplete: true }).values())).toEqual(["web"]);
  });
});

describe("the filter", () => {
  const found = (filter: string): readonly string[] => idsOf(all.filter(matches(filter)));

  it.each([
    ["", ["web", "render", "cache", "db"]],
    ["farm", ["render"]],
    ["WEB shop", ["web"]],
    ["web farm", []],
    ["account:7777", ["cache"]],
    ["reason:best_pool standing:on_spot", ["web"]],
    ["standing:needs_operator", ["db"]],
    ["mode:group", ["render"]],
    ["risk>4", ["render"]],
    ["risk<1", ["web", "db"]],
    ["saves>100 mode:instance", ["cache"]],
    ["standing=ON_SPOT,MOVING", ["web", "render"]],
    ["standing=on", []],
    ["basis=SHADOW", ["cache"]],
    ["basis=ESTIMATED", ["web", "render"]],
    ["constructor:x", []],
    ["constructor=x", []],
  ])("%s", (filter, ids) => {
    expect(found(filter)).toEqual(ids);
  });

  it("has groups with what each is about", () => {
    const counted = (Object.keys(groups) as GroupName[]).map((name) => [
      name,
      idsOf(all.filter(groups[name].has)),
    ]);
    expect(counted).toEqual([
      ["all", ["web", "render", "cache", "db"]],
      ["spot", ["web"]],
      ["on-demand", []],
      ["shadow", ["cache"]],
      ["acting", ["render"]],
    ]);
  });
});

describe("rows that are spelled ahead", () => {
  /** What was put off, and how often it was called off. */
  const laterOn = () => {
    const put: (() => void)[] = [];
    let calledOff = 0;
    const later = (run: () => void) => {
      put.push(run);
      return () => {
        calledOff += 1;
      };
    };
    return { put, later, timesCalledOff: () => calledOff };
  };
  const many = Array.from({ length: 1200 }, (_, index) => {
    const [row] = all;
    if (row === undefined) throw new Error("The fleet has no rows.");
    return { ...row, name: `spelled-${String(index)}` };
  });

  it("are spelled some at a time, each once, and found as before", () => {
    const { put, later } = laterOn();
    spellAhead(many, later);
    let times = 0;
    for (let run = put.shift(); run !== undefined; run = put.shift()) {
      run();
      times += 1;
    }
    expect(times).toBe(3);
    expect(many.filter(matches("spelled-1199"))).toHaveLength(1);
    spellAhead(many, later);
    expect(put).toEqual([]);
  });

  it("are left alone once others are shown", () => {
    const { timesCalledOff, later } = laterOn();
    const end = spellAhead(
      many.map((row) => ({ ...row })),
      later,
    );
    end();
    expect(timesCalledOff()).toBe(1);
  });
});

describe("the order", () => {
  it("has first who needs a person, then who acts, then what saves most", () => {
    expect(idsOf(ordered(all, undefined))).toEqual(["db", "render", "cache", "web"]);
  });

  it("is by a column where somebody asks for it, and stands in the address", () => {
    const order = orderOf("-saves");
    expect(idsOf(ordered(all, order))).toEqual(["render", "cache", "web", "db"]);
    expect(order && orderText(order)).toBe("-saves");
    expect(orderOf("toString")).toBeUndefined();
  });

  it("stays as it was put, whatever changes; new ones come last", () => {
    const rows = folded(new Map(), all, { isComplete: true });
    const changed = folded(rows, [{ ...web, saves_monthly_usd: 99_999 }], { removed: ["tgt-db"] });
    const ids = ["tgt-db", "tgt-cache", "tgt-web"];
    expect(idsOf(inPlace(ids, changed))).toEqual(["cache", "web", "render"]);
  });
});

describe("the rows in the document", () => {
  it("are those that are seen and some to either side, and never outside of the list", () => {
    expect(windowOf(10_000, 0, 10 * rowHeight)).toEqual({ first: 0, end: 23 });
    expect(windowOf(10_000, 5_000 * rowHeight, 10 * rowHeight)).toEqual({ first: 4988, end: 5023 });
    expect(windowOf(3, 0, 900)).toEqual({ first: 0, end: 3 });
    expect(windowOf(0, 400, 900)).toEqual({ first: 0, end: 0 });
  });
});

describe("the table for spreadsheets", () => {
  it("quotes what must be, runs no formula, and leaves a cell empty where there is nothing", () => {
    const [, row = ""] = csvOf([shadow]).split("\r\n");
    expect(row).toContain(`tgt-cache,"'=cache, ""eu""",LINEAR,777788889999`);
    expect(row).toContain("m6a.large,use1-az4,1,,0.3");
  });
});

/** Pools as a grid, their losses by day, and keys of requests that were changed between two presses. */
import { describe, expect, it } from "@jest/globals";
import { keyOf } from "../../console/api/request.ts";
import {
  cellTitle,
  gridOf,
  lossesByDay,
  matchesPool,
  riskText,
  type RiskPool,
} from "../../console/risk/pools.ts";

const poolOf = (zone: string, type: string, more: Partial<RiskPool> = {}): RiskPool => ({
  pool_id: `us-east-1:${zone}:${type}:linux-unix`,
  pool: { region: "us-east-1", zone_id: zone, instance_type: type, product: "Linux/UNIX" },
  losses: 1,
  lab_losses: 0,
  decayed_losses: 0.5,
  losses_by_day: [],
  found_late: 0,
  refusals: 0,
  ...more,
});

describe("the grid", () => {
  const pools = [
    poolOf("use1-az4", "m5.16xlarge"),
    poolOf("use1-az1", "m5.2xlarge"),
    poolOf("use1-az1", "m5.large"),
    poolOf("use1-az4", "c5.large"),
    poolOf("use1-az4", "m5.large"),
  ];

  it("has a row for each type, by family and size, and a column for each zone", () => {
    const { zones, rows } = gridOf(pools);
    expect(zones).toEqual(["use1-az1", "use1-az4"]);
    expect(rows.map(({ type, isFirst }) => [type, isFirst])).toEqual([
      ["c5.large", true],
      ["m5.large", true],
      ["m5.2xlarge", false],
      ["m5.16xlarge", false],
    ]);
    expect(rows.flatMap(({ pools: inZones }) => [...inZones.values()].flat())).toHaveLength(5);
  });

  it("says what is not known, and never nought for it", () => {
    const unknown = poolOf("use1-az1", "m5.large");
    expect(riskText(unknown)).toBe("–");
    expect(cellTitle(unknown)).toContain("its market has not been read yet");
    const risk = {
      probability: 0.031,
      calm_probability: 0.01,
      horizon_hours: 24,
      model_version: "streak-1",
    };
    expect(cellTitle({ ...unknown, risk })).toContain("risk 3.1 % in 24 h");
  });

  it("is filtered by words that all are in a pool's id", () => {
    const found = pools.filter(matchesPool("AZ4 m5"));
    expect(found.map(({ pool }) => pool.instance_type)).toEqual(["m5.16xlarge", "m5.large"]);
  });
});

it("adds up the losses of all pools by day, days without any too", () => {
  const day = (at: string, losses: number) => ({ day: at, losses });
  const days = lossesByDay(
    [
      poolOf("use1-az1", "m5.large", {
        losses_by_day: [day("2026-02-28", 1), day("2026-03-02", 2)],
      }),
      poolOf("use1-az4", "m5.large", { losses_by_day: [day("2026-03-02", 1)] }),
    ],
    Date.parse("2026-03-02T09:00:00Z"),
  );
  expect(days).toHaveLength(8);
  expect(days.slice(-3)).toEqual([
    day("2026-02-28", 1),
    day("2026-03-01", 0),
    day("2026-03-02", 3),
  ]);
});

describe("the key of a request", () => {
  const sent = { path: "/waste/wst-1/approve", body: { bounds_hash: "9f2c" }, as: "ada" };

  it("is the same for the same again", () => {
    expect(keyOf({ ...sent }, "k")).toBe(keyOf(sent, "k"));
    expect(keyOf(sent, "k")).toMatch(/^k-[0-9a-f]{8}$/);
  });

  it.each([
    ["another name", { ...sent, as: "grace" }],
    ["another body", { ...sent, body: { bounds_hash: "0000" } }],
    ["another path", { ...sent, path: "/waste/wst-2/approve" }],
  ])("is another for %s", (_, other) => {
    expect(keyOf(other, "k")).not.toBe(keyOf(sent, "k"));
  });
});

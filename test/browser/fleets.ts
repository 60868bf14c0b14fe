/** Fleets as the API would answer them: checked by its own schema. */
import { standings } from "../../core/decide/fleet/standing.ts";
import type * as z from "zod";
import { fleetSchema } from "../../lambdas/api/schemas/fleet.ts";

export type Fleet = z.input<typeof fleetSchema>;
type Columns = Fleet["columns"];
export type Row = { [Name in keyof Columns]: Columns[Name][number] };

const idEnd = (index: number): string => String(index).padStart(20, "0");

export const rowOf = (index: number): Row => ({
  target_id: `tgt-${idEnd(index)}`,
  name: `web-${String(index)}`,
  mode: "LINEAR",
  account_id: "444455556666",
  region: "us-east-1",
  instance_id: `i-${index.toString(16).padStart(17, "0")}`,
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
  sentence: "It stands in the best pool already.",
  judged_at: null,
  acting_evaluation_id: null,
  last_evaluation_id: null,
});

const sumOf = (rows: readonly Row[], basis: Row["saves_basis"]): number =>
  rows
    .filter(({ saves_basis: its }) => its === basis)
    .reduce((sum, { saves_monthly_usd: usd }) => sum + (usd ?? 0), 0);

const totalsOf = (rows: readonly Row[]): Fleet["totals"] => ({
  targets: rows.length,
  members: rows.reduce((sum, { members }) => sum + (members ?? 0), 0),
  standings: Object.fromEntries(
    standings
      .map(
        (standing) => [standing, rows.filter((row) => row.standing === standing).length] as const,
      )
      .filter(([, count]) => count > 0),
  ),
  pays_hourly_usd: rows.reduce((sum, row) => sum + (row.pays_hourly_usd ?? 0), 0),
  on_demand_hourly_usd: rows.reduce((sum, row) => sum + (row.on_demand_hourly_usd ?? 0), 0),
  saves_monthly_usd: {
    ESTIMATED: sumOf(rows, "ESTIMATED"),
    PLANNED: sumOf(rows, "PLANNED"),
    SHADOW: sumOf(rows, "SHADOW"),
  },
});

const columnsOf = (rows: readonly Row[]): Columns => {
  const names = Object.keys(rowOf(0)) as (keyof Columns)[];
  return Object.fromEntries(
    names.map((name) => [name, rows.map((row) => row[name])]),
  ) as unknown as Columns;
};

export const fleetOf = (rows: readonly Row[], attention: Fleet["attention"] = []): Fleet =>
  fleetSchema.parse({
    revision: "r1",
    is_complete: true,
    columns: columnsOf(rows),
    removed: [],
    places:
      rows.length === 0
        ? []
        : [
            {
              account_id: "444455556666",
              region: "us-east-1",
              judged_at: "2026-03-02T08:49:00.000Z",
            },
          ],
    totals: totalsOf(rows),
    attention,
    attention_total: attention.length,
  });

export const emptyFleet = fleetOf([]);

/** One of each standing. */
export const everyStanding = standings.map((standing, index): Row => ({
  ...rowOf(index),
  standing,
  ...(standing === "MOVING" && {
    mode: "CLUSTER",
    members: 40,
    moving: 3,
    pools: 5,
    instance_type: null,
    zone_id: null,
  }),
  ...(standing === "SHADOW" && {
    is_shadow_mode: true,
    saves_basis: "SHADOW",
    saves_monthly_usd: 132.28,
  }),
  ...(standing === "REFUSED" && {
    verdict: "REFUSE",
    reason: "INSTANCE_STORE_IN_USE",
    sentence: "It has instance store, whose contents no switch can carry.",
    saves_monthly_usd: null,
    saves_basis: null,
    risk: null,
  }),
}));

export const usualFleet = fleetOf(everyStanding);

/** More than the three that are shown at once. */
export const needyFleet = fleetOf(
  everyStanding,
  ["first", "second", "third", "fourth", "fifth"].map((name, index) => ({
    standing: index < 4 ? ("NEEDS_OPERATOR" as const) : ("AWAITING_APPROVAL" as const),
    target_id: rowOf(index).target_id,
    name: `orders-${name}`,
    sentence: "The replacement serves and holds newer writes: decide whether it stays.",
    since: "2026-03-02T08:10:00.000Z",
    evaluation_id: `evl-${idEnd(index)}`,
    actions: ["RESUME", "ROLL_BACK", "ADOPT"],
  })),
);

const longName =
  "payments-reconciliation-of-the-night-eu-central-1-blue-with-a-suffix-that-nobody-reads";

/** Names and sentences longer than any cell, and one that would be markup. */
export const longFleet = fleetOf(
  everyStanding.map((row, index) => ({
    ...row,
    name: index % 3 === 0 ? `<b>${longName}</b>` : longName,
    sentence: `${row.sentence ?? ""} `.repeat(12).trim(),
  })),
);

const rowsOfLarge = 10_000;

export const largeFleet = fleetOf(
  Array.from({ length: rowsOfLarge }, (_, index) => ({
    ...(everyStanding[index % everyStanding.length] ?? rowOf(index)),
    target_id: rowOf(index).target_id,
    instance_id: rowOf(index).instance_id,
    name: `web-${String(index)}`,
  })),
);

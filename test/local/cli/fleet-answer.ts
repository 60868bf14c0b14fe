/** A fleet as GET /fleet answers: made-up targets, one of each kind of row. */
import type { Schemas } from "../../../local/cli/api/client.ts";
import type { FleetRow } from "../../../local/cli/fleet.ts";

type Fleet = Schemas["Fleet"];

const plainRow: FleetRow = {
  target_id: "tgt-00000000000000000001",
  name: "web-shop-1",
  mode: "LINEAR",
  account_id: "444455556666",
  region: "us-east-1",
  instance_id: "i-00000000000000001",
  is_shadow_mode: false,
  members: 1,
  standing: "ON_SPOT",
  moving: null,
  instance_type: "m6a.large",
  zone_id: "use1-az4",
  pools: 1,
  risk: 0.0008,
  max_risk: 0.1,
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
};

const rowOf = (number: number, change: Partial<FleetRow>): FleetRow => ({
  ...plainRow,
  target_id: `tgt-${String(number).padStart(20, "0")}`,
  instance_id: `i-${String(number).padStart(17, "0")}`,
  ...change,
});

const fleetRows: readonly FleetRow[] = [
  rowOf(1, {}),
  rowOf(2, {
    name: "cache-eu-1",
    standing: "SHADOW",
    is_shadow_mode: true,
    instance_type: "r5.xlarge",
    zone_id: "use1-az1",
    risk: 0.005,
    pays_hourly_usd: 0.252,
    saves_monthly_usd: 132.28,
    saves_basis: "SHADOW",
    verdict: "SWITCH",
    reason: "SAVINGS_WORTH_THE_RISK",
    sentence: "r6i.xlarge in use1-az4 saves 71.9 % of $0.2520/h On-Demand.",
  }),
  rowOf(3, {
    name: "render-07",
    standing: "ON_DEMAND",
    instance_type: "g4dn.xlarge",
    zone_id: "use1-az1",
    risk: null,
    pays_hourly_usd: 0.526,
    saves_monthly_usd: null,
    saves_basis: null,
    verdict: "REFUSE",
    reason: "INSTANCE_STORE_IN_USE",
    sentence: null,
  }),
  rowOf(4, {
    name: "workers",
    mode: "CLUSTER",
    standing: "MOVING",
    moving: 3,
    members: 40,
    instance_type: null,
    zone_id: null,
    pools: 5,
    pays_hourly_usd: 2.31,
    saves_monthly_usd: 1204.5,
  }),
  rowOf(5, {
    name: "工場-1",
    standing: "NEEDS_OPERATOR",
    risk: null,
    saves_monthly_usd: null,
    saves_basis: null,
    verdict: null,
    reason: null,
    sentence: null,
  }),
  rowOf(6, {
    name: "twin",
    standing: "QUEUED",
    verdict: null,
    reason: null,
    sentence: null,
    instance_type: null,
    zone_id: null,
    pools: null,
    risk: null,
    pays_hourly_usd: null,
    saves_monthly_usd: null,
    saves_basis: null,
  }),
  rowOf(7, { name: "twin", saves_monthly_usd: 1.5 }),
];

const columnOf = <Name extends keyof FleetRow>(name: Name): FleetRow[Name][] =>
  fleetRows.map((row) => row[name]);

export const fleetAnswer: Fleet = {
  revision: "revision-1",
  is_complete: true,
  columns: Object.fromEntries(
    (Object.keys(plainRow) as (keyof FleetRow)[]).map((name) => [name, columnOf(name)]),
  ) as unknown as Fleet["columns"],
  removed: [],
  places: [],
  totals: {
    targets: fleetRows.length,
    members: 46,
    standings: { ON_SPOT: 2 },
    pays_hourly_usd: 3.2,
    on_demand_hourly_usd: 8.1,
    saves_monthly_usd: { ESTIMATED: 1258.2, PLANNED: 0, SHADOW: 132.28 },
  },
  attention: [
    {
      standing: "NEEDS_OPERATOR",
      target_id: "tgt-00000000000000000005",
      name: "工場-1",
      sentence: "The replacement serves and holds the newer writes.",
      evaluation_id: "evl-00000000000000000005",
      actions: ["RESUME", "ROLL_BACK", "ADOPT"],
    },
  ],
  attention_total: 1,
};

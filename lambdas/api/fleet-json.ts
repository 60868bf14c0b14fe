/** The fleet as GET /fleet tells it: rows column by column, the sums of all of them, and what waits for a person. */
import { attentionIn, type Attention } from "../../core/decide/fleet/attention.ts";
import type { FleetEntry } from "../../core/decide/fleet/fleet-view.ts";
import type { Standing } from "../../core/decide/fleet/standing.ts";
import type { FleetPlace, SavesBasis } from "../../core/model/fleet-row.ts";
import type { TargetId } from "../../core/model/ids.ts";
import type { FleetJson } from "./schemas/fleet.ts";

type Columns = FleetJson["columns"];
const membersOf = ({ row: { capacity } }: FleetEntry): number | null =>
  capacity === undefined ? null : capacity.spot + capacity.onDemand;

/** What stands in each column of a row. */
const cells: {
  readonly [Name in keyof Columns]: (entry: FleetEntry) => Columns[Name][number];
} = {
  target_id: ({ row }) => row.targetId,
  name: ({ row }) => row.name,
  mode: ({ row }) => row.mode,
  account_id: ({ row }) => row.accountId,
  region: ({ row }) => row.region,
  instance_id: ({ row }) => row.instanceId,
  is_shadow_mode: ({ row }) => row.isShadowMode,
  members: membersOf,
  standing: ({ standing }) => standing,
  moving: ({ moving }) => moving ?? null,
  instance_type: ({ row: { pools, pool, instanceType } }) =>
    pool?.instanceType ?? (pools === undefined ? (instanceType ?? null) : null),
  zone_id: ({ row }) => row.pool?.zoneId ?? null,
  pools: ({ row }) => row.pools ?? null,
  risk: ({ row }) => row.risk ?? null,
  max_risk: ({ row }) => row.maxRisk,
  pays_hourly_usd: ({ row }) => row.paysHourlyUsd ?? null,
  on_demand_hourly_usd: ({ row }) => row.onDemandHourlyUsd ?? null,
  saves_monthly_usd: ({ row }) => row.saves?.monthlyUsd ?? null,
  saves_basis: ({ row }) => row.saves?.basis ?? null,
  verdict: ({ row }) => row.verdict?.kind ?? null,
  reason: ({ row }) => row.verdict?.reason ?? null,
  sentence: ({ row }) => row.verdict?.sentence ?? null,
  judged_at: ({ row }) => row.verdict?.at ?? null,
  acting_evaluation_id: ({ acting }) => acting ?? null,
  last_evaluation_id: ({ last }) => last?.evaluationId ?? null,
};

const columnsOf = (entries: readonly FleetEntry[]): Columns =>
  Object.fromEntries(
    Object.entries(cells).map(([name, cell]) => [name, entries.map((entry) => cell(entry))]),
  ) as unknown as Columns;

/** To a millionth: the noise of binary fractions must not be shown. */
const sum = (figures: readonly number[]): number =>
  Number(figures.reduce((total, figure) => total + figure, 0).toFixed(6));

const savedBy = (entries: readonly FleetEntry[], basis: SavesBasis): number =>
  sum(entries.flatMap(({ row: { saves } }) => (saves?.basis === basis ? [saves.monthlyUsd] : [])));

const countsOf = (entries: readonly FleetEntry[]): Partial<Record<Standing, number>> => {
  const counts: Partial<Record<Standing, number>> = {};
  for (const { standing } of entries) counts[standing] = (counts[standing] ?? 0) + 1;
  return counts;
};

const totalsOf = (entries: readonly FleetEntry[]): FleetJson["totals"] => ({
  targets: entries.length,
  members: sum(entries.map((entry) => membersOf(entry) ?? 0)),
  standings: countsOf(entries),
  pays_hourly_usd: sum(entries.flatMap(({ row }) => row.paysHourlyUsd ?? [])),
  on_demand_hourly_usd: sum(entries.flatMap(({ row }) => row.onDemandHourlyUsd ?? [])),
  saves_monthly_usd: {
    ESTIMATED: savedBy(entries, "ESTIMATED"),
    PLANNED: savedBy(entries, "PLANNED"),
    SHADOW: savedBy(entries, "SHADOW"),
  },
});

/** Why it stands so: what goes on, or how its last evaluation has ended. */
const causeOf = ({
  standing,
  last,
  acting,
}: FleetEntry): Pick<FleetJson["attention"][number], "sentence" | "since" | "evaluation_id"> => {
  if (standing === "INTERRUPTED") {
    return {
      sentence: "EC2 has taken its Spot Instance back, or is about to.",
      ...(acting !== undefined && { evaluation_id: acting }),
    };
  }
  return {
    sentence: last?.sentence ?? "",
    ...(last !== undefined && { since: last.endedAt, evaluation_id: last.evaluationId }),
  };
};

const attentionJson = ({ entry, actions }: Attention): FleetJson["attention"][number] => {
  const { row, standing, last } = entry;
  const isAwaited = standing === "AWAITING_APPROVAL" && last?.approvalId !== undefined;
  return {
    standing,
    target_id: row.targetId,
    name: row.name,
    ...causeOf(entry),
    ...(isAwaited && { approval_id: last.approvalId }),
    actions: [...actions],
  };
};

const placeJson = ({
  accountId,
  region,
  readAt,
  failure,
}: FleetPlace): FleetJson["places"][number] => ({
  account_id: accountId,
  region,
  ...(readAt !== undefined && { judged_at: readAt }),
  ...(failure !== undefined && { failure }),
});

/** More than anybody reads at once: the rows tell of the others. */
const mostAttention = 100;

export interface FleetAnswer {
  readonly revision: string;
  readonly places: readonly FleetPlace[];
  /** All of them: totals are of all. */
  readonly entries: readonly FleetEntry[];
  /** Absent: all rows are sent. */
  readonly changes?:
    { readonly entries: readonly FleetEntry[]; readonly removed: readonly TargetId[] } | undefined;
}

export const fleetJson = ({ revision, places, entries, changes }: FleetAnswer): FleetJson => {
  const attention = attentionIn(entries);
  return {
    revision,
    is_complete: changes === undefined,
    columns: columnsOf(changes?.entries ?? entries),
    removed: [...(changes?.removed ?? [])],
    places: places.map(placeJson),
    totals: totalsOf(entries),
    attention: attention.slice(0, mostAttention).map(attentionJson),
    attention_total: attention.length,
  };
};

/** Pools of a region as a grid, zone by type, and their losses day by day. */
import type { Schemas } from "../api/types.ts";
import { none, percent } from "../format.ts";

export type RiskPool = Schemas["RiskPool"];

/** `m6a.large` → `m6a` */
const familyOf = (type: string): string => type.split(".")[0] ?? type;

/** `large` comes before `2xlarge`, and that before `16xlarge`. */
const sizes = ["nano", "micro", "small", "medium", "large", "xlarge"];
const sizeRank = (type: string): number => {
  const size = type.split(".")[1] ?? "";
  const times = /^(\d+)xlarge$/.exec(size)?.[1];
  const at = times === undefined ? sizes.indexOf(size) : sizes.length + Number(times);
  return at < 0 ? Number.MAX_SAFE_INTEGER : at;
};

const byFamilyAndSize = (one: string, other: string): number =>
  familyOf(one).localeCompare(familyOf(other)) ||
  sizeRank(one) - sizeRank(other) ||
  one.localeCompare(other);

export interface GridRow {
  readonly type: string;
  /** The first of its family. */
  readonly isFirst: boolean;
  /** By zone id: pools of each product of an operating system. */
  readonly pools: ReadonlyMap<string, readonly RiskPool[]>;
}

export interface Grid {
  readonly zones: readonly string[];
  readonly rows: readonly GridRow[];
}

export const gridOf = (pools: readonly RiskPool[]): Grid => {
  const zones = [...new Set(pools.map(({ pool }) => pool.zone_id))].toSorted();
  const byType = Map.groupBy(pools, ({ pool }) => pool.instance_type);
  const types = [...byType.keys()].toSorted(byFamilyAndSize);
  return {
    zones,
    rows: types.map((type, index) => ({
      type,
      isFirst: index === 0 || familyOf(types[index - 1] ?? "") !== familyOf(type),
      pools: Map.groupBy(byType.get(type) ?? [], ({ pool }) => pool.zone_id),
    })),
  };
};

export interface LossesOfDay {
  readonly day: string;
  readonly losses: number;
}

const dayMs = 86_400_000;
const shownDays = 8;

/** Of all pools, the oldest first; a day without one has none. @param nowMs of the API's clock, since the epoch */
export const lossesByDay = (pools: readonly RiskPool[], nowMs: number): readonly LossesOfDay[] => {
  const all = pools.flatMap(({ losses_by_day: days }) => days);
  return Array.from({ length: shownDays }, (_, index) => {
    const day = new Date(nowMs - (shownDays - 1 - index) * dayMs).toISOString().slice(0, 10);
    const losses = all.filter((one) => one.day === day).reduce((sum, one) => sum + one.losses, 0);
    return { day, losses };
  });
};

/** Words that all must be in its zone, type or product. */
export const matchesPool = (filter: string): ((pool: RiskPool) => boolean) => {
  const wanted = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return ({ pool_id: id }) => wanted.every((word) => id.toLowerCase().includes(word));
};

/** As people say it: `m6a.large in use1-az4`. */
export const poolName = ({ pool }: Pick<RiskPool, "pool">): string =>
  `${pool.instance_type} in ${pool.zone_id}`;

/** Undefined: the market of its product has not been read yet. */
export const riskOf = ({ risk }: RiskPool): number | undefined => risk?.probability;

export const riskText = (pool: RiskPool): string => percent(riskOf(pool) ?? null);

/** The whole of a cell, for who does not see its colour. */
export const cellTitle = (pool: RiskPool): string => {
  const risk = riskText(pool);
  return [
    poolName(pool),
    pool.pool.product,
    risk === none
      ? "risk not known: its market has not been read yet"
      : `risk ${risk} in ${String(pool.risk?.horizon_hours ?? 0)} h`,
    `${String(pool.losses)} losses in a week`,
    ...(pool.quarantine === undefined ? [] : [`in quarantine: ${pool.quarantine.reason}`]),
  ].join(", ");
};

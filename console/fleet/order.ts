/** The order of the fleet's rows: who needs a person, who acts, then what saves most; or by a column. */
import { sortedBy, type Direction, type SortKey } from "../ui/sort.ts";
import { isActing, type FleetRow, type Standing } from "./rows.ts";

/** As the API lists standings, those that need a person first. */
const ranks: readonly Standing[] = [
  "NEEDS_OPERATOR",
  "DEGRADED",
  "INTERRUPTED",
  "AWAITING_APPROVAL",
  "ROLLED_BACK",
  "PARTLY_SWITCHED",
  "FALLBACK",
  "SWITCHING",
  "MOVING",
  "ON_SPOT",
  "SWITCHED",
  "SHADOW",
  "ON_DEMAND",
  "QUEUED",
  "STAYED",
  "REFUSED",
];

const sortKeys = {
  name: ({ name }) => name,
  standing: ({ standing }) => ranks.indexOf(standing),
  pool: ({ instance_type: type, zone_id: zone, pools }) =>
    type === null ? (pools === null ? null : `~${String(pools)}`) : `${type} ${zone ?? ""}`,
  risk: ({ risk }) => risk,
  pays: ({ pays_hourly_usd: pays }) => pays,
  saves: ({ saves_monthly_usd: saves }) => saves,
  verdict: ({ verdict, sentence }) => (verdict === null ? null : `${verdict} ${sentence ?? ""}`),
  judged: ({ judged_at: at }) => at,
} satisfies Readonly<Record<string, (row: FleetRow) => SortKey>>;

export type SortColumn = keyof typeof sortKeys;

export interface Order {
  readonly column: SortColumn;
  readonly direction: Direction;
}

/** Figures begin with the highest. */
export const firstDirection: Readonly<Record<SortColumn, Direction>> = {
  name: "ascending",
  standing: "ascending",
  pool: "ascending",
  risk: "descending",
  pays: "descending",
  saves: "descending",
  verdict: "ascending",
  judged: "descending",
};

/** `-saves` */
export const orderOf = (text: string | null): Order | undefined => {
  const column = text?.replace(/^-/, "") ?? "";
  if (!Object.hasOwn(sortKeys, column)) return undefined;
  return {
    column: column as SortColumn,
    direction: text?.startsWith("-") === true ? "descending" : "ascending",
  };
};

export const orderText = ({ column, direction }: Order): string =>
  direction === "descending" ? `-${column}` : column;

const urgency = (row: FleetRow): number => {
  if (row.standing === "NEEDS_OPERATOR") return 0;
  return isActing(row) ? 1 : 2;
};

const idOf = ({ target_id: id }: FleetRow): string => id;

/** @param order undefined: who needs a person, who acts, then by savings */
export const ordered = (
  rows: readonly FleetRow[],
  order: Order | undefined,
): readonly FleetRow[] => {
  if (order !== undefined) {
    return sortedBy(rows, {
      key: sortKeys[order.column],
      direction: order.direction,
      id: idOf,
    });
  }
  const bySavings = sortedBy(rows, { key: sortKeys.saves, direction: "descending", id: idOf });
  // Stable: what is as urgent stays in the order of its savings.
  return bySavings.toSorted((one, other) => urgency(one) - urgency(other));
};

/**
 * Rows in the order in which they were put last: what changes since does so in its place. New ones come at the end, until somebody
 * asks for the order.
 */
export const inPlace = (
  ids: readonly string[],
  rows: ReadonlyMap<string, FleetRow>,
): readonly FleetRow[] => {
  const known = new Set(ids);
  const there = ids.flatMap((id) => rows.get(id) ?? []);
  return [...there, ...[...rows.values()].filter((row) => !known.has(idOf(row)))];
};

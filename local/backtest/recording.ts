/** A recording of a market in memory: what each zone could hold, and what it cost, tick by tick. */

export interface Recording {
  readonly name: string;
  readonly gapSeconds: number;
  readonly ticks: number;
  readonly zones: readonly string[];
  /** Zone, then tick: how many units the zone can hold. See `everyUnit`. */
  readonly capacity: readonly Int32Array[];
  /** Zone, then tick: Spot price of a unit as a share of its On-Demand price. */
  readonly price: readonly Float64Array[];
  /** Time of tick 0 in milliseconds since the epoch, where the recording states it. */
  readonly startMs?: number;
  readonly instanceType?: string;
}

/** What a policy may know of a market beforehand: neither capacity nor prices, and not how long it lasts. */
export type MarketDescription = Pick<
  Recording,
  "name" | "gapSeconds" | "zones" | "startMs" | "instanceType"
>;

/** Capacity of a zone that holds all units or none: more than any fleet that can be asked for. */
export const everyUnit = 1_000_000;

/** What a zone holds or costs at a tick; 0 beyond the recording. */
export const levelAt = (
  rows: readonly (Int32Array | Float64Array)[],
  zone: number,
  tick: number,
): number => rows[zone]?.[tick] ?? 0;

export const describeMarket = ({
  name,
  gapSeconds,
  zones,
  startMs,
  instanceType,
}: Recording): MarketDescription => ({
  name,
  gapSeconds,
  zones: [...zones],
  ...(startMs === undefined ? {} : { startMs }),
  ...(instanceType === undefined ? {} : { instanceType }),
});

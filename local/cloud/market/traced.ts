/** A market whose Spot pools hold what a recorded trace says, from an instant on: its prices and types are another's. */
import type { Pool } from "../../../core/model/market.ts";
import type { Market } from "./market.ts";

/** What each zone of a trace could hold of the one type that was recorded there. */
export interface HeldTrace {
  readonly gapSeconds: number;
  readonly ticks: number;
  /** Zone, then tick. */
  readonly capacity: readonly Int32Array[];
}

interface Traced {
  readonly trace: HeldTrace;
  /** When it begins, in milliseconds since the epoch; undefined: not yet. Asked at each reading. */
  readonly fromMs: () => number | undefined;
}

/**
 * The first zone of the trace is the first of the region, and so on: zones that were lost together are lost together here. Of each zone all types
 * share what was recorded of one; a zone that was not recorded holds nothing. Before the trace and after its end pools hold what the market says.
 */
export const tracedMarket = (market: Market, { trace, fromMs }: Traced): Market => {
  const zoneOf = ({ region, zoneId }: Pool): number => market.zones(region).indexOf(zoneId);
  return {
    ...market,
    capacity: (pool, atMs) => {
      const beganMs = fromMs();
      const tick =
        beganMs === undefined ? -1 : Math.floor((atMs - beganMs) / (trace.gapSeconds * 1000));
      if (tick < 0 || tick >= trace.ticks) return market.capacity(pool, atMs);
      return trace.capacity[zoneOf(pool)]?.[tick] ?? 0;
    },
  };
};

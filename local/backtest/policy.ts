/**
 * What a policy sees and does in a replay. A policy sees the time, the prices of now, its own units and whether its own
 * launches succeeded. Only one that is marked as probing may also ask how many of its instances a zone could hold.
 */
import type { MarketDescription } from "./recording.ts";

/** Places that are not a zone. A zone is its index in the market, from 0. */
export const places = {
  onDemand: -1,
  /** Interrupted: the unit does not serve. */
  down: -2,
  /** No instance: said of what a unit waits for. */
  none: -3,
} as const;

export interface BacktestUnit {
  /** From 0. */
  readonly index: number;
  /** Where the unit serves: a zone, `places.onDemand` or `places.down`. */
  readonly place: number;
  /** Where its next instance boots: a zone, `places.onDemand` or `places.none`. */
  readonly pending: number;
  /** When that instance serves, in seconds since tick 0. Means nothing while none boots. */
  readonly readyAt: number;
}

export interface Desk {
  /** Seconds since tick 0. */
  readonly now: number;
  readonly tick: number;
  /** Spot price of now as a share of On-Demand. */
  price(zone: number): number;
  /** Own instances in the zone: serving, booting, or about to be given up for one that boots elsewhere. */
  instancesIn(zone: number): number;
  /**
   * Launches the unit's next instance. False where the zone has no capacity: that costs nothing.
   *
   * @throws Error outside the unit's own decision, or while it waits for a boot.
   */
  launchSpot(unit: BacktestUnit, zone: number): boolean;
  /** Always succeeds. Throws as `launchSpot` does. */
  launchOnDemand(unit: BacktestUnit): void;
  /**
   * Whether the zone has capacity now, be it free or held by own instances.
   *
   * @throws Error for a policy that is not probing.
   */
  isUp(zone: number): boolean;
  /**
   * How many instances the zone could hold now, own ones included, as far as the policy has units to ask for.
   *
   * @throws Error for a policy that is not probing.
   */
  holds(zone: number): number;
}

/** A policy at work on one market. It places all units, and may remember what it saw. */
export interface Placer {
  /** Once per tick, after what was reclaimed and before the decisions. */
  tick?(desk: Desk): void;
  /** An instance in the zone was reclaimed, serving or booting; the unit already shows it. */
  lost?(unit: BacktestUnit, zone: number, desk: Desk): void;
  /**
   * It is announced that the instance with which the unit serves in the zone will be taken. The unit decides anew right after, at the time of
   * the announcement: the desk's.
   */
  announced?(unit: BacktestUnit, zone: number, desk: Desk): void;
  /** A launch into the zone failed. */
  failed?(zone: number, desk: Desk): void;
  /** A launch into the zone succeeded. */
  launched?(unit: BacktestUnit, zone: number, desk: Desk): void;
  /** Once per tick for each unit that waits for no boot, in order of index. */
  decide(unit: BacktestUnit, desk: Desk): void;
}

export interface BacktestPolicy {
  readonly name: string;
  readonly isProbing: boolean;
  /** Its placers hear announcements. Absent: they decide the same whatever is announced. */
  readonly isListening?: boolean;
  start(market: MarketDescription, units: number): Placer;
}

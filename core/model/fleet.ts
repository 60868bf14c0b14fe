/** How the instances of a target that has many stand in the pools: by this its spread is judged, and how many a pool has to hold. */
import type { Pool } from "./market.ts";

export interface PoolMembers {
  readonly zoneId: string;
  readonly instanceType: string;
  /** ISO 8601, one per instance on Spot there, booting ones included. */
  readonly launchedAt: readonly string[];
}

export interface FleetFacts {
  /** All instances of the target, those on On-Demand included; ≥ 1. */
  readonly instances: number;
  /** The pools in which it has any. */
  readonly pools: readonly PoolMembers[];
  /** How many are to be placed together, ≥ 1. Absent: one. */
  readonly joining?: number;
}

type InPool = Pick<Pool, "zoneId" | "instanceType">;

const launchesIn = (fleet: FleetFacts, { zoneId, instanceType }: InPool): readonly string[] =>
  fleet.pools
    .filter((pool) => pool.zoneId === zoneId && pool.instanceType === instanceType)
    .flatMap(({ launchedAt }) => launchedAt);

export const membersIn = (fleet: FleetFacts, pool: InPool): number =>
  launchesIn(fleet, pool).length;

/** What is asked of a pool: to hold so many of the target's instances at once. */
export interface Wanted {
  /** ≥ 1 */
  readonly instances: number;
  /** Since when the pool holds as many, ISO 8601. Absent: it does not, or that is not known. */
  readonly heldSince?: string;
}

/** What a single instance asks of any pool. */
export const oneWanted: Wanted = { instances: 1 };

/** Of a pool into which the next is to go, besides `placed` that are about to be launched there. */
export const wantedToJoin = (
  fleet: FleetFacts | undefined,
  pool: InPool,
  placed: number = 0,
): Wanted => (fleet === undefined ? oneWanted : { instances: membersIn(fleet, pool) + placed + 1 });

/** Of a pool whose members are to stay there. It has held them all since the youngest was launched. */
export const wantedToStay = (fleet: FleetFacts, pool: InPool): Wanted => {
  const launches = launchesIn(fleet, pool).toSorted(
    (one, other) => Date.parse(one) - Date.parse(other),
  );
  const heldSince = launches.at(-1);
  return heldSince === undefined ? oneWanted : { instances: launches.length, heldSince };
};

/**
 * A storm under `npm start -- --storm`: once something of the accounts stands on Spot, the market takes a third of all pools within three minutes,
 * and gives them back after an hour. What it does is told as it happens, so that a restart can play it again.
 */
import { hash } from "node:crypto";
import type { Clock } from "../cloud/clock.ts";
import type { Platform } from "./platform.ts";

interface StormPool {
  readonly zoneId: string;
  readonly instanceType: string;
}

/** What the market did at one instant. */
export interface MarketTurn {
  /** Without room for anybody. */
  readonly closed: readonly StormPool[];
  readonly opened: readonly StormPool[];
  /** Ids of Spot Instances that it takes back. */
  readonly taken: readonly string[];
}

export const carryOut = ({ ec2: { control } }: Pick<Platform, "ec2">, turn: MarketTurn): void => {
  for (const pool of turn.closed) control.setCapacity(pool, 0);
  for (const pool of turn.opened) control.setCapacity(pool, undefined);
  for (const instanceId of turn.taken) {
    if (control.stateOf(instanceId) === "running") control.interrupt(instanceId);
  }
};

const share = 3;
const withinMs = 3 * 60_000;
const lastsMs = 3_600_000;
const lookEveryMs = 30_000;

const nameOf = ({ zoneId, instanceType }: StormPool): string => `${zoneId} ${instanceType}`;

/** By the seed: the same world has the same storm. */
const shuffled = <Pool extends StormPool>(
  pools: readonly Pool[],
  seed: number,
): readonly Pool[] => {
  const rank = (pool: Pool): string => hash("sha256", `${String(seed)} ${nameOf(pool)}`);
  return pools
    .map((pool) => ({ pool, rank: rank(pool) }))
    .sort((one, other) => (one.rank < other.rank ? -1 : 1))
    .map(({ pool }) => pool);
};

const third = <Pool extends StormPool>(pools: readonly Pool[], seed: number): readonly Pool[] =>
  shuffled(pools, seed).slice(0, Math.ceil(pools.length / share));

export interface PlannedStorm {
  readonly pools: readonly StormPool[];
  /** Ids, in the order in which they are taken. */
  readonly instanceIds: readonly string[];
}

/** A third of the pools in which the accounts stand, and of the others of these regions. Undefined: nothing stands on Spot. */
export const planStorm = (
  { ec2: { control, market } }: Pick<Platform, "ec2">,
  { accountIds, seed }: { readonly accountIds: readonly string[]; readonly seed: number },
): PlannedStorm | undefined => {
  const onSpot = accountIds
    .flatMap((accountId) => control.running(accountId))
    .filter(({ lifecycle }) => lifecycle === "spot");
  if (onSpot.length === 0) return undefined;
  const held = new Map(onSpot.map((one) => [nameOf(one), one]));
  const regions = market.regions.filter((region) =>
    onSpot.some(({ zoneId }) => market.zones(region).includes(zoneId)),
  );
  const others = regions.flatMap((region) =>
    market.zones(region).flatMap((zoneId) =>
      market
        .types()
        .map(({ instanceType }) => ({ zoneId, instanceType }))
        .filter((pool) => market.isOffered(region, zoneId, pool.instanceType))
        .filter((pool) => !held.has(nameOf(pool))),
    ),
  );
  const taken = third([...held.values()], seed);
  const names = new Set(taken.map(nameOf));
  const pools = [...taken, ...third(others, seed)].map(({ zoneId, instanceType }) => ({
    zoneId,
    instanceType,
  }));
  const lost = onSpot.filter((one) => names.has(nameOf(one)));
  return { pools, instanceIds: lost.map(({ instanceId }) => instanceId) };
};

interface Storming {
  readonly platform: Pick<Platform, "ec2">;
  readonly clock: Clock;
  readonly accountIds: readonly string[];
  readonly seed: number;
  readonly tell: (sentence: string) => void;
  /** Called for each turn once it is carried out. */
  readonly note: (turn: MarketTurn, atMs: number) => void;
}

/** As a call is made, so that it comes after all else of that time when it is played again. */
const atItsOwnInstant = (clock: Clock, atMs: number, act: () => void): void => {
  clock.schedule(atMs, async () => {
    await clock.pass(0);
    act();
  });
};

const strike = (storming: Storming, { pools, instanceIds }: PlannedStorm): void => {
  const { platform, clock, tell, note } = storming;
  const act = (change: Partial<MarketTurn>): void => {
    const turn = { closed: [], opened: [], taken: [], ...change };
    note(turn, clock.now());
    carryOut(platform, turn);
  };
  const beganMs = clock.now();
  tell(
    `A storm: the market takes ${String(pools.length)} pools, a third of all, within three minutes, and ${String(instanceIds.length)} Spot Instances with them: ${instanceIds.join(", ")}.`,
  );
  act({ closed: pools });
  instanceIds.forEach((instanceId, index) => {
    atItsOwnInstant(clock, beganMs + (index * withinMs) / instanceIds.length, () => {
      act({ taken: [instanceId] });
    });
  });
  atItsOwnInstant(clock, beganMs + lastsMs, () => {
    act({ opened: pools });
    tell("The storm is over: the pools have room again.");
  });
};

/** Looks twice a minute until something stands on Spot. */
export const awaitStorm = (storming: Storming): void => {
  const { platform, clock } = storming;
  atItsOwnInstant(clock, clock.now() + lookEveryMs, () => {
    const storm = planStorm(platform, storming);
    if (storm === undefined) awaitStorm(storming);
    else strike(storming, storm);
  });
};

/**
 * The policies that ours is compared with. All but own-hazard leave a unit alone while it is on Spot. A unit that is not
 * tries its zones at every tick, and where none takes it, an interrupted one goes to On-Demand.
 */
import { places, type BacktestPolicy, type Desk, type Placer } from "./policy.ts";
import type { MarketDescription } from "./recording.ts";
import { ZoneOrder } from "./zone-order.ts";

/** Which zones to try, best first. The other hooks are a Placer's. */
interface Preference extends Omit<Placer, "decide"> {
  zones(desk: Desk): readonly number[];
}

const secondsPerHour = 3600;

const preferring = (
  name: string,
  isProbing: boolean,
  preferenceIn: (market: MarketDescription) => Preference,
): BacktestPolicy => ({
  name,
  isProbing,
  start: (market) => {
    const preference = preferenceIn(market);
    return {
      ...preference,
      decide: (unit, desk) => {
        if (unit.place >= 0) return;
        for (const zone of preference.zones(desk)) {
          if (desk.launchSpot(unit, zone)) return;
        }
        if (unit.place === places.down) desk.launchOnDemand(unit);
      },
    };
  },
});

/** Never on Spot. */
export const alwaysOnDemand: BacktestPolicy = preferring("on-demand", false, () => ({
  zones: () => [],
}));

/** One zone, or On-Demand while that has no capacity. */
export const fixedZone = (zone: number): BacktestPolicy =>
  preferring("fixed-zone", false, () => ({ zones: () => [zone] }));

/** The cheapest zone that takes the unit: what AutoSpotting does. */
export const lowestPrice: BacktestPolicy = preferring("lowest-price", false, ({ zones }) => {
  const order = new ZoneOrder(zones);
  return { zones: (desk) => order.by((zone) => desk.price(zone)) };
});

/** The next zone after that of the last launch, whichever unit it was for. */
export const roundRobin: BacktestPolicy = preferring("round-robin", false, ({ zones }) => {
  let last = zones.length - 1;
  const order = new ZoneOrder(zones);
  const distance = (zone: number): number => (zone - last - 1 + zones.length) % zones.length;
  return {
    zones: () => order.by(distance),
    launched: (_unit, zone) => {
      last = zone;
    },
  };
});

/** The zone that has been up longest, if for half an hour at least; ties by price. What is up at tick 0 has been up long enough. */
export const longestStreak: BacktestPolicy = preferring("longest-streak", true, ({ zones }) => {
  const leastSeconds = secondsPerHour / 2;
  const upSince = new Float64Array(zones.length).fill(Infinity);
  const order = new ZoneOrder(zones);
  return {
    tick: (desk) => {
      for (let zone = 0; zone < zones.length; zone += 1) {
        if (!desk.isUp(zone)) upSince[zone] = Infinity;
        else if (upSince[zone] === Infinity) {
          upSince[zone] = desk.tick === 0 ? -leastSeconds : desk.now;
        }
      }
    },
    zones: (desk) =>
      order.by(
        (zone) => {
          const since = upSince[zone] ?? Infinity;
          return desk.now - since >= leastSeconds ? since : undefined;
        },
        (zone) => desk.price(zone),
      ),
  };
});

/** As lowest-price, among the zones that lost no instance in the last hours. */
export const ban = (hours: number): BacktestPolicy =>
  preferring(`ban-${String(hours)}h`, false, ({ zones }) => {
    const bannedUntil = new Float64Array(zones.length);
    const order = new ZoneOrder(zones);
    return {
      lost: (_unit, zone, desk) => {
        bannedUntil[zone] = desk.now + hours * secondsPerHour;
      },
      zones: (desk) =>
        order.by((zone) => ((bannedUntil[zone] ?? 0) <= desk.now ? desk.price(zone) : undefined)),
    };
  });

/**
 * One pool of the seeded market: its price, its outages and what it can hold, each a function of (seed, time).
 * Nothing is run forward, so any moment can be asked for, in any order.
 */
import { createRandom, gaussian } from "../random.ts";

const hourMs = 3_600_000;
/** A pool's price changes at most four times a day, as today's Spot prices do. */
const priceSlotMs = 6 * hourMs;
/** Outages are drawn per half day. */
const outageSlotMs = 12 * hourMs;

/** Share of a month's instances interrupted, by band: the middle of each advisor range. */
const monthlyRateByBand = [0.025, 0.08, 0.13, 0.19, 0.35];

export interface PoolTraits {
  /** 32 bits of the pool's own. */
  readonly seed: number;
  /** The type's usual Spot price in the region, as a share of On-Demand. */
  readonly level: number;
  /** Advisor band, 0 to 4. */
  readonly band: number;
  readonly outageFactor: number;
}

export interface SeededPool {
  /** Number of the price slot that holds the time. */
  slotAt(atMs: number): number;
  slotStart(slot: number): number;
  /** Price in the slot as a share of On-Demand, between 0.15 and 0.95. */
  share(slot: number): number;
  /** Instances that the pool holds; 0 during an outage. */
  capacity(atMs: number): number;
}

/** Streams of a pool's chance: each question has its own. */
const streams = { zone: 1, offset: 2, base: 3, week: 4, day: 5, slot: 6, load: 7, outage: 8 };

export const seededPool = (traits: PoolTraits): SeededPool => {
  // Odd constants spread neighbouring positions over the 32 bits (Knuth's 2³² ÷ φ, and another).
  const chance = (stream: number, position = 0) =>
    createRandom(traits.seed ^ Math.imul(position, 0x9e3779b1) ^ Math.imul(stream, 0x85ebca6b));
  const uniform = (stream: number, position = 0): number => chance(stream, position).next();

  /** Mean 0 within ±1: values at whole positions, joined smoothly. Bounded, and wanders as a random walk does. */
  const noise = (stream: number, position: number): number => {
    const left = Math.floor(position);
    const part = position - left;
    const smooth = part * part * (3 - 2 * part);
    const from = uniform(stream, left);
    return 2 * (from + (uniform(stream, left + 1) - from) * smooth) - 1;
  };

  const zone = 0.88 + 0.3 * uniform(streams.zone);
  // Slots begin at an offset of the pool's own: prices of all pools do not change at once.
  const offsetMs = Math.floor(uniform(streams.offset) * priceSlotMs);
  const base = 4 + 36 * uniform(streams.base);

  const isOutIn = (slot: number, atMs: number): boolean => {
    const random = chance(streams.outage, slot);
    // 60 half days a month; probabilities so small add up.
    const rate = ((monthlyRateByBand[traits.band] ?? 0.025) / 60) * traits.outageFactor;
    if (random.next() >= rate) return false;
    const startMs = slot * outageSlotMs + Math.floor(random.next() * outageSlotMs);
    // Lognormal: median 23 min, 90th percentile 4.2 h (as measured on recorded markets); at most half a day.
    const minutes = Math.exp(Math.log(23) + 1.868 * gaussian(random.next(), random.next()));
    return startMs <= atMs && atMs < startMs + Math.min(minutes * 60_000, outageSlotMs);
  };

  return {
    slotAt: (atMs) => Math.floor((atMs - offsetMs) / priceSlotMs),
    slotStart: (slot) => slot * priceSlotMs + offsetMs,
    share: (slot) => {
      // 28 slots make a week, 4 a day.
      const walk =
        0.14 * noise(streams.week, slot / 28) +
        0.07 * noise(streams.day, slot / 4) +
        0.02 * noise(streams.slot, slot);
      return Math.min(0.95, Math.max(0.15, traits.level * zone * (1 + walk)));
    },
    capacity: (atMs) => {
      const slot = Math.floor(atMs / outageSlotMs);
      if (isOutIn(slot, atMs) || isOutIn(slot - 1, atMs)) return 0;
      const load = noise(streams.load, atMs / outageSlotMs);
      return Math.max(2, Math.round(base * (1 + 0.4 * load)));
    },
  };
};

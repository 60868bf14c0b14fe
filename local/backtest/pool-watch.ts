/**
 * What an online system has come to know of a market's pools, as the features that risk models see. It is told of losses,
 * refused launches and, where it probes, of what each pool could hold; the product's own functions make features of that. What is
 * known is kept for each number of instances that a pool may be asked to hold: one that took three of ten back still held seven.
 */
import { timeFeatures, worstKnownBand } from "../../core/risk/features.ts";
import type { RiskFeatures } from "../../core/risk/model.ts";
import {
  emptyHistory,
  historyFeatures,
  memoryHours,
  withCapacity,
  withLoss,
  withUnavailability,
  type PoolHistory,
} from "../../core/risk/pool-history.ts";
import type { MarketDescription } from "./recording.ts";

const secondsPerHour = 3600;
const never = -1;

/** `us-east-1` of `us-east-1a`: pools of one type in one region are neighbours. */
const regionOf = (zone: string): string => zone.replace(/[a-z]$/, "");

export class PoolWatch {
  readonly #most: number;
  /** By zone, then by how many instances the pool is asked to hold, from one. */
  readonly #histories: readonly PoolHistory[][];
  /** By zone, how many it held at the last look; undefined before the first. */
  readonly #levels: (number | undefined)[];
  /** As the histories: seconds of the last look that found it short, until it is found to hold as many: then it is remembered. */
  readonly #shortAt: readonly Float64Array[];
  readonly #neighbours: readonly (readonly number[])[];
  readonly #startMs: number | undefined;

  /** @param most instances that a pool is ever asked to hold */
  constructor({ zones, startMs }: Pick<MarketDescription, "zones" | "startMs">, most = 1) {
    this.#most = most;
    this.#histories = zones.map(() => Array.from({ length: most }, () => emptyHistory));
    this.#levels = zones.map(() => undefined);
    this.#shortAt = zones.map(() => new Float64Array(most).fill(never));
    this.#neighbours = zones.map((zone, index) =>
      zones.flatMap((other, at) =>
        at !== index && regionOf(other) === regionOf(zone) ? [at] : [],
      ),
    );
    this.#startMs = startMs;
  }

  /** An instance there was reclaimed, and so many are left. Times are seconds since tick 0. */
  lost(zone: number, nowSeconds: number, held: number): void {
    for (let wanted = held + 1; wanted <= this.#most; wanted += 1) {
      this.#lose(zone, wanted, nowSeconds);
    }
  }

  /** A launch there was refused while it held so many. */
  refused(zone: number, nowSeconds: number, held: number): void {
    for (let wanted = held + 1; wanted <= this.#most; wanted += 1) {
      this.#fallShort(zone, wanted, nowSeconds);
    }
  }

  /** A launch there succeeded: it holds so many now. */
  gave(zone: number, nowSeconds: number, held: number): void {
    for (let wanted = 1; wanted <= held; wanted += 1) this.#hold(zone, wanted, nowSeconds);
  }

  /** A look at the pool. What it held and no longer does is lost to everyone, whether we had instances there or not. */
  seen(zone: number, level: number, nowSeconds: number): void {
    const before = this.#levels[zone] ?? 0;
    const shortAt = this.#shortAt[zone] ?? new Float64Array();
    for (let wanted = 1; wanted <= this.#most; wanted += 1) {
      if (wanted > level) {
        if (wanted <= before) this.#lose(zone, wanted, nowSeconds);
        shortAt[wanted - 1] = nowSeconds;
        continue;
      }
      const at = shortAt[wanted - 1] ?? never;
      if (at === never) continue;
      this.#fallShort(zone, wanted, at);
      this.#hold(zone, wanted, nowSeconds);
      shortAt[wanted - 1] = never;
    }
    this.#levels[zone] = level;
  }

  /** Undefined: none is on record. */
  hoursSinceLoss(zone: number, nowSeconds: number): number | undefined {
    const at = this.#lastLossAtHours(zone);
    return at === undefined ? undefined : nowSeconds / secondsPerHour - at;
  }

  /** Traces carry no Spot Advisor band: the worst stands in, as for a type that the feed does not know. */
  features(
    zone: number,
    now: {
      readonly seconds: number;
      readonly priceRatio: number;
      /** How many instances it is asked to hold; one where that is not said. */
      readonly wanted?: number;
    },
    rememberedHours: number = memoryHours,
  ): RiskFeatures {
    const nowHours = now.seconds / secondsPerHour;
    const neighbourHours = this.#hoursSinceNeighbourLoss(zone, nowHours);
    return {
      bandMinPercent: worstKnownBand.minPercent,
      bandMaxPercent: worstKnownBand.maxPercent,
      isBandKnown: false,
      priceRatio: now.priceRatio,
      ...historyFeatures(this.#historyOf(zone, now.wanted ?? 1), { nowHours, rememberedHours }),
      ...(neighbourHours !== undefined &&
        neighbourHours <= rememberedHours && { hoursSinceNeighbourLoss: neighbourHours }),
      ...(this.#startMs === undefined ? {} : timeFeatures(this.#startMs + now.seconds * 1000)),
    };
  }

  #historyOf(zone: number, wanted: number): PoolHistory {
    return this.#histories[zone]?.[wanted - 1] ?? emptyHistory;
  }

  #remember(zone: number, wanted: number, history: PoolHistory): void {
    const histories = this.#histories[zone];
    if (histories !== undefined) histories[wanted - 1] = history;
  }

  #lose(zone: number, wanted: number, nowSeconds: number): void {
    const atHours = nowSeconds / secondsPerHour;
    const history = this.#historyOf(zone, wanted);
    // One reclaim may take several instances: the pool is lost once.
    if (history.lastLossAtHours === atHours) return;
    this.#remember(zone, wanted, withLoss(history, atHours));
  }

  #fallShort(zone: number, wanted: number, nowSeconds: number): void {
    const history = this.#historyOf(zone, wanted);
    this.#remember(zone, wanted, withUnavailability(history, nowSeconds / secondsPerHour));
  }

  #hold(zone: number, wanted: number, nowSeconds: number): void {
    const history = this.#historyOf(zone, wanted);
    this.#remember(zone, wanted, withCapacity(history, nowSeconds / secondsPerHour));
  }

  /** However many it kept: whoever asks for the most has noticed each loss. */
  #lastLossAtHours(zone: number): number | undefined {
    return this.#historyOf(zone, this.#most).lastLossAtHours;
  }

  #hoursSinceNeighbourLoss(zone: number, nowHours: number): number | undefined {
    let latest: number | undefined;
    for (const neighbour of this.#neighbours[zone] ?? []) {
      const at = this.#lastLossAtHours(neighbour);
      if (at !== undefined && (latest === undefined || at > latest)) latest = at;
    }
    return latest === undefined ? undefined : nowHours - latest;
  }
}

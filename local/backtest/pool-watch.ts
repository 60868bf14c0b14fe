/**
 * What an online system has come to know of a market's pools, as the features that risk models see. It is told of losses,
 * refused launches and, where it probes, of pools seen empty; the product's own functions make features of that.
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
  readonly #histories: PoolHistory[];
  /** By zone, whether the last look found capacity; undefined before the first. */
  readonly #wasUp: (boolean | undefined)[];
  /** Seconds of the last look that found the pool empty, until it is found up: then it is remembered. */
  readonly #emptyAt: Float64Array;
  readonly #neighbours: readonly (readonly number[])[];
  readonly #startMs: number | undefined;

  constructor({ zones, startMs }: Pick<MarketDescription, "zones" | "startMs">) {
    this.#histories = zones.map(() => emptyHistory);
    this.#wasUp = zones.map(() => undefined);
    this.#emptyAt = new Float64Array(zones.length).fill(never);
    this.#neighbours = zones.map((zone, index) =>
      zones.flatMap((other, at) =>
        at !== index && regionOf(other) === regionOf(zone) ? [at] : [],
      ),
    );
    this.#startMs = startMs;
  }

  /** An instance there was reclaimed. Times are seconds since tick 0. */
  lost(zone: number, nowSeconds: number): void {
    const atHours = nowSeconds / secondsPerHour;
    // One reclaim may take several instances: the pool is lost once.
    if (this.#historyOf(zone).lastLossAtHours === atHours) return;
    this.#histories[zone] = withLoss(this.#historyOf(zone), atHours);
  }

  /** A launch there was refused. */
  refused(zone: number, nowSeconds: number): void {
    this.#histories[zone] = withUnavailability(this.#historyOf(zone), nowSeconds / secondsPerHour);
  }

  /** A launch there succeeded. */
  gave(zone: number, nowSeconds: number): void {
    this.#histories[zone] = withCapacity(this.#historyOf(zone), nowSeconds / secondsPerHour);
  }

  /** A look at the pool. One that was up and is not is lost to everyone, whether we had an instance there or not. */
  seen(zone: number, isUp: boolean, nowSeconds: number): void {
    if (isUp) {
      const emptyAt = this.#emptyAt[zone] ?? never;
      if (emptyAt !== never) {
        this.refused(zone, emptyAt);
        this.gave(zone, nowSeconds);
        this.#emptyAt[zone] = never;
      }
    } else {
      if (this.#wasUp[zone] === true) this.lost(zone, nowSeconds);
      this.#emptyAt[zone] = nowSeconds;
    }
    this.#wasUp[zone] = isUp;
  }

  /** Undefined: none is on record. */
  hoursSinceLoss(zone: number, nowSeconds: number): number | undefined {
    const at = this.#historyOf(zone).lastLossAtHours;
    return at === undefined ? undefined : nowSeconds / secondsPerHour - at;
  }

  /** Traces carry no Spot Advisor band: the worst stands in, as for a type that the feed does not know. */
  features(
    zone: number,
    now: { readonly seconds: number; readonly priceRatio: number },
    rememberedHours: number = memoryHours,
  ): RiskFeatures {
    const nowHours = now.seconds / secondsPerHour;
    const neighbourHours = this.#hoursSinceNeighbourLoss(zone, nowHours);
    return {
      bandMinPercent: worstKnownBand.minPercent,
      bandMaxPercent: worstKnownBand.maxPercent,
      isBandKnown: false,
      priceRatio: now.priceRatio,
      ...historyFeatures(this.#historyOf(zone), { nowHours, rememberedHours }),
      ...(neighbourHours !== undefined &&
        neighbourHours <= rememberedHours && { hoursSinceNeighbourLoss: neighbourHours }),
      ...(this.#startMs === undefined ? {} : timeFeatures(this.#startMs + now.seconds * 1000)),
    };
  }

  #historyOf(zone: number): PoolHistory {
    return this.#histories[zone] ?? emptyHistory;
  }

  #hoursSinceNeighbourLoss(zone: number, nowHours: number): number | undefined {
    let latest: number | undefined;
    for (const neighbour of this.#neighbours[zone] ?? []) {
      const at = this.#historyOf(neighbour).lastLossAtHours;
      if (at !== undefined && (latest === undefined || at > latest)) latest = at;
    }
    return latest === undefined ? undefined : nowHours - latest;
  }
}

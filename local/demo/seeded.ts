/** When and where the stories on the made-up market of a seed play. */
import { createRandom } from "../cloud/random.ts";
import { dayAndTime } from "../terminal/figures.ts";
import type { MarketNote } from "./report/document.ts";

/** A Monday morning; any time would do. */
const startMs = Date.parse("2026-03-02T09:00:00Z");
const region = "us-east-1";

/** Each story has ids of its own, and all have the same market. */
export const platformSeed = (seed: number, name: string): number =>
  createRandom(seed)
    .fork(name)
    .integer(0, 2 ** 31);

export const seededSetting = (seed: number, name: string) => ({
  seed: platformSeed(seed, name),
  startMs,
  region,
});

export const seededIntroduction = (seed: number): string =>
  `The market is made up from seed ${String(seed)} (--seed N gives another): real instance types with approximate ` +
  "list prices, invented Spot prices, interruption bands and outages. " +
  `Virtual time begins at ${dayAndTime(startMs)} in ${region}; minutes pass in milliseconds.`;

export const seededNote = (seed: number): MarketNote => ({
  kind: "seeded",
  at: new Date(startMs).toISOString(),
  seed,
  region,
});

/** Small markets and sources for the tests of training, made by rule: the same each time. */
import { everyUnit, type Recording } from "../../../local/backtest/recording.ts";

/** A sequence that looks like chance: 0 ≤ value < 1. */
export const chances = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

/** One character per tick and zone: `1` is up, `0` is empty. */
export const marketOf = (
  rows: Readonly<Record<string, string>>,
  options: Partial<Recording> = {},
): Recording => {
  const zones = Object.keys(rows);
  const ticks = Object.values(rows)[0]?.length ?? 0;
  return {
    name: "sample",
    gapSeconds: 900,
    ticks,
    zones,
    capacity: Object.values(rows).map((row) =>
      Int32Array.from(row, (each) => (each === "1" ? everyUnit : 0)),
    ),
    price: zones.map(() => new Float64Array(ticks).fill(0.3)),
    ...options,
  };
};

/** Up for times that come in bursts: after a loss the next one is soon, after a calm it is far. */
const burstyRow = (ticks: number, seed: number): string => {
  const chance = chances(seed);
  let row = "";
  while (row.length < ticks) {
    const isCalm = chance() < 0.3;
    row += "1".repeat(Math.ceil(chance() * (isCalm ? 120 : 6)));
    row += "0".repeat(Math.ceil(chance() * 4));
  }
  return row.slice(0, ticks);
};

/** Three zones in which a young streak ends soon. */
export const burstyMarket = (name: string, seed: number, ticks = 600): Recording =>
  marketOf(
    {
      "us-east-1a": burstyRow(ticks, seed),
      "us-east-1b": burstyRow(ticks, seed + 1),
      "us-west-2a": burstyRow(ticks, seed + 2),
    },
    { name, startMs: Date.parse("2023-02-15T07:00:00Z") },
  );

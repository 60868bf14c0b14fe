/** The axis of a chart whose figures are of one evaluation: a day at the most, as the page tells times. */
import type { ScaleOptions } from "@observablehq/plot";
import type { Span } from "./time-line.ts";

/** Pixels that an instant takes. */
const tickWidth = 110;

/** Within so many milliseconds minutes alone would say the same at several ticks. */
const secondsWithin = 10 * 60_000;

/** Pixels, so that the axis' title stands below its instants. */
export const timeAxisHeight = 42;

/** In UTC, which is said at its end. */
export const timeAxis = ({ from, to }: Span, width: number): ScaleOptions => {
  const letters = to - from < secondsWithin ? "HH:MM:SS" : "HH:MM";
  const begin = "2026-01-01T".length;
  return {
    type: "utc",
    label: "UTC",
    ticks: Math.max(3, Math.floor(width / tickWidth)),
    tickFormat: (instant: Date) => instant.toISOString().slice(begin, begin + letters.length),
  };
};

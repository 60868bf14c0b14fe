/** Loads what charts are drawn with, once, where the first one is shown. */
import type * as plotModule from "./plot.ts";

export type Plot = typeof plotModule;

let loading: Promise<Plot> | undefined;

/** @throws TypeError where the chunk can't be had; the next call asks again */
export const loadPlot = (): Promise<Plot> =>
  (loading ??= import("./plot.ts").catch((error: unknown) => {
    loading = undefined;
    throw error;
  }));

/** Long traces on few pixels: what is shorter than a pixel is merged, so that a drawing's size has a bound. */
import type { TickRange } from "./report-data.ts";

export interface PixelRun {
  readonly from: number;
  readonly to: number;
}

export interface PixelGrid {
  readonly ticks: number;
  /** Columns in which the ticks are gathered. */
  readonly columns: number;
}

/** Columns of one pixel, or of one tick where there are fewer ticks than pixels. */
export const gridOf = (ticks: number, pixels: number): PixelGrid => ({
  ticks,
  columns: Math.max(1, Math.min(ticks, Math.floor(pixels))),
});

/** Adds to each column the share of it that the range covers, times the weight. */
export const addCoverage = (
  columns: Float64Array,
  { fromTick, toTick }: TickRange,
  ticks: number,
): void => {
  const perTick = columns.length / ticks;
  const from = Math.max(0, fromTick) * perTick;
  const to = Math.min(ticks, toTick) * perTick;
  for (let column = Math.floor(from); column < to; column += 1) {
    const share = Math.min(to, column + 1) - Math.max(from, column);
    columns[column] = (columns[column] ?? 0) + share;
  }
};

export const coverage = (ranges: readonly TickRange[], grid: PixelGrid): Float64Array => {
  const columns = new Float64Array(grid.columns);
  for (const range of ranges) addCoverage(columns, range, grid.ticks);
  return columns;
};

/** Neighbouring columns of the same level as one run. */
export const runsOfLevels = <Level>(
  levels: readonly Level[],
): readonly (PixelRun & { readonly level: Level })[] => {
  const runs: (PixelRun & { level: Level })[] = [];
  levels.forEach((level, column) => {
    const last = runs.at(-1);
    if (last?.level === level) runs[runs.length - 1] = { ...last, to: column + 1 };
    else runs.push({ from: column, to: column + 1, level });
  });
  return runs;
};

/** In columns. Runs are at least one wide, and gaps narrower than one are closed: nothing that happened vanishes. */
export const wideRuns = (ranges: readonly TickRange[], grid: PixelGrid): readonly PixelRun[] => {
  const perTick = grid.columns / grid.ticks;
  const runs: PixelRun[] = [];
  const sorted = [...ranges].sort((one, other) => one.fromTick - other.fromTick);
  for (const { fromTick, toTick } of sorted) {
    const from = Math.min(fromTick * perTick, grid.columns - 1);
    const to = Math.max(toTick * perTick, from + 1);
    const last = runs.at(-1);
    if (last !== undefined && from - last.to < 1) {
      runs[runs.length - 1] = { from: last.from, to: Math.max(last.to, to) };
    } else runs.push({ from, to });
  }
  return runs;
};

/** Events as the columns in which there is at least one, with their number. */
export const eventsByColumn = (
  eventTicks: readonly number[],
  grid: PixelGrid,
): readonly (readonly [column: number, events: number])[] => {
  const counts = new Map<number, number>();
  for (const tick of eventTicks) {
    const column = Math.min(grid.columns - 1, Math.floor((tick * grid.columns) / grid.ticks));
    counts.set(column, (counts.get(column) ?? 0) + 1);
  }
  return [...counts].sort(([one], [other]) => one - other);
};

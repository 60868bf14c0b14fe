/** Counts over time as a small chart of plain text: columns of time, a row for each unit. */
import { clockTime } from "./figures.ts";

/** From its time on, until the next one's. */
export interface Level {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** What is there. */
  readonly filled: number;
  /** What is to be there. */
  readonly wanted: number;
}

export interface ChartLayout {
  readonly indent: string;
  /** Columns of time. */
  readonly width: number;
  readonly endMs: number;
}

export const chartMarks = { filled: "█", missing: "░" } as const;

interface Column {
  readonly filled: number;
  readonly wanted: number;
}

/** The lowest of what was there, and the highest of what was to be there: what lasts less than a column is seen too. */
const columnOf = (levels: readonly Level[], fromMs: number, toMs: number): Column => {
  const first = Math.max(
    0,
    levels.findLastIndex(({ atMs }) => atMs <= fromMs),
  );
  const during = levels.slice(first).filter(({ atMs }, index) => index === 0 || atMs < toMs);
  return {
    filled: Math.min(...during.map(({ filled }) => filled)),
    wanted: Math.max(...during.map(({ wanted }) => wanted)),
  };
};

const markOf = ({ filled, wanted }: Column, level: number): string => {
  if (level <= filled) return chartMarks.filled;
  return level <= wanted ? chartMarks.missing : " ";
};

/** Rows from the highest level down to the first, then the axis with begin and end. Without levels there is nothing to draw. */
export const levelChart = (
  levels: readonly Level[],
  { indent, width, endMs }: ChartLayout,
): readonly string[] => {
  const [first] = levels;
  if (first === undefined) return [];
  const beginMs = first.atMs;
  const spanMs = (endMs - beginMs) / width;
  const columns = Array.from({ length: width }, (_, index) =>
    columnOf(levels, beginMs + index * spanMs, beginMs + (index + 1) * spanMs),
  );
  const top = Math.max(...columns.flatMap(({ filled, wanted }) => [filled, wanted]));
  const labelWidth = String(top).length;
  const rows = Array.from({ length: top }, (_, index) => {
    const level = top - index;
    const marks = columns.map((column) => markOf(column, level)).join("");
    return `${indent}${String(level).padStart(labelWidth)} │${marks}`.trimEnd();
  });
  const margin = `${indent}${" ".repeat(labelWidth)} `;
  const begin = clockTime(beginMs);
  const end = clockTime(endMs);
  return [
    ...rows,
    `${margin}└${"─".repeat(width)}`,
    `${margin} ${begin}${end.padStart(Math.max(1, width - begin.length))}`,
  ];
};

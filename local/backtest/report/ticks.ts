/** Round values for the ticks of an axis. */

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Steps that read well, within a power of ten. */
const roundSteps = [1, 2, 2.5, 5, 10];

/** The smallest round step that makes no more than `most` intervals. */
export const roundStep = (extent: number, most: number): number => {
  const least = extent / most;
  const power = 10 ** Math.floor(Math.log10(least));
  return (roundSteps.find((step) => step * power >= least * (1 - 1e-9)) ?? 10) * power;
};

/** Multiples of the step within the domain. */
export const multiples = ({ from, to }: Range, step: number): readonly number[] => {
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
};

export interface TimeTicks {
  readonly unit: string;
  readonly unitSeconds: number;
  /** In units. */
  readonly ticks: readonly number[];
}

const timeUnits = [
  { unit: "days", unitSeconds: 86_400, steps: [1, 2, 7, 14, 28, 91] },
  { unit: "hours", unitSeconds: 3_600, steps: [1, 2, 3, 6, 12] },
  { unit: "minutes", unitSeconds: 60, steps: [1, 2, 5, 10, 30] },
] as const;

/** Elapsed time in the largest unit that gives the axis at least two ticks beside zero. */
export const timeTicks = (seconds: number, most: number): TimeTicks => {
  const { unit, unitSeconds, steps } =
    timeUnits.find((each) => seconds >= 2 * each.unitSeconds) ?? timeUnits[2];
  const extent = seconds / unitSeconds;
  const step = steps.find((each) => extent / each <= most) ?? roundStep(extent, most);
  return { unit, unitSeconds, ticks: multiples({ from: 0, to: extent }, step) };
};

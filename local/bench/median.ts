/** The middle of an odd number of measurements, which is one of them. */

/** @throws Error for an even number of values */
export const median = (values: readonly number[]): number => {
  const middle = values.toSorted((a, b) => a - b)[(values.length - 1) / 2];
  if (middle === undefined) throw new Error("A median needs an odd number of values.");
  return middle;
};

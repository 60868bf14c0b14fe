/** How long to wait after failures in a row: doubled each time, with jitter, so that many pages don't come back at once. */

const firstMs = 2_000;
const longestMs = 60_000;

/** @param failures 1 after the first @param random from 0 to 1 @returns milliseconds, between half and all of the step */
export const backOffMs = (failures: number, random: number): number => {
  const step = Math.min(longestMs, firstMs * 2 ** (failures - 1));
  return Math.round(step * (0.5 + random / 2));
};

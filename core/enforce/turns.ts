/** In which order the places are worked at: each run begins at another one, so that those at the end are reached too. */

const runMs = 5 * 60_000;

/** Fractions of its multiples leave no large gap anywhere. Source: Knuth, The Art of Computer Programming, volume 3, section 6.4. */
const goldenRatio = (Math.sqrt(5) - 1) / 2;

/** Where a run has time for a share of the places, each is reached within three times as many runs as they would just take. */
export const inTurn = <Row>(places: readonly Row[], now: Date): readonly Row[] => {
  const run = Math.floor(now.getTime() / runMs);
  const first = Math.floor(((run * goldenRatio) % 1) * places.length);
  return [...places.slice(first), ...places.slice(0, first)];
};

/** Which rows of a long list are in the document: those that are seen, and some more to either side. */

export const rowHeight = 37;

/** To either side, so that a quick scroll shows no gap. */
const spare = 12;

export interface Window {
  readonly first: number;
  /** One behind the last one. */
  readonly end: number;
}

/** @param scrollTop of the list, in pixels @param height of what is seen of it */
export const windowOf = (count: number, scrollTop: number, height: number): Window => {
  const seenFirst = Math.floor(Math.max(0, scrollTop) / rowHeight);
  const seen = Math.ceil(height / rowHeight) + 1;
  return {
    first: Math.max(0, Math.min(count, seenFirst) - spare),
    end: Math.min(count, seenFirst + seen + spare),
  };
};

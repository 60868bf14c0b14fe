/** Keeps the youngest entries of a list that only grows, for a world that is to live for long. */

/** @param most how many are kept at least; a tenth more stand there before the oldest go */
export const roll = (entries: unknown[], most: number): void => {
  if (entries.length > most * 1.1) entries.splice(0, entries.length - most);
};

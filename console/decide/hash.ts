/** Hashes of what is agreed to, and how long something is put off. */

/** Enough to tell two apart; the whole one stands beside it. */
export const shortHash = (hash: string): string =>
  hash.length > 12 ? `${hash.slice(0, 8)}…` : hash;

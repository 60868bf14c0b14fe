/** How old something is, against a number of days. */

const dayMs = 86_400_000;

/** @param since ISO 8601. What can't be read as a time counts as young. */
export const isYounger = (since: string, days: number, now: Date): boolean =>
  !(now.getTime() - Date.parse(since) >= days * dayMs);

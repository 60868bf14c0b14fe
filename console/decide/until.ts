/** How long something is put off: days, as a date field gives them, against what the API takes. */

const dayMs = 86_400_000;

/** A day in UTC, as a date field takes it. */
export const dayIn = (nowMs: number, days: number): string =>
  new Date(nowMs + days * dayMs).toISOString().slice(0, 10);

/** Its begin in UTC. Undefined: it is not a day, is over, or is further away than `mostDays`. */
export const untilOf = (
  day: string,
  { nowMs, mostDays }: { readonly nowMs: number; readonly mostDays: number },
): string | undefined => {
  const atMs = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(atMs) || atMs <= nowMs || atMs > nowMs + mostDays * dayMs) return undefined;
  return new Date(atMs).toISOString();
};

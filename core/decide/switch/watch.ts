/** When a retired original is looked at next, while its cool-off lasts. */

/** Often enough that somebody is told within the hour who starts it again, seldom enough to cost a call an hour. */
const watchMs = 3_600_000;

/** ISO 8601, in an hour and not later than it is due. */
export const nextWatch = (now: Date, dueAt: string): string => {
  const inAnHour = new Date(now.getTime() + watchMs).toISOString();
  const due = new Date(dueAt).toISOString();
  return inAnHour < due ? inAnHour : due;
};

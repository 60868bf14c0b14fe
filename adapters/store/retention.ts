/**
 * How long items are kept that DynamoDB clears away by itself: in seconds, after the instant that each file names. What is not listed is
 * kept until somebody deletes it.
 */
const hour = 3600;
const day = 24 * hour;

export const keptSeconds = {
  /** A storm is over long before. */
  launchTurns: hour,
  sharedReadings: hour,
  requests: day,
  spotEvents: 30 * day,
  /** After it was told last. */
  messages: 90 * day,
  /** What became of a finding is shown so long. */
  wasteFindings: 90 * day,
  /** Images are kept for 37 days at the most, and a day is stated anew for 35. */
  ledgerSnapshots: 100 * day,
  /** A bill is final some days after its month; AWS has changed months up to a quarter later. */
  ledgerHours: 130 * day,
  /** A year and a month: a month is compared with the same one of the year before. Months expire as their last day does. */
  ledgerDays: 400 * day,
  /** A month can be stated anew for so long. */
  ledgerSpans: 400 * day,
} as const;

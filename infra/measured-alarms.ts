/** Alarms on what is measured every quarter of an hour. Each ends by itself, once nothing waits any longer. */

interface MeasuredAlarm {
  readonly id: string;
  readonly metricName: string;
  readonly atLeast: number;
  /** Ends with the title of its entry in docs/runbook.md. */
  readonly description: string;
  /** What measures has stopped, too. */
  readonly isMissingBad?: true;
}

const hourSeconds = 3600;
/** In which one measurement at least is made. */
const leastMinutes = 45;

export const measuredAlarms = (sweepMinutes: number): readonly MeasuredAlarm[] => [
  {
    id: "SweepAgeAlarm",
    metricName: "LastSweepSeconds",
    atLeast: Math.max(leastMinutes, 3 * sweepMinutes) * 60,
    description:
      "No place was swept of late, or nothing measures it: docs/runbook.md, The sweep stands still",
    isMissingBad: true,
  },
  {
    id: "StuckEvaluationAlarm",
    metricName: "OldestOpenEvaluationSeconds",
    atLeast: 12 * hourSeconds,
    description:
      "An evaluation has not ended for twelve hours: docs/runbook.md, An evaluation that does not end",
  },
  {
    id: "NeedsOperatorAlarm",
    metricName: "NeedsOperator",
    atLeast: 1,
    description: "An evaluation waits for a person: docs/runbook.md, NeedsOperator",
  },
  {
    id: "ApprovalsExpiringAlarm",
    metricName: "ApprovalsExpiring",
    atLeast: 1,
    description:
      "An approval that is waited for expires within four hours: docs/runbook.md, An approval that expires",
  },
  {
    id: "PriceAgeAlarm",
    metricName: "PriceAgeHours",
    atLeast: 24,
    description: "The prices of a region are a day old: docs/runbook.md, Prices that are old",
  },
  {
    id: "OffBoardingAlarm",
    metricName: "OldestOffBoardingSeconds",
    atLeast: hourSeconds,
    description:
      "An account has been on its way out for an hour: docs/runbook.md, An account that does not leave",
  },
  {
    id: "QuotaAlarm",
    metricName: "QuotaRefusals",
    atLeast: 1,
    description:
      "A quota of an account has stopped a launch on Spot: docs/runbook.md, A quota that stops launches",
  },
  {
    id: "LedgerAgeAlarm",
    metricName: "LastLedgerReadingSeconds",
    atLeast: 2 * hourSeconds,
    description:
      "What runs in a place was not read for two hours: docs/runbook.md, The savings ledger is not kept",
  },
];

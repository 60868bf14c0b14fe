/** What is measured of the product every quarter of an hour, by the names under which CloudWatch has it. */

export const measureNames = [
  "Ended",
  "DowntimeSeconds",
  "SwitchSeconds",
  "SavedMonthlyUsd",
  "OpenEvaluations",
  "OldestOpenEvaluationSeconds",
  "NeedsOperator",
  "OldestNeedsOperatorSeconds",
  "LastSweepSeconds",
  "FailingPlaces",
  "ThrottledPlaces",
  "OldestDueSeconds",
  "ApprovalsExpiring",
  "PriceAgeHours",
  "OldestOffBoardingSeconds",
  "NetSavedUsd",
  "UnknownSharePercent",
  "OwnCostUsd",
  "LastLedgerReadingSeconds",
  "QuotaRefusals",
  "FallbackSharePercent",
  "InterruptionsPerPoolHour",
  "LargestPoolSharePercent",
  "DeletionsToday",
  "BinMonthlyUsd",
  "EnforcerDue",
  "EnforcerCap",
  "EnforcerOverCap",
] as const;
export type MeasureName = (typeof measureNames)[number];

/** By what a measure is told apart: how evaluations end, and which class of types a quota is of. */
export const measureDimensions = ["Status", "QuotaClass"] as const;

export interface Measure {
  /** Says its unit: `DowntimeSeconds`. */
  readonly name: MeasureName;
  readonly value: number;
  /** Absent: of all. */
  readonly by?: {
    readonly name: (typeof measureDimensions)[number];
    readonly value: string;
  };
}

/** An alarm of CloudWatch as it stands. */
export interface AlarmFacts {
  readonly name: string;
  /** `OK`, `ALARM`, `INSUFFICIENT_DATA`; `unknown` where CloudWatch does not say. */
  readonly state: string;
  /** Since when it has that state, at the latest. ISO 8601; absent where CloudWatch does not say. */
  readonly since?: string;
  /** Why its state may be that of earlier: `EVALUATION_FAILURE`, `PARTIAL_DATA` … */
  readonly problem?: string;
  /** Instances that its metrics name. Of a composite alarm none is known. */
  readonly instanceIds: readonly string[];
}

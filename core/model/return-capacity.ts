/** Capacity that was held so that an original could start again, and what it cost. */

/** Capacity that was held for the way back. */
export interface ReturnCapacity {
  readonly reservationId: string;
  /** ISO 8601 */
  readonly from: string;
  /** Cancelled, or the end of the evaluation: the janitor cancels it minutes after a switch. ISO 8601 */
  readonly until: string;
  /** On-Demand price, of the verdict. Absent where it is not known. */
  readonly hourlyUsd?: number;
  /** For that time. An upper bound where the original ran in it at the end. */
  readonly usd?: number;
}

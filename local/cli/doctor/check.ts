/** One thing that a doctor has looked at: whether it is as it should be, and what to do where it is not. */

/** `unknown` is never `ok`: nothing has shown that it is. */
export type Outcome = "ok" | "failed" | "unknown";

export interface Check {
  /** What was looked at: `role`, `events` … */
  readonly check: string;
  /** Of what: the API, an account, a region. */
  readonly subject: string;
  readonly outcome: Outcome;
  readonly found: string;
  /** Absent: nothing is to be done. */
  readonly remedy?: string;
}

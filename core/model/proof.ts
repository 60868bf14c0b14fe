/** What was found of one proof of the application at one time. */

/** `before`: of what serves, before anything is made. `after`: of the replacement, once it has the identity. */
export type ProofStage = "before" | "after";

export interface ProofReading {
  readonly stage: ProofStage;
  /** `GET https://…`, `tcp …`, `target groups`. */
  readonly name: string;
  readonly holds: boolean;
  readonly sentence: string;
  /** ISO 8601 */
  readonly at: string;
}

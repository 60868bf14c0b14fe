/** What was found of one proof of the application at one time. */

/**
 * `before`: of what serves, before anything is made. `healthy`: of a stateless replacement that has passed EC2's checks.
 * `final_root`: of a stateful one with its final root and its data, before clients can reach it. `after`: of the replacement, once
 * it has the identity. `retirement`: of who serves by then, before the retired original is terminated. Without the identity only what is asked of the machine itself can be proved.
 */
export const proofStages = ["before", "healthy", "final_root", "after", "retirement"] as const;
export type ProofStage = (typeof proofStages)[number];

export interface ProofReading {
  readonly stage: ProofStage;
  /** `GET https://…`, `tcp …`, `target groups`, `document …`. */
  readonly name: string;
  readonly holds: boolean;
  readonly sentence: string;
  /** ISO 8601 */
  readonly at: string;
}

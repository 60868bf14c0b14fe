/** What the intents of every family have: their id, how far they are, and what stood there before. */

export type IntentStatus =
  /** Written; the call may or may not have acted. */
  | "PLANNED"
  /** The call acted, and what it made is noted. */
  | "ACTED"
  /** Undone by the roll-back. */
  | "UNDONE"
  /** The evaluation succeeded: no longer to be undone. The janitor carries out what has a due time. */
  | "COMMITTED"
  /** The janitor carried it out, or found that a person decided otherwise. */
  | "SETTLED";

export interface IntentBase {
  /** Unique within the evaluation: `launch-1`, `move-address-eipalloc-…`. */
  readonly id: string;
  readonly status: IntentStatus;
  /** Absent for what concerns the subject as a whole. */
  readonly swapId?: string;
  /** Fencing number of the lease under which it was written. */
  readonly fence: number;
  /** ISO 8601 */
  readonly plannedAt: string;
  readonly actedAt?: string;
  /** When the roll-back's call that undoes it was accepted. ISO 8601 */
  readonly undoneAt?: string;
  /** What stood there before, where an undo must put it back: values by name. Written with the intent. */
  readonly before?: Readonly<Record<string, string | number | boolean | null>>;
  /** SHA-256 of the first call's parameters: a retry that would send others is not a retry. */
  readonly callDigest?: string;
  /** Of something due that could not be carried out: not looked at again before. ISO 8601 */
  readonly retryAt?: string;
}

/** What a person decides about an evaluation that has left something open: who, why, and how it had ended before. */
import type { Outcome } from "./evaluation.ts";
import type { InstanceId, ResolutionId } from "./ids.ts";

export const resolutionKinds = [
  /** Forward: the workflow goes on where the switch stands. */
  "RESUME",
  /** Back: what stood before serves again, and what was made is taken away. */
  "ROLL_BACK",
  /** The world is left as it is, and a named instance is what serves. */
  "ADOPT",
] as const;
type ResolutionKind = (typeof resolutionKinds)[number];

/** What is asked for. */
export type ResolutionWish =
  | { readonly kind: Exclude<ResolutionKind, "ADOPT"> }
  | { readonly kind: "ADOPT"; readonly serving: InstanceId };

export type Resolution = ResolutionWish & {
  readonly resolutionId: ResolutionId;
  /** ARN of the caller. */
  readonly by: string;
  readonly reason: string;
  /** ISO 8601 */
  readonly at: string;
  /** How the evaluation had ended; absent where its execution was cut off. */
  readonly outcomeBefore?: Outcome;
  /** Of the execution that carries it out; absent until that is started. */
  readonly executionArn?: string;
  /** When an adoption had come to its end. */
  readonly doneAt?: string;
};

/** The one that is being carried out, or was last. */
export const lastResolution = ({
  resolutions,
}: {
  readonly resolutions?: readonly Resolution[];
}): Resolution | undefined => resolutions?.at(-1);

/** Names who holds a lease: an evaluation, the janitor, or who changes, pauses or deletes a target. */
import { evaluationIdSchema, type EvaluationId } from "./ids.ts";

const janitorStart = "janitor-";

/** Under this name the janitor holds leases while it ends what the evaluation has left behind. */
export const janitorFor = (evaluationId: EvaluationId): string => `${janitorStart}${evaluationId}`;

/** Under these the API holds them for a moment. */
export const changeOf = (id: string): string => `change-${id}`;
export const deletionOf = (id: string): string => `delete-${id}`;
/** Under this the sweep does, while it pauses or retires a target of which nothing is left. */
export const retirementOf = (id: string): string => `gone-${id}`;

/** Under this the account's off-boarding does, while it forgets a target. */
export const offBoardingOf = (id: string): string => `off-board-${id}`;

/** Undefined: it is not an evaluation itself. */
export const evaluationHolding = (owner: string): EvaluationId | undefined =>
  evaluationIdSchema.safeParse(owner).data;

const others: readonly (readonly [string, string])[] = [
  ["change-", "A change of its target"],
  ["delete-", "The deletion of its target"],
  ["off-board-", "The off-boarding of its account"],
  ["gone-", "The sweep, which pauses or retires its target,"],
];

/** At the beginning of a sentence: `Evaluation evl-…`, `The janitor (for evl-…)`. */
export const holderNameFirst = (owner: string): string => {
  if (owner.startsWith(janitorStart))
    return `The janitor (for ${owner.slice(janitorStart.length)})`;
  const other = others.find(([start]) => owner.startsWith(start));
  return other === undefined ? `Evaluation ${owner}` : other[1];
};

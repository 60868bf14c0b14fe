/** States what the swaps of a group, or of its nodes, save that stand at the end: against what each original cost where it stood. */
import { loadJudgedFacts, loadOffers } from "../../adapters/store/evaluations.ts";
import { savingsOfMoves } from "../../core/decide/offers/savings-of-moves.ts";
import type { Move } from "../../core/model/move.ts";
import type { Evaluation, EvaluationFacts } from "../../core/model/evaluation.ts";
import type { Swap } from "../../core/model/swap.ts";
import type { ClosingSession, EndedInput } from "./closing.ts";

type GroupMode = "CLUSTER" | "KUBERNETES";

const moveOf = ({ originalId, replacement, purchase }: Swap): readonly Move[] =>
  replacement === undefined
    ? []
    : [{ originalId, pool: replacement.pool, ...(purchase === undefined ? {} : { purchase }) }];

/** In place of a replacement that has ended since the group launches its own. */
const standing = (
  swaps: readonly Swap[],
  { ending }: Pick<EndedInput, "ending">,
): readonly Swap[] => {
  const lost = ending.kind === "PARTLY_DONE" ? (ending.lost ?? []) : [];
  return swaps.filter(
    ({ stage, replacement }) =>
      stage === "DONE" && !lost.some((instanceId) => instanceId === replacement?.instanceId),
  );
};

/** At the prices of the verdict. Nothing is claimed where none stands, and of those whose price is not known. */
export const savingsOfSwaps = async (
  { context: { table }, evaluation, swaps }: ClosingSession<GroupMode>,
  input: Pick<EndedInput, "ending">,
): Promise<Pick<Evaluation, "estimatedSavings">> => {
  const moves = standing(swaps, input).flatMap(moveOf);
  if (moves.length === 0) return {};
  const { evaluationId, policy } = evaluation;
  // What is stored of an evaluation is of its mode.
  const facts = (await loadJudgedFacts(table, evaluationId)) as
    EvaluationFacts<GroupMode> | undefined;
  const offers = await loadOffers(table, evaluationId);
  const { group, market } = facts ?? {};
  if (group === undefined || market === undefined || offers === undefined) return {};
  const { members } = group;
  const savings = savingsOfMoves({ moves, members, offers, market, policy });
  return savings === undefined ? {} : { estimatedSavings: savings };
};

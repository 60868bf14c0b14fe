/** What a step of LINEAR works with beside the shared machinery: its session, its progress and its one swap. */
import { canonicalJson } from "../../core/canonical.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { LinearEvaluation, LinearProgress } from "../../core/model/evaluation.ts";
import type { InstanceId } from "../../core/model/ids.ts";
import { onlySwapId, type Replacement, type Swap, type SwapStage } from "../../core/model/swap.ts";
import type { StepOutput, StepResult, SwapChange } from "../evaluation/evaluation-step.ts";
import type { DueSession, EvaluationSession } from "../evaluation/session.ts";
import type { ClientName, CustomerClients } from "../runtime/context.ts";

/** Those with which a switch moves things. */
export type LinearClients = Pick<CustomerClients, "ec2" | "elb">;

/** With the client for EC2, and what else is named. */
export type LinearSession<Name extends ClientName = "ec2"> = EvaluationSession<"LINEAR", Name>;

/** Those with which a roll-back undoes it. */
export type RollbackClients = Pick<CustomerClients, "ec2" | "elb" | "resourceGroups">;
export type RollbackSession = LinearSession<"ec2" | "elb" | "resourceGroups">;

export type LinearResult<Output extends StepOutput> = StepResult<Output, "LINEAR">;

export const swapOf = ({ swaps }: Pick<DueSession, "swaps">): Swap | undefined =>
  swaps.find(({ swapId }) => swapId === onlySwapId);

/** Throws BrokenFacts when nothing was launched yet. */
export const replacementOf = (session: LinearSession<never>): Replacement => {
  const replacement = swapOf(session)?.replacement;
  if (replacement !== undefined) return replacement;
  const { evaluationId } = session.evaluation;
  throw new SpotOptimizerError(
    "BrokenFacts",
    `Evaluation ${evaluationId} has no replacement yet.`,
    { resource: evaluationId },
  );
};

/** Throws BrokenFacts when nothing was launched yet. */
export const replacementId = (session: LinearSession<never>): InstanceId =>
  replacementOf(session).instanceId;

export type SwapNews = { readonly stage: SwapStage; readonly sentence: string } & Partial<
  Pick<Swap, "failed" | "replacement" | "heldId">
>;

/** What becomes of the swap; without news of an offer or a replacement these stay as they are. */
export const changeSwap = (session: LinearSession<never>, news: SwapNews): SwapChange => ({
  swapId: onlySwapId,
  change: (stored) => ({
    swapId: onlySwapId,
    originalId: session.evaluation.subject.instanceId,
    failed: [],
    ...stored,
    ...news,
  }),
});

/** Adds to the progress of the switch. What is there already is not news. */
export const withProgress =
  (added: LinearProgress) =>
  (evaluation: LinearEvaluation): LinearEvaluation => {
    const progress = { ...evaluation.progress, ...added };
    return canonicalJson(progress) === canonicalJson(evaluation.progress)
      ? evaluation
      : { ...evaluation, progress };
  };

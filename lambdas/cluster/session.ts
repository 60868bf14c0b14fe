/** What a step of CLUSTER works with beside the shared machinery: its session, the batch that is under way, and its swaps. */
import { canonicalJson } from "../../core/canonical.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { ClusterEvaluation, ClusterProgress } from "../../core/model/evaluation.ts";
import type { Replacement, Swap } from "../../core/model/swap.ts";
import type { StepOutput, StepResult, SwapChange } from "../evaluation/evaluation-step.ts";
import type { DueSession, EvaluationSession } from "../evaluation/session.ts";
import type { ClientName, CustomerClients } from "../runtime/context.ts";

/** With the clients that are named. */
export type ClusterSession<Name extends ClientName = never> = EvaluationSession<"CLUSTER", Name>;

export type ClusterResult<Output extends StepOutput> = StepResult<Output, "CLUSTER">;

/** Those with which a group is looked at again. */
export const liveClients = ["autoScaling", "classicElb", "ec2", "elb"] as const;
export type LiveClientName = (typeof liveClients)[number];
export type LiveClients = Pick<CustomerClients, LiveClientName>;
export type LiveSession = ClusterSession<LiveClientName>;
/** Of an evaluation that has ended, or died: its target may be deleted by now. */
export type DueLiveSession = DueSession<"CLUSTER", LiveClientName>;

/** Those with which all of a group is read: what acts on it, too. */
export const wholeClients = [...liveClients, "cloudFormation", "cloudWatch"] as const;
export type WholeSession = ClusterSession<(typeof wholeClients)[number]>;

/** The batch that is under way, from 1. Throws BrokenFacts before the first one was planned. */
export const batchOf = ({ evaluation }: ClusterSession): number => {
  const { batch } = evaluation.progress;
  if (batch !== undefined) return batch;
  throw new SpotOptimizerError(
    "BrokenFacts",
    `Evaluation ${evaluation.evaluationId} has no batch yet.`,
    { resource: evaluation.evaluationId },
  );
};

/** Nothing more becomes of it. */
export const overStages: readonly Swap["stage"][] = ["DONE", "UNDONE", "ABSORBED", "LEFT"];

/** It has come to its end, or is not gone on with. */
const isOver = ({ stage, givenUp }: Swap): boolean =>
  givenUp !== undefined || overStages.includes(stage);

/** Those of the batch that are gone on with. */
export const swapsUnderWay = (session: ClusterSession): readonly Swap[] => {
  const batch = batchOf(session);
  return session.swaps.filter((swap) => swap.batch === batch && !isOver(swap));
};

export interface Launched extends Swap {
  readonly replacement: Replacement;
}

const isLaunched = (swap: Swap): swap is Launched => swap.replacement !== undefined;

/** Those of them that have a replacement. */
export const launchedUnderWay = (session: ClusterSession): readonly Launched[] =>
  swapsUnderWay(session).filter(isLaunched);

type SwapNews = Partial<Omit<Swap, "swapId" | "originalId" | "batch">>;

/** What becomes of a swap that was planned. */
export const changeSwap = ({ swapId, ...known }: Swap, news: SwapNews): SwapChange => ({
  swapId,
  change: (stored) => {
    const { swapId: _id, ...before } = stored ?? { swapId, ...known };
    const changed = { swapId, ...before, ...news };
    return stored !== undefined && canonicalJson(changed) === canonicalJson(stored)
      ? stored
      : changed;
  },
});

/** It is not gone on with: "Restore group" undoes what was made for it. */
export const giveUp = (swap: Swap, sentence: string): SwapChange =>
  changeSwap(swap, { givenUp: sentence, sentence });

/** Adds to the progress of the conversion. What is there already is not news. */
export const withProgress =
  (added: ClusterProgress) =>
  (evaluation: ClusterEvaluation): ClusterEvaluation => {
    const progress = { ...evaluation.progress, ...added };
    return canonicalJson(progress) === canonicalJson(evaluation.progress)
      ? evaluation
      : { ...evaluation, progress };
  };

/** What a step of CLUSTER works with beside the shared machinery: its session, the batch that is under way, and its swaps. */
import { canonicalJson } from "../../core/canonical.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { ClusterEvaluation, ClusterProgress } from "../../core/model/evaluation.ts";
import type { Swap } from "../../core/model/swap.ts";
import type { StepOutput, StepResult } from "../evaluation/evaluation-step.ts";
import type { DueSession, EvaluationSession } from "../evaluation/session.ts";
import { isLaunched, isOver, type Launched } from "../evaluation/swap-changes.ts";
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

/** Those of the batch that are gone on with. */
export const swapsUnderWay = (session: ClusterSession): readonly Swap[] => {
  const batch = batchOf(session);
  return session.swaps.filter((swap) => swap.batch === batch && !isOver(swap));
};

/** Those of them that have a replacement. */
export const launchedUnderWay = (session: ClusterSession): readonly Launched[] =>
  swapsUnderWay(session).filter(isLaunched);

/** Adds to the progress of the conversion. What is there already is not news. */
export const withProgress =
  (added: ClusterProgress) =>
  (evaluation: ClusterEvaluation): ClusterEvaluation => {
    const progress = { ...evaluation.progress, ...added };
    return canonicalJson(progress) === canonicalJson(evaluation.progress)
      ? evaluation
      : { ...evaluation, progress };
  };

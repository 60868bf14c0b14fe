/** The node that is replaced now: its round, its swap, and what a step answers while it waits for it or gives it up. */
import { canonicalJson } from "../../core/canonical.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { KubernetesEvaluation } from "../../core/model/evaluation.ts";
import type { KubernetesProgress, NodeName } from "../../core/model/kubernetes/progress.ts";
import type { Swap } from "../../core/model/swap.ts";
import type { SwapChange } from "../evaluation/evaluation-step.ts";
import { giveUp, isLaunched, isOver, type Launched } from "../evaluation/swap-changes.ts";
import { waitFor, type Awaited } from "../evaluation/waiting.ts";
import type { KubernetesSession } from "./session.ts";

const notYet = ({ evaluation }: KubernetesSession, what: string): SpotOptimizerError =>
  new SpotOptimizerError(
    "BrokenFacts",
    `Evaluation ${evaluation.evaluationId} has no ${what} yet.`,
    {
      resource: evaluation.evaluationId,
    },
  );

/** From 1. Throws BrokenFacts before the first node was planned. */
export const roundOf = (session: KubernetesSession): number => {
  const { round } = session.evaluation.progress;
  if (round === undefined) throw notYet(session, "node that is to be replaced");
  return round;
};

/** Undefined: the node of this round is done, or given up. */
export const swapUnderWay = (session: KubernetesSession): Swap | undefined => {
  const round = roundOf(session);
  return session.swaps.find((swap) => swap.batch === round && !isOver(swap));
};

/** Undefined as above. Throws BrokenFacts for one without a replacement. */
export const launchedUnderWay = (session: KubernetesSession): Launched | undefined => {
  const swap = swapUnderWay(session);
  if (swap === undefined || isLaunched(swap)) return swap;
  throw notYet(session, `replacement of ${swap.originalId}`);
};

/** Throws BrokenFacts before it is known. */
export const nodeThat = (session: KubernetesSession, which: "original" | "joined"): NodeName => {
  const { [which]: node } = session.evaluation.progress;
  if (node === undefined)
    throw notYet(session, `node that ${which === "joined" ? "has joined" : "goes"}`);
  return node;
};

/** Adds to the progress. What is there already is not news. */
export const withProgress =
  (added: KubernetesProgress) =>
  (evaluation: KubernetesEvaluation): KubernetesEvaluation => {
    const progress = { ...evaluation.progress, ...added };
    return canonicalJson(progress) === canonicalJson(evaluation.progress)
      ? evaluation
      : { ...evaluation, progress };
  };

interface GivenUp {
  readonly output: { readonly kind: "NONE"; readonly summary: string };
  readonly round: number;
  readonly swaps: readonly SwapChange[];
}

/** The node is not gone on with: "Release node" undoes what was made for it. */
export const givenUp = (session: KubernetesSession, swap: Swap, sentence: string): GivenUp => ({
  output: { kind: "NONE", summary: sentence },
  round: roundOf(session),
  swaps: [giveUp(swap, sentence)],
});

/** Nothing is under way in this round: a person has let the evaluation go on. */
export const nothingUnderWay = (session: KubernetesSession): GivenUp => ({
  output: { kind: "NONE", summary: "No node is being replaced." },
  round: roundOf(session),
  swaps: [],
});

type Waiting = ReturnType<typeof waitFor> & { readonly round: number };

/** At the deadline of the wait the node is given up alone. */
export const awaitOrGiveUp = (
  session: KubernetesSession,
  swap: Swap,
  awaited: Omit<Awaited, "round">,
): Waiting | GivenUp => {
  const round = roundOf(session);
  try {
    return { ...waitFor(session, { ...awaited, round }), round };
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || error.name !== "BrokenDeadline") throw error;
    return givenUp(
      session,
      swap,
      `Still so after ${String(awaited.minutes)} minutes: ${awaited.sentence}`,
    );
  }
};

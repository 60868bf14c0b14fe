/**
 * Undoes what was not finished of a node's replacement, and takes off what stands on nodes and groups because of us: after each node, and as the
 * roll-back. What the pair came to is written on its swap.
 */
import { listIntents } from "../../../adapters/store/intents.ts";
import { takenFromOwner } from "../../../core/decide/kubernetes/hidden-leave.ts";
import { planKubernetesUndo } from "../../../core/decide/kubernetes/undo/plan.ts";
import {
  isIrreversible,
  leavesRest,
  touchedBy,
  type KubernetesUndoAction,
  type KubernetesUndoInput,
  type KubernetesUndoWorld,
} from "../../../core/decide/kubernetes/undo/world.ts";
import { counted } from "../../../core/decide/offers/figures.ts";
import { fenceOf } from "../../../core/model/evaluation.ts";
import type { Intent } from "../../../core/model/intent.ts";
import { lastResolution } from "../../../core/model/resolution.ts";
import { nameOf } from "../../../core/model/subject.ts";
import type { Swap } from "../../../core/model/swap.ts";
import { claimOf } from "../../../core/model/tags.ts";
import type { SwapChange } from "../../evaluation/evaluation-step.ts";
import type { SwapsUndone } from "../../evaluation/roll-back-of-swaps.ts";
import { changeSwap, overStages } from "../../evaluation/swap-changes.ts";
import { undoUntilDone, type Undone } from "../../evaluation/undo-loop.ts";
import type { Undo, UndoState } from "../../evaluation/undo.ts";
import type { LastRound } from "../../evaluation/undo-wait.ts";
import { carryOutKubernetesUndo } from "./actions.ts";
import { whileTaken } from "./while-taken.ts";
import { kubernetesReaders, type UndoSession } from "./world.ts";

/** Pods that have moved leave the new node by their budgets again within 30 minutes; a hook of a managed group takes 15 more. */
const deadlineMinutes = 60;

/** Names what is undone in the record: its waiting counts from its first invocation that came to an end. */
interface UndoPhase {
  readonly phase: string;
  /** Of the node, where it is one. */
  readonly round?: number;
}

const beganAt = ({ evaluation, now }: UndoSession, { phase, round }: UndoPhase): string =>
  evaluation.phases.find((found) => found.name === phase && found.round === round)?.startedAt ??
  now.toISOString();

/** What is planned from. */
export const undoInput = (
  session: UndoSession,
  { world, intents, refused }: Omit<UndoState<KubernetesUndoWorld>, "supersededBy">,
  phase: UndoPhase,
): KubernetesUndoInput => {
  const { policy, progress, subject, deploymentId } = session.evaluation;
  return {
    ...world,
    intents,
    refused,
    policy,
    claim: claimOf(deploymentId, fenceOf(session.evaluation)),
    originals: new Map(session.swaps.map(({ swapId, originalId }) => [swapId, originalId])),
    ...(progress.drain === undefined ? {} : { drain: progress.drain }),
    isAsked: lastResolution(session.evaluation)?.kind === "ROLL_BACK",
    subjectName: nameOf(subject),
    now: session.context.now().toISOString(),
    askedSince: beganAt(session, phase),
  };
};

export const undoOf = (
  session: UndoSession,
  phase: UndoPhase,
): Undo<UndoSession, KubernetesUndoWorld, KubernetesUndoAction> => ({
  ...phase,
  deadlineMinutes,
  readers: kubernetesReaders,
  onDemand: ["view", "activities"],
  touches: touchedBy,
  isIrreversible,
  leavesRest,
  plan: (state) => planKubernetesUndo(undoInput(session, state, phase)),
  carryOut: carryOutKubernetesUndo,
});

/** What became of it was written when it was kept. */
const unlessOver = ({ swapId, change }: SwapChange): SwapChange => ({
  swapId,
  change: (stored) =>
    stored !== undefined && overStages.includes(stored.stage) ? stored : change(stored),
});

/** What became of a pair that was under way, once nothing of it is open. */
const settled = (swap: Swap, intents: readonly Intent[]): SwapChange => {
  const isKept = intents.some(
    ({ swapId, status }) => swapId === swap.swapId && status === "COMMITTED",
  );
  const taken = takenFromOwner(swap.swapId, intents);
  const changed = (stage: Swap["stage"], sentence: string): SwapChange =>
    changeSwap(swap, { stage, sentence: [sentence, ...taken].join(" ") });
  const why = swap.givenUp === undefined ? "" : ` ${swap.givenUp}`;
  if (!isKept) return changed("UNDONE", `${swap.originalId} is not replaced.${why}`);
  const replacement = swap.replacement?.instanceId ?? "The replacement";
  return changed("DONE", `${replacement} has taken over from ${swap.originalId}.`);
};

/** Nodes that are done stay: then the node group is not as it was. */
const summaryOf = (
  { evaluation }: UndoSession,
  { output, change }: Pick<Undone, "output" | "change">,
  done: number,
): string => {
  const { supersededBy } = change?.(evaluation) ?? evaluation;
  return done === 0 || supersededBy !== undefined
    ? output.summary
    : `Nothing that we created is left on ${nameOf(evaluation.subject)} but ${counted(done, "replaced node")}.`;
};

export const undoKubernetes = async (
  session: UndoSession,
  phase: UndoPhase,
  last: LastRound | undefined,
): Promise<SwapsUndone<"KUBERNETES">> => {
  const undone =
    (await whileTaken(session)) ?? (await undoUntilDone(session, undoOf(session, phase), last));
  const { output, change } = undone;
  const rest = change === undefined ? {} : { change };
  if (output.kind !== "UNDONE") return { output, ...rest, swaps: [] };
  const { context, evaluation } = session;
  const intents = await listIntents(context.table, evaluation.evaluationId);
  const open = session.swaps.filter(({ stage }) => !overStages.includes(stage));
  const done = session.swaps.filter(({ stage }) => stage === "DONE").length;
  return {
    output: { ...output, summary: summaryOf(session, undone, done) },
    ...rest,
    swaps: open.map((swap) => unlessOver(settled(swap, intents))),
  };
};

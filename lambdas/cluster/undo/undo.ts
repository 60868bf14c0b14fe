/**
 * Undoes what was not finished and puts the group back as it was: after each batch, and as the roll-back. What a pair came to is written on its
 * swap.
 */
import { planClusterUndo } from "../../../core/decide/cluster/undo/plan.ts";
import {
  isIrreversible,
  leavesRest,
  touchedBy,
  type ClusterUndoAction,
  type UndoWorld,
} from "../../../core/decide/cluster/undo/world.ts";
import { takenFromOwner } from "../../../core/decide/cluster/hidden-leave.ts";
import { leftSettings } from "../../../core/decide/cluster/left-settings.ts";
import { counted } from "../../../core/decide/offers/figures.ts";
import { listIntents } from "../../../adapters/store/intents.ts";
import type { CapacityPoint } from "../../../core/model/course.ts";
import type { ClusterEvaluation } from "../../../core/model/evaluation.ts";
import { changesOf, type Intent } from "../../../core/model/intent.ts";
import type { Settlement } from "../../../core/model/settlement.ts";
import type { Swap } from "../../../core/model/swap.ts";
import type { SwapChange } from "../../evaluation/evaluation-step.ts";
import type { SwapsUndone } from "../../evaluation/roll-back-of-swaps.ts";
import { undoUntilDone, type Undone } from "../../evaluation/undo-loop.ts";
import type { LastRound } from "../../evaluation/undo-wait.ts";
import type { Undo } from "../../evaluation/undo.ts";
import type { PartReaders } from "../../evaluation/undo-view.ts";
import { changeSwap, overStages } from "../../evaluation/swap-changes.ts";
import { type LiveSession } from "../session.ts";
import { carryOutClusterUndo } from "./actions.ts";
import { seenInUndo } from "../sight.ts";
import { clusterReaders } from "./world.ts";

/** A replacement drains for its deregistration delay, and AWS shows what is new after minutes; a bad day leaves room. */
const deadlineMinutes = 90;

/** Names what is undone in the record: its waiting counts from its first invocation that came to an end. */
export interface UndoPhase {
  readonly phase: string;
  /** The batch, where it is one. */
  readonly round?: number;
}

const beganAt = ({ evaluation, now }: LiveSession, { phase, round }: UndoPhase): string =>
  evaluation.phases.find((found) => found.name === phase && found.round === round)?.startedAt ??
  now.toISOString();

/** Each reading of the group is one of its capacity too. */
const watchedReaders =
  (seen: CapacityPoint[]): ((session: LiveSession) => PartReaders<UndoWorld>) =>
  (session) => {
    const readers = clusterReaders(session);
    return {
      ...readers,
      group: async (intents) => {
        const group = await readers.group(intents);
        if (group !== undefined) seen.push(seenInUndo(session, group, intents));
        return group;
      },
    };
  };

const undoOf = (
  session: LiveSession,
  phase: UndoPhase,
  seen: CapacityPoint[],
): Undo<LiveSession, UndoWorld, ClusterUndoAction> => ({
  ...phase,
  deadlineMinutes,
  readers: watchedReaders(seen),
  onDemand: ["activities"],
  touches: touchedBy,
  isIrreversible,
  leavesRest,
  plan: ({ world, intents, refused }) => {
    const { ledger } = session.evaluation.progress;
    return planClusterUndo({
      ...world,
      intents,
      refused,
      asgName: session.evaluation.subject.asgName,
      originals: new Map(session.swaps.map(({ swapId, originalId }) => [swapId, originalId])),
      now: session.context.now().toISOString(),
      askedSince: beganAt(session, phase),
      ...(ledger === undefined ? {} : { ledger }),
    });
  },
  carryOut: carryOutClusterUndo,
});

/** What became of a pair that was under way, once nothing of it is open. */
const settled = (swap: Swap, intents: readonly Intent[]): SwapChange => {
  const own = intents.filter(({ swapId }) => swapId === swap.swapId);
  const isKept = own.some(({ status }) => status === "COMMITTED");
  const hasLeft = own.some(
    ({ change, status }) => change.kind === "REMOVE_MEMBER" && status === "COMMITTED",
  );
  const why = swap.givenUp === undefined ? "" : ` ${swap.givenUp}`;
  const taken = own.map((intent) => takenFromOwner(intent)).filter((told) => told !== undefined);
  const changed = (stage: Swap["stage"], sentence: string): SwapChange =>
    changeSwap(swap, { stage, sentence: [sentence, ...taken].join(" ") });
  if (!isKept) return changed("UNDONE", `${swap.originalId} is not replaced.${why}`);
  const replacement = swap.replacement?.instanceId ?? "The replacement";
  const isStandIn = own.some(
    ({ change, status }) => change.kind === "ATTACH_MEMBERS" && status === "UNDONE",
  );
  if (isStandIn && !hasLeft) {
    return changed(
      "ABSORBED",
      `${replacement} stays: one that the group had launched meanwhile has left in its stead, so that its zones stay balanced.${why}`,
    );
  }
  return hasLeft
    ? changed("DONE", `${replacement} has taken over from ${swap.originalId}.`)
    : changed(
        "ABSORBED",
        `${replacement} and ${swap.originalId} both stay: the group's owner wants as many.${why}`,
      );
};

/** What the janitor has to hand back yet. */
const withLeft =
  (left: readonly Settlement[]) =>
  (record: ClusterEvaluation): ClusterEvaluation => {
    const before = record.settlements ?? [];
    const news = left.filter(
      (one) => !before.some(({ of, kind }) => of === one.of && kind === "WAITING"),
    );
    const others = before.filter(({ of }) => !news.some((one) => one.of === of));
    return news.length === 0 ? record : { ...record, settlements: [...others, ...news] };
  };

/** Pairs that are done or absorbed stay: then the group is not as it was. */
const summaryOf = (
  { evaluation }: LiveSession,
  { output, change }: Pick<Undone, "output" | "change">,
  { intents, left }: { readonly intents: readonly Intent[]; readonly left: readonly Settlement[] },
): string => {
  if (left.length > 0) {
    const told = left.map(({ sentence }) => sentence).join(" ");
    return `What could be undone at group ${evaluation.subject.asgName} is undone. ${told}`;
  }
  const committed = intents.filter(({ status }) => status === "COMMITTED");
  const kept = changesOf(committed, "LAUNCH_INSTANCE").length;
  const { supersededBy } = change?.(evaluation) ?? evaluation;
  return kept === 0 || supersededBy !== undefined
    ? output.summary
    : `Group ${evaluation.subject.asgName} has back what was changed of its settings; ${counted(kept, "replacement")} ${kept === 1 ? "stays" : "stay"} in it, and nothing else that we created is left.`;
};

export const undoCluster = async (
  session: LiveSession,
  phase: UndoPhase,
  last: LastRound | undefined,
): Promise<SwapsUndone<"CLUSTER">> => {
  const capacity: CapacityPoint[] = [];
  const undone = await undoUntilDone(session, undoOf(session, phase, capacity), last);
  const { output, change } = undone;
  const sight = { capacity };
  const rest = change === undefined ? {} : { change };
  if (output.kind !== "UNDONE") return { output, ...rest, swaps: [], sight };
  const { context, evaluation } = session;
  const intents = await listIntents(context.table, evaluation.evaluationId);
  const open = session.swaps.filter(({ stage }) => !overStages.includes(stage));
  const left = leftSettings(intents, context.now().toISOString());
  const tell = withLeft(left);
  return {
    output: { ...output, summary: summaryOf(session, undone, { intents, left }) },
    change: (record) => tell(change?.(record) ?? record),
    swaps: open.map((swap) => settled(swap, intents)),
    sight,
  };
};

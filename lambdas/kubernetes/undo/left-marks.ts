/**
 * Takes off nodes what an evaluation has left there that ended, or whose execution died: from its intents, by the rules of the roll-back, on the cluster as it is.
 * Each time the kill switch is asked; the leases are the caller's.
 */
import { listIntents } from "../../../adapters/store/intents.ts";
import { leftMarks, planLeftMarks } from "../../../core/decide/kubernetes/undo/left-marks.ts";
import type {
  KubernetesUndoAction,
  KubernetesUndoWorld,
} from "../../../core/decide/kubernetes/undo/world.ts";
import type { Told } from "../../evaluation/duty.ts";
import { assertNotStopped } from "../../evaluation/perform.ts";
import { tellSettlement } from "../../evaluation/tell-settlement.ts";
import { undoWhatCanBe } from "../../evaluation/undo-round.ts";
import { createView } from "../../evaluation/undo-view.ts";
import type { Undo } from "../../evaluation/undo.ts";
import { carryOutKubernetesUndo } from "./actions.ts";
import { undoInput, undoOf } from "./undo.ts";
import type { UndoSession } from "./world.ts";

const phase = { phase: "restore-marks" } as const;

const toldOf = (action: KubernetesUndoAction): Told => {
  if (action.kind !== "NOTE_RESTORED") {
    const node = "nodeName" in action ? `node ${action.nodeName}` : "it";
    return { kind: "RESTORED", sentence: `What we had written on ${node} is taken off.` };
  }
  const { sentence, isTheirs } = action;
  return isTheirs === true
    ? { kind: "KEPT", reason: "CHANGED_SINCE", sentence }
    : { kind: "GONE", sentence };
};

/** By the id of the intent that is undone. */
type News = Map<string, Told>;

const undoOfMarks = (
  session: UndoSession,
  news: News,
): Undo<UndoSession, KubernetesUndoWorld, KubernetesUndoAction> => ({
  ...undoOf(session, phase),
  plan: (state) => planLeftMarks(undoInput(session, state, phase)),
  carryOut: async (_, action) => {
    await assertNotStopped(session);
    await carryOutKubernetesUndo(session, action);
    if (action.undoes !== undefined) news.set(action.undoes, toldOf(action));
  },
});

/** @returns why the rest stays; undefined where nothing is left */
export const takeOffMarks = async (session: UndoSession): Promise<string | undefined> => {
  const { context, evaluation } = session;
  const { evaluationId } = evaluation;
  const intents = await listIntents(context.table, evaluationId);
  const marks = leftMarks(intents);
  if (marks.length === 0) return undefined;
  await assertNotStopped(session);
  const news: News = new Map();
  const undo = undoOfMarks(session, news);
  const view = createView(undo.readers(session), undo.onDemand);
  const round = { session, undo, view, refused: [], done: new Set<string>() };
  try {
    const { end } = await undoWhatCanBe(round, intents);
    return "sentence" in end ? end.sentence : undefined;
  } finally {
    for (const { id, change } of marks) {
      const settled = news.get(id);
      if (settled !== undefined) await tellSettlement(context, evaluationId, { change, settled });
    }
  }
};

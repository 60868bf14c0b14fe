/**
 * Restore marks: takes off the nodes of one evaluation that ended, or whose execution died, what it has left there. The janitor hands it the evaluation, for it reaches no
 * cluster itself. What can't be taken off now stays open, is told in the record, and is tried again, ever more rarely.
 */
import * as z from "zod";
import { listIntents, updateIntent } from "../../../adapters/store/intents.ts";
import { leftMarks } from "../../../core/decide/kubernetes/undo/left-marks.ts";
import { nextTry } from "../../../core/decide/switch/next-try.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { dueTimeOf, type Intent } from "../../../core/model/intent.ts";
import { janitorFor } from "../../../core/model/lease-holder.ts";
import { nameOf } from "../../../core/model/subject.ts";
import { evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { exclusivelyForItself } from "../../evaluation/exclusively.ts";
import { openSession, requireMode } from "../../evaluation/session.ts";
import { tellSettlement } from "../../evaluation/tell-settlement.ts";
import { takeOffMarks } from "../../kubernetes/undo/left-marks.ts";
import { undoClients, type UndoSession } from "../../kubernetes/undo/world.ts";
import type { StepContext } from "../../runtime/context.ts";
import type { Step } from "../../runtime/step.ts";

const outputSchema = z.object({
  kind: z.enum(["RESTORED", "POSTPONED", "RESTING"]),
  summary: z.string(),
});
type Output = z.infer<typeof outputSchema>;

/** Undefined: nothing is left. Throws what the calls throw. */
const restore = async (
  session: UndoSession,
): Promise<{ readonly sentence: string; readonly isHeld?: boolean } | undefined> => {
  const { evaluationId, subject } = session.evaluation;
  const exclusive = await exclusivelyForItself(session, janitorFor(evaluationId), () =>
    takeOffMarks(session),
  );
  if (exclusive.kind === "BUSY") {
    const { sentence, isHeld } = exclusive;
    return { sentence: `${nameOf(subject)} is left as it is for now. ${sentence}`, isHeld };
  }
  return exclusive.result === undefined ? undefined : { sentence: exclusive.result };
};

/** One of our own errors is the reason why they stay; nobody waits for this function, and the janitor comes again. */
const restoreOrTell = async (session: UndoSession): ReturnType<typeof restore> => {
  try {
    return await restore(session);
  } catch (error) {
    if (!(error instanceof SpotOptimizerError)) throw error;
    return { sentence: error.message };
  }
};

/** @returns how many */
const postpone = async (
  { context, evaluation }: UndoSession,
  sentence: string,
): Promise<number> => {
  const { evaluationId } = evaluation;
  const left = leftMarks(await listIntents(context.table, evaluationId));
  for (const { id, change } of left) {
    const settled = { kind: "WAITING", sentence } as const;
    await tellSettlement(context, evaluationId, { change, settled });
    await updateIntent(context.table, evaluationId, id, (stored): Intent => {
      const dueAt = dueTimeOf(stored);
      if (dueAt === undefined) return stored;
      return { ...stored, retryAt: nextTry({ kind: change.kind, dueAt }, context.now()) };
    });
  }
  return left.length;
};

export const restoreMarksStep: Step<
  z.infer<typeof evaluationInputSchema>,
  Output,
  StepContext<(typeof undoClients)[number]>
> = {
  name: "restore-marks",
  clients: undoClients,
  input: evaluationInputSchema,
  output: outputSchema,
  run: async (context, { evaluationId }) => {
    const session = requireMode(await openSession(context, evaluationId, false), "KUBERNETES");
    const name = nameOf(session.evaluation.subject);
    const left = await restoreOrTell(session);
    // Whoever works there takes them off, or leaves them: the janitor looks again.
    if (left?.isHeld === true) return { kind: "RESTING", summary: left.sentence };
    const count = left === undefined ? 0 : await postpone(session, left.sentence);
    return left === undefined || count === 0
      ? { kind: "RESTORED", summary: `Nothing that we wrote is left on nodes of ${name}.` }
      : { kind: "POSTPONED", summary: left.sentence };
  },
};

/** Roll back: undoes what the intents say and the world shows, one call after the other, until nothing is left. */
import { planRollback } from "../../../core/decide/linear/roll-back/plan.ts";
import type { RollbackAction, RollbackInput } from "../../../core/decide/linear/roll-back/world.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { caughtSchema, withFirstFailure } from "../../evaluation/failure.ts";
import { undoOutputSchema, undoUntilDone, type Undo } from "../../evaluation/undo-loop.ts";
import { type LinearSession, withProgress } from "../session.ts";
import { carryOutUndo } from "./actions.ts";
import { readWorld } from "./world.ts";

const phase = "roll-back";

const undo: Undo<LinearSession, RollbackInput, RollbackAction> = {
  phase,
  /** Stop, start and checks of the original take minutes; an hour leaves room for a bad day of EC2. */
  deadlineMinutes: 60,
  read: readWorld,
  plan: (world, refused) => planRollback({ ...world, refused }),
  carryOut: carryOutUndo,
};

export const rollBackStep = defineEvaluationStep({
  name: phase,
  mode: "LINEAR",
  input: evaluationInputSchema.extend({ state: caughtSchema }),
  output: undoOutputSchema,
  needsLease: false,
  run: async (session, { state }) => {
    const { output, change } = await undoUntilDone(session, undo);
    const restored =
      output.kind === "UNDONE"
        ? withProgress({ restoredAt: session.context.now().toISOString() })
        : undefined;
    return {
      output,
      change: (record) => {
        const undone = change?.(record) ?? record;
        return withFirstFailure(state, restored?.(undone) ?? undone);
      },
    };
  },
});

/** Roll back: undoes what the intents say and the world shows. The old node takes pods again first of all; nodes that are done stay done. */
import { lastResolution } from "../../../core/model/resolution.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { caughtSchema, withFirstFailure } from "../../evaluation/failure.ts";
import { leftToOperator, undoOutputSchema } from "../../evaluation/undo-loop.ts";
import { lastRoundSchema } from "../../evaluation/undo-wait.ts";
import { undoKubernetes } from "../undo/undo.ts";
import { undoClients } from "../undo/world.ts";

const phase = "roll-back";

/** The workflow's whole state. */
const stateSchema = caughtSchema.unwrap().extend({ rollback: lastRoundSchema }).optional();

export const rollBackStep = defineEvaluationStep({
  name: phase,
  clients: undoClients,
  mode: "KUBERNETES",
  input: evaluationInputSchema.extend({ state: stateSchema }),
  output: undoOutputSchema,
  keepsReadings: false,
  needsLease: false,
  run: async (session, { state }) => {
    const resolution = lastResolution(session.evaluation);
    // It came here because the adoption could not be begun: what is to be left as it is must not be undone.
    const undone =
      resolution?.kind === "ADOPT"
        ? { ...leftToOperator("The nodes were to be adopted, and nothing was undone."), swaps: [] }
        : await undoKubernetes(session, { phase }, state?.rollback);
    const { output, change, swaps } = undone;
    return {
      output,
      swaps,
      change: (record) => withFirstFailure(state, change?.(record) ?? record),
    };
  },
});

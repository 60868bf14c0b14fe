/** Roll back: undoes what the intents say and the group shows, pair by pair, and puts the group back as it was. Pairs that are done stay done. */
import { lastResolution } from "../../../core/model/resolution.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { caughtSchema, withFirstFailure } from "../../evaluation/failure.ts";
import { leftToOperator, undoOutputSchema } from "../../evaluation/undo-loop.ts";
import { lastRoundSchema } from "../../evaluation/undo-wait.ts";
import { liveClients } from "../session.ts";
import { undoCluster } from "../undo/undo.ts";

const phase = "roll-back";

/** The workflow's whole state. */
const stateSchema = caughtSchema.unwrap().extend({ rollback: lastRoundSchema }).optional();

export const rollBackStep = defineEvaluationStep({
  name: phase,
  clients: liveClients,
  mode: "CLUSTER",
  input: evaluationInputSchema.extend({ state: stateSchema }),
  output: undoOutputSchema,
  keepsReadings: false,
  needsLease: false,
  run: async (session, { state }) => {
    const resolution = lastResolution(session.evaluation);
    // It came here because the adoption could not be begun: what is to be left as it is must not be undone.
    const undone =
      resolution?.kind === "ADOPT"
        ? { ...leftToOperator("The group was to be adopted, and nothing was undone."), swaps: [] }
        : await undoCluster(session, { phase }, state?.rollback);
    const { output, change, swaps } = undone;
    return {
      output,
      swaps,
      change: (record) => withFirstFailure(state, change?.(record) ?? record),
    };
  },
});

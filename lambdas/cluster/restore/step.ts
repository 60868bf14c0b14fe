/**
 * Restore: after each batch the pairs that failed are undone, and the group gets back maximum, protection and AZRebalance as they were; what others
 * have changed meanwhile stays. The next batch begins on a group that nobody can tell from one that was never touched.
 */
import * as z from "zod";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { undoOutputSchema } from "../../evaluation/undo-loop.ts";
import { lastRoundSchema } from "../../evaluation/undo-wait.ts";
import { batchOf, liveClients } from "../session.ts";
import { undoCluster } from "../undo/undo.ts";

const stateSchema = z.object({ restore: lastRoundSchema }).optional();

const name = "restore";

export const restoreStep = defineEvaluationStep({
  name,
  clients: liveClients,
  mode: "CLUSTER",
  input: evaluationInputSchema.extend({ state: stateSchema }),
  output: undoOutputSchema,
  keepsReadings: false,
  run: async (session, { state }) => {
    const round = batchOf(session);
    return { round, ...(await undoCluster(session, { phase: name, round }, state?.restore)) };
  },
});

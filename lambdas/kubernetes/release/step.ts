/**
 * Release: after each node. One that did not succeed is undone, alone; of one that is done our marks on the new node and our claim on the group are taken off. The
 * next begins on a node group that nobody can tell from one that was never touched.
 */
import * as z from "zod";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { undoOutputSchema } from "../../evaluation/undo-loop.ts";
import { lastRoundSchema } from "../../evaluation/undo-wait.ts";
import { roundOf } from "../round.ts";
import { undoKubernetes } from "../undo/undo.ts";
import { undoClients } from "../undo/world.ts";

const stateSchema = z.object({ release: lastRoundSchema }).optional();

const name = "release";

export const releaseStep = defineEvaluationStep({
  name,
  clients: undoClients,
  mode: "KUBERNETES",
  input: evaluationInputSchema.extend({ state: stateSchema }),
  output: undoOutputSchema,
  keepsReadings: false,
  run: async (session, { state }) => {
    const round = roundOf(session);
    return { round, ...(await undoKubernetes(session, { phase: name, round }, state?.release)) };
  },
});

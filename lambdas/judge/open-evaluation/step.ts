/** Open evaluation: the lease is ours, the kill switch is off, and the record says RUNNING. */
import * as z from "zod";
import { nameOf } from "../../../core/model/subject.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { assertNotStopped } from "../../evaluation/perform.ts";

export const openEvaluationStep = defineEvaluationStep({
  name: "open-evaluation",
  input: evaluationInputSchema,
  output: z.object({ kind: z.literal("OPENED"), summary: z.string() }),
  run: async (session) => {
    const { evaluation } = session;
    await assertNotStopped(session);
    const manner = evaluation.isShadowMode ? "in shadow mode" : "for real";
    return {
      output: {
        kind: "OPENED" as const,
        summary: `Evaluating ${nameOf(evaluation.subject)} of account ${evaluation.accountId} ${manner}.`,
      },
      change: (record) => ({ ...record, status: "RUNNING" }),
    };
  },
});

/** Await healthy: the replacement runs and passes system, instance and EBS checks; unknown is not health. */
import * as z from "zod";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { checkReplacement } from "../guards.ts";
import { waitFor } from "../../evaluation/waiting.ts";
import { replacementId } from "../session.ts";

export const awaitHealthyStep = defineEvaluationStep({
  name: "await-healthy",
  mode: "LINEAR",
  input: evaluationInputSchema.extend({ purpose: z.enum(["warm", "final"]) }),
  phase: ({ purpose }) => (purpose === "warm" ? "await-healthy" : "await-relaunched"),
  output: z.object({ kind: z.enum(["HEALTHY", "WAITING"]), summary: z.string() }),
  run: async (session, { purpose }) => {
    const instanceId = replacementId(session);
    const health = await checkReplacement(session);
    if (health.kind === "HEALTHY") {
      return { output: { kind: "HEALTHY", summary: `${instanceId} runs and passes all checks.` } };
    }
    return waitFor(session, {
      phase: `healthy-${purpose}`,
      pollSeconds: purpose === "warm" ? 15 : 10,
      minutes: session.evaluation.policy.healthyDeadlineMinutes,
      sentence: health.sentence,
      resource: instanceId,
    });
  },
});

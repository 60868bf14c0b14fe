/** Await healthy: the replacement runs and passes system, instance and EBS checks; unknown is not health. */
import * as z from "zod";
import { finalChecks, paces } from "../../../core/decide/linear/paces.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { checkReplacement } from "../guards.ts";
import { waitFor } from "../../evaluation/waiting.ts";
import { replacementId } from "../session.ts";

export const awaitHealthyStep = defineEvaluationStep({
  name: "await-healthy",
  clients: ["ec2"],
  mode: "LINEAR",
  input: evaluationInputSchema.extend({ purpose: z.enum(["warm", "final"]) }),
  phase: ({ purpose }) => (purpose === "warm" ? "await-healthy" : "await-relaunched"),
  output: pollingOutput(["HEALTHY", "WAITING"]),
  run: async (session, { purpose }) => {
    const instanceId = replacementId(session);
    const health = await checkReplacement(session);
    if (health.kind === "HEALTHY") {
      return { output: { kind: "HEALTHY", summary: `${instanceId} runs and passes all checks.` } };
    }
    return waitFor(session, {
      phase: `healthy-${purpose}`,
      pace: purpose === "warm" ? paces.warmChecks : finalChecks(session.evaluation),
      minutes: session.evaluation.policy.healthyDeadlineMinutes,
      sentence: health.sentence,
      resource: instanceId,
    });
  },
});

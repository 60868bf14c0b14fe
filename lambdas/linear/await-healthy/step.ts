/**
 * Await healthy: the replacement runs and passes system, instance and EBS checks; unknown is not health. That of a stateless load
 * proves itself now, as far as it can without the identity. One of a stateful load has not its last data yet, and proves itself
 * once it has.
 */
import * as z from "zod";
import { finalChecks, paces } from "../../../core/decide/linear/paces.ts";
import { unprovedIn } from "../../../core/decide/switch/proof.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { readMachineProofs, withProofs } from "../../evaluation/prove.ts";
import { waitFor } from "../../evaluation/waiting.ts";
import { checkReplacement } from "../guards.ts";
import { unprovedNextStep } from "../proof-next-step.ts";
import { replacementId, type LinearResult, type LinearSession } from "../session.ts";

const outputSchema = pollingOutput(["HEALTHY", "WAITING"]);
type Result = LinearResult<z.infer<typeof outputSchema>>;

const healthy = async (session: LinearSession<"ec2" | "ssm">): Promise<Result> => {
  const instanceId = replacementId(session);
  const { consistency, proofDeadlineMinutes: minutes } = session.evaluation.policy;
  const proofs =
    consistency === "stateless"
      ? await readMachineProofs(session, { stage: "healthy", instanceId })
      : [];
  const sentence = unprovedIn(proofs);
  if (sentence === undefined) {
    return {
      output: { kind: "HEALTHY", summary: `${instanceId} runs and passes all checks.` },
      change: (record) => withProofs(proofs)(record),
    };
  }
  const waiting = waitFor(session, {
    phase: "proof-healthy",
    pace: paces.proof,
    minutes,
    sentence,
    resource: instanceId,
    nextStep: unprovedNextStep,
  });
  return { ...waiting, change: (record) => withProofs(proofs)(waiting.change(record)) };
};

export const awaitHealthyStep = defineEvaluationStep({
  name: "await-healthy",
  clients: ["ec2", "ssm"],
  mode: "LINEAR",
  input: evaluationInputSchema.extend({ purpose: z.enum(["warm", "final"]) }),
  phase: ({ purpose }) => (purpose === "warm" ? "await-healthy" : "await-relaunched"),
  output: outputSchema,
  run: async (session, { purpose }) => {
    const instanceId = replacementId(session);
    const health = await checkReplacement(session);
    if (health.kind === "HEALTHY") return healthy(session);
    return waitFor(session, {
      phase: `healthy-${purpose}`,
      pace: purpose === "warm" ? paces.warmChecks : finalChecks(session.evaluation),
      minutes: session.evaluation.policy.healthyDeadlineMinutes,
      sentence: health.sentence,
      resource: instanceId,
    });
  },
});

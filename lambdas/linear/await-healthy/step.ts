/**
 * Await healthy: the replacement runs and passes system, instance and EBS checks; unknown is not health. That of a stateless load
 * proves itself now, as far as it can without the identity. One of a stateful load has not its last data yet, and proves itself
 * once it has.
 */
import * as z from "zod";
import { takesDataBack } from "../../../core/decide/linear/data-way-back.ts";
import { finalChecks, paces } from "../../../core/decide/linear/paces.ts";
import { isJustLaunched } from "../../../core/decide/switch/health.ts";
import { unprovedIn } from "../../../core/decide/switch/proof.ts";
import { isRecovery } from "../../../core/model/evaluation-kind.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { readMachineProofs, withProofs } from "../../evaluation/prove.ts";
import { waitFor } from "../../evaluation/waiting.ts";
import { isOriginalEnded } from "../end-original.ts";
import { checkAwaitedReplacement, isLostReplacement, type ReplacementHealth } from "../guards.ts";
import { unprovedNextStep } from "../proof-next-step.ts";
import { replacementId, replacementOf, type LinearResult, type LinearSession } from "../session.ts";

const outputSchema = pollingOutput(["HEALTHY", "WAITING", "LOST"]);
const purposeSchema = z.enum(["warm", "final"]);
type Purpose = z.infer<typeof purposeSchema>;
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

/**
 * What was to take the place of a Spot Instance with data is gone, and nothing can be given back to that: an image of its root carries it.
 * Undefined: it is not lost, or there is something to go back to.
 */
const lostForGood = async (
  session: LinearSession<"ec2" | "ssm">,
  purpose: Purpose,
  error: unknown,
): Promise<Result | undefined> => {
  if (!isLostReplacement(error)) return undefined;
  // What was launched from the image itself and runs is not launched again: the image may be at fault.
  if (purpose === "final" && error.name !== "StaleReplacement") return undefined;
  const { evaluation } = session;
  if (!takesDataBack(evaluation)) return undefined;
  // What a recovery waits for ends by itself.
  if (!isRecovery(evaluation) && !(await isOriginalEnded(session))) return undefined;
  return {
    output: { kind: "LOST", summary: `${error.message} Another one takes over.` },
  };
};

const lookAtHealth = (
  session: LinearSession<"ec2" | "ssm">,
  phase: string,
): Promise<ReplacementHealth> => {
  const { instanceId, launchedAt } = replacementOf(session);
  return isJustLaunched(launchedAt, session.now)
    ? Promise.resolve({ kind: "WAITING", sentence: `${instanceId} was launched a moment ago.` })
    : checkAwaitedReplacement(session, phase);
};

const awaitHealthy = async (
  session: LinearSession<"ec2" | "ssm">,
  purpose: Purpose,
): Promise<Result> => {
  const phase = `healthy-${purpose}`;
  const health = await lookAtHealth(session, phase);
  if (health.kind === "HEALTHY") return healthy(session);
  return waitFor(session, {
    phase,
    pace: purpose === "warm" ? paces.warmChecks : finalChecks(session.evaluation),
    minutes: session.evaluation.policy.healthyDeadlineMinutes,
    sentence: health.sentence,
    resource: replacementId(session),
  });
};

export const awaitHealthyStep = defineEvaluationStep({
  name: "await-healthy",
  clients: ["ec2", "ssm"],
  mode: "LINEAR",
  input: evaluationInputSchema.extend({ purpose: purposeSchema }),
  phase: ({ purpose }) => (purpose === "warm" ? "await-healthy" : "await-relaunched"),
  output: outputSchema,
  run: async (session, { purpose }) => {
    try {
      return await awaitHealthy(session, purpose);
    } catch (error) {
      const lost = await lostForGood(session, purpose, error);
      if (lost === undefined) throw error;
      return lost;
    }
  },
});

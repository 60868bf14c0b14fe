/**
 * Await healthy: the replacement runs and passes system, instance and EBS checks; unknown is not health. That of a stateless load
 * proves itself now, as far as it can without the identity. One of a stateful load has not its last data yet, and proves itself
 * once it has. For a stateless load that EC2 takes back EC2's checks are not waited for where something else proves it, or nobody
 * else serves.
 */
import * as z from "zod";
import { takesDataBack } from "../../../core/decide/linear/data-way-back.ts";
import { finalChecks, paces } from "../../../core/decide/linear/paces.ts";
import { isHastened, whyNotYet } from "../../../core/decide/linear/taking-over.ts";
import { targetGroupsOf } from "../../../core/decide/linear/travelling-parts.ts";
import { isJustLaunched } from "../../../core/decide/switch/health.ts";
import { unprovedIn } from "../../../core/decide/switch/proof.ts";
import type { Pace } from "../../../core/model/evaluation.ts";
import { isRecovery } from "../../../core/model/evaluation-kind.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { readMachineProofs, withProofs } from "../../evaluation/prove.ts";
import { waitFor, type Awaited } from "../../evaluation/waiting.ts";
import { isOriginalEnded } from "../end-original.ts";
import { readOriginal } from "../facts.ts";
import { minutesForKept, orGiveUpKept } from "../give-up-kept.ts";
import { checkAwaitedReplacement, isLostReplacement } from "../guards.ts";
import { quiesceAtLast } from "../last-words.ts";
import { unprovedNextStep } from "../proof-next-step.ts";
import { replacementId, replacementOf, type LinearResult, type LinearSession } from "../session.ts";
import { isSoonLastMoment, lookAtTakingOver, type TakingOverHealth } from "../taking-over.ts";

const outputSchema = pollingOutput(["HEALTHY", "WAITING", "LOST", "GIVEN_UP"]);
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
    minutes: minutesForKept(session, minutes),
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
): Promise<TakingOverHealth> => {
  const { instanceId, launchedAt } = replacementOf(session);
  const { evaluation, now } = session;
  const isNew = isRecovery(evaluation)
    ? evaluation.waits[phase] === undefined
    : isJustLaunched(launchedAt, now);
  if (isNew) {
    return Promise.resolve({
      kind: "WAITING",
      sentence: `${instanceId} was launched a moment ago.`,
    });
  }
  return isHastened(evaluation)
    ? lookAtTakingOver(session)
    : checkAwaitedReplacement(session, phase);
};

const paceOf = ({ evaluation }: LinearSession<never>, purpose: Purpose): Pace => {
  if (purpose === "final") return finalChecks(evaluation);
  return isRecovery(evaluation) ? paces.recovery : paces.warmChecks;
};

/** It runs. What proves it sooner than EC2's checks is asked; its load balancers are once it is registered with them, before anything else moves. */
const takeOver = async (
  session: LinearSession<"ec2" | "ssm">,
  awaited: Omit<Awaited, "sentence">,
): Promise<Result> => {
  const instanceId = replacementId(session);
  const proofs = await readMachineProofs(session, { stage: "healthy", instanceId });
  const groups = targetGroupsOf(await readOriginal(session)).length > 0 ? "ASKED" : "NONE";
  const sentence = whyNotYet({ proofs, groups, isLast: await isSoonLastMoment(session) });
  const note = withProofs(proofs);
  if (sentence === undefined) {
    const summary = `${instanceId} runs; EC2's checks are not waited for.`;
    return { output: { kind: "HEALTHY", summary }, change: (record) => note(record) };
  }
  const waiting = waitFor(session, { ...awaited, sentence });
  return { ...waiting, change: (record) => note(waiting.change(record)) };
};

const awaitHealthy = async (
  session: LinearSession<"ec2" | "ssm">,
  purpose: Purpose,
): Promise<Result> => {
  const { evaluation } = session;
  if (isRecovery(evaluation) && takesDataBack(evaluation)) await quiesceAtLast(session);
  const phase = `healthy-${purpose}`;
  const health = await lookAtHealth(session, phase);
  if (health.kind === "HEALTHY") return healthy(session);
  const awaited = {
    phase,
    pace: paceOf(session, purpose),
    minutes: minutesForKept(session, evaluation.policy.healthyDeadlineMinutes),
    resource: replacementId(session),
  };
  return health.kind === "UP"
    ? takeOver(session, awaited)
    : waitFor(session, { ...awaited, sentence: health.sentence });
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
      return await orGiveUpKept(session, () => awaitHealthy(session, purpose));
    } catch (error) {
      const lost = await lostForGood(session, purpose, error);
      if (lost === undefined) throw error;
      return lost;
    }
  },
});

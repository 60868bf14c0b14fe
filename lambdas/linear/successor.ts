/** Says whether somebody serves in the place of a retired original: else the original is the last healthy copy. */
import { readHealth, readSpotHealth } from "../../adapters/aws/ec2/health.ts";
import { readTargetGroupsOf } from "../../adapters/aws/elb.ts";
import { updateEvaluation } from "../../adapters/store/evaluations.ts";
import { getTarget } from "../../adapters/store/targets.ts";
import { judgeHealth } from "../../core/decide/switch/health.ts";
import { unprovedIn } from "../../core/decide/switch/proof.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import { effectivePolicy } from "../../core/policy/policy.ts";
import { readProofsLater, withProofs, type ProofClients } from "../evaluation/prove.ts";
import type { Doubt } from "../evaluation/retirement-duty.ts";
import type { DueSession } from "../evaluation/session.ts";
import { swapOf } from "./session.ts";

/**
 * Who serves instead: the target's instance now. If the target was deleted since, or could not follow the switch, the one that
 * took over then.
 */
export const successorOf = async ({
  context,
  evaluation,
  swaps,
}: DueSession<PipelineMode, "ec2">): Promise<string | undefined> => {
  const target = await getTarget(context.table, evaluation.targetId);
  const swap = swapOf({ swaps });
  const followed = target?.instanceId === swap?.originalId ? undefined : target?.instanceId;
  return followed ?? swap?.replacement?.instanceId;
};

type Session = DueSession<PipelineMode, "ec2" | ProofClients>;

/** By what the target's policy asks for now; of one that was deleted, by what the switch was made with. */
const whatIsUnproved = async (session: Session, instanceId: string): Promise<Doubt | undefined> => {
  const { context, evaluation } = session;
  const target = await getTarget(context.table, evaluation.targetId);
  const { proof } =
    target === undefined
      ? evaluation.policy
      : effectivePolicy(target.pipelineMode, target.policyOverrides);
  if (proof.length === 0) return undefined;
  const { elb } = await session.customer();
  const isInGroups = proof.some(({ kind }) => kind === "target-groups");
  const targetGroups = isInGroups ? await readTargetGroupsOf(elb, instanceId) : [];
  const proved = { stage: "retirement", instanceId, targetGroups } as const;
  const servesSince = target?.lastSwitchAt;
  const readings = await readProofsLater(session, proof, {
    ...proved,
    ...(servesSince === undefined ? {} : { servesSince }),
  });
  await updateEvaluation(context.table, evaluation.evaluationId, withProofs(readings));
  const sentence = unprovedIn(readings);
  if (sentence === undefined) return undefined;
  return { sentence, ...(readings.some(({ isOpen }) => isOpen) ? { isAsked: true } : {}) };
};

/** Why the successor can't be relied on; undefined: it serves, by its health and by the proofs that the target's policy names. */
export const doubtAbout = async (
  session: Session,
  successorId: string | undefined,
): Promise<Doubt | undefined> => {
  if (successorId === undefined) return { sentence: "Nobody is known to serve instead." };
  const { ec2 } = await session.customer();
  // By now it may be On-Demand again: the switch's own replacement alone is known to be on Spot.
  const isOnSpot = swapOf(session)?.replacement?.instanceId === successorId;
  const read = isOnSpot ? readSpotHealth : readHealth;
  const health = judgeHealth(await read(ec2, successorId));
  if (health.kind !== "HEALTHY") {
    return { sentence: `The successor does not serve: ${health.sentence}` };
  }
  const unproved = await whatIsUnproved(session, successorId);
  return unproved === undefined
    ? undefined
    : { ...unproved, sentence: `The successor ${successorId} runs. ${unproved.sentence}` };
};

/**
 * What becomes of the original that a recovery has started, once its record is to be closed: what serves keeps no mark of its retirement, and what was
 * passed over leaves its load balancers, is stopped when it has drained, and goes on with its cool-off.
 */
import { deregisterTarget, standingIn } from "../../adapters/aws/elb.ts";
import { getEvaluation } from "../../adapters/store/evaluations.ts";
import { getIntent } from "../../adapters/store/intents.ts";
import { standsKept } from "../../core/decide/linear/kept-original.ts";
import { judgeDrain } from "../../core/decide/switch/drain.ts";
import { isMember } from "../../core/model/target-group.ts";
import { cancelRetirement } from "../evaluation/cancel-retirement.ts";
import { assertNotStopped, recordEffect } from "../evaluation/perform.ts";
import { tellSettlement } from "../evaluation/tell-settlement.ts";
import { readOriginal } from "./facts.ts";
import {
  closeTaking,
  giveBackKept,
  isRetirementOf,
  takingIn,
  type Taking,
} from "./kept-original.ts";
import type { LinearSession } from "./session.ts";

/** It serves, with the whole identity: the marks of its retirement go, and whoever looks at the earlier evaluation is told. */
const keepForGood = async (session: LinearSession, taking: Taking): Promise<void> => {
  const { context, evaluation } = session;
  const { instanceId, keptBy, retirementId } = taking;
  const keeper = await getEvaluation(context.table, keptBy);
  const retirement = await getIntent(context.table, keptBy, retirementId);
  if (keeper === undefined || retirement === undefined || !isRetirementOf(instanceId)(retirement)) {
    return;
  }
  await assertNotStopped(session);
  await cancelRetirement(session, keeper, retirementId);
  await tellSettlement(context, keptBy, {
    change: retirement.change,
    settled: {
      kind: "KEPT",
      reason: "SERVES",
      sentence: `Evaluation ${evaluation.evaluationId} has started ${instanceId} again when EC2 took its successor: it serves, On-Demand.`,
    },
  });
};

/** Undefined once no load balancer has it any longer; else what is waited for. */
const leaveGroups = async (
  session: LinearSession<"ec2" | "elb">,
  { instanceId }: Taking,
): Promise<string | undefined> => {
  const { elb } = await session.customer();
  const { targetGroups } = await readOriginal(session);
  const standings = [];
  for (const { arn, port } of targetGroups) {
    const wanted = { arn, port, instanceId };
    if (isMember(await standingIn(elb, wanted))) {
      await recordEffect(session, {
        action: "DeregisterTargets",
        resource: arn,
        call: () => deregisterTarget(elb, wanted),
      });
    }
    standings.push({ arn, standing: await standingIn(elb, wanted) });
  }
  const judged = judgeDrain(instanceId, standings);
  return judged.kind === "GONE" ? undefined : judged.sentence;
};

/** Undefined once there is nothing left to do for it; else what is waited for. */
export const settleKept = async (
  session: LinearSession<"ec2" | "elb">,
): Promise<string | undefined> => {
  const taking = await takingIn(session);
  if (taking === undefined) return undefined;
  if (standsKept(session.evaluation.progress.keptOriginal)) {
    await keepForGood(session, taking);
    return undefined;
  }
  const draining = await leaveGroups(session, taking);
  if (draining !== undefined) return draining;
  await giveBackKept(session, taking);
  await closeTaking(session);
  return undefined;
};

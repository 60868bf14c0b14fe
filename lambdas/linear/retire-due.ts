/** What the janitor does with an original whose cool-off lasts, or is over. */
import { readInstanceBriefly, terminateInstance } from "../../adapters/aws/ec2/instances.ts";
import { readClassicLoadBalancersOf } from "../../adapters/aws/classic-elb.ts";
import { readTargetGroupsOf } from "../../adapters/aws/elb.ts";
import { loadSubjectFacts } from "../../adapters/store/evaluations.ts";
import { getTarget } from "../../adapters/store/targets.ts";
import {
  judgeRest,
  judgeUse,
  type Keeping,
  type Rest,
} from "../../core/decide/linear/retirement.ts";
import { nextWatch } from "../../core/decide/linear/watch.ts";
import type { StoredFacts } from "../../core/model/evaluation.ts";
import type { InstanceFacts } from "../../core/model/instance.ts";
import type { ChangeOf } from "../../core/model/intent.ts";
import { effectivePolicy } from "../../core/policy/policy.ts";
import { janitorFor } from "../../core/model/lease-holder.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { Duty, Settled } from "../evaluation/duty.ts";
import { exclusively } from "../evaluation/exclusively.ts";
import { readLiveInstance } from "../evaluation/live-instance.ts";
import type { ProofClients } from "../evaluation/prove.ts";
import { assertNotStopped, recordEffect } from "../evaluation/perform.ts";
import type { DueSession } from "../evaluation/session.ts";
import { doubtAbout, successorOf } from "./successor.ts";

type Session = DueSession<PipelineMode, "classicElb" | "ec2" | ProofClients>;

const judgeUseOf = async (
  session: Session,
  original: InstanceFacts,
): Promise<Keeping | undefined> => {
  const { context, evaluation } = session;
  const { classicElb, elb } = await session.customer();
  // What is stored of a retired original is of LINEAR.
  const facts = (await loadSubjectFacts(context.table, evaluation.evaluationId)) as
    StoredFacts<"LINEAR"> | undefined;
  const groups = await readTargetGroupsOf(elb, original.instanceId);
  const target = await getTarget(context.table, evaluation.targetId);
  const consents = [
    evaluation.policy,
    ...(target === undefined ? [] : [effectivePolicy(target.pipelineMode, target.policyOverrides)]),
  ];
  return judgeUse({
    original,
    before: facts?.instance,
    groups: [
      ...groups.map(({ arn }) => arn),
      ...(await readClassicLoadBalancersOf(classicElb, original.instanceId)),
    ],
    consents,
  });
};

const retiredBy = (
  { evaluation: { evaluationId, deploymentId } }: Session,
  { instanceId, dueAt, launchedAt }: ChangeOf<"RETIRE_ORIGINAL">,
) => ({ instanceId, dueAt, launchedAt, evaluationId, deploymentId });

/** By what can be told from one call: enough while it rests. */
const judgeBriefly = async (
  session: Session,
  change: ChangeOf<"RETIRE_ORIGINAL">,
  successorId: string | undefined,
): Promise<Rest> => {
  const { ec2 } = await session.customer();
  const original = await readInstanceBriefly(ec2, change.instanceId);
  return judgeRest({
    original,
    retired: retiredBy(session, change),
    successorId,
    now: session.now,
  });
};

/** All that could speak against it is read right before. */
const terminateUnlessUsed = async (
  session: Session,
  change: ChangeOf<"RETIRE_ORIGINAL">,
  successorId: string | undefined,
): Promise<Settled> => {
  const { instanceId } = change;
  const original = await readLiveInstance(session, instanceId);
  const retired = retiredBy(session, change);
  const rest = judgeRest({ original, retired, successorId, now: session.now });
  if (rest.kind !== "DUE" || original === undefined) return settledBy(session, change, rest);
  const keeping = await judgeUseOf(session, original);
  if (keeping !== undefined) return keeping;
  const doubt = await doubtAbout(session, successorId);
  if (doubt !== undefined) {
    return { kind: "WAITING", sentence: `${instanceId} is kept as the last copy. ${doubt}` };
  }
  const { ec2 } = await session.customer();
  await assertNotStopped(session);
  await recordEffect(session, {
    action: "TerminateInstances",
    resource: instanceId,
    call: () => terminateInstance(ec2, instanceId),
  });
  return { kind: "REMOVED", sentence: `${instanceId} has had its cool-off, and was terminated.` };
};

const settledBy = (
  { now }: Session,
  { instanceId, dueAt }: ChangeOf<"RETIRE_ORIGINAL">,
  rest: Rest,
): Settled => {
  if (rest.kind === "RESTS") return { kind: "RESTS", until: nextWatch(now, dueAt) };
  return rest.kind === "DUE" ? { kind: "WAITING", sentence: `${instanceId} is due.` } : rest;
};

export const retireOriginal: Duty<"RETIRE_ORIGINAL"> = async (session, change) => {
  const successorId = await successorOf(session);
  const rest = await judgeBriefly(session, change, successorId);
  if (rest.kind !== "DUE") return settledBy(session, change, rest);
  const ended = await exclusively(session, janitorFor(session.evaluation.evaluationId), () =>
    terminateUnlessUsed(session, change, successorId),
  );
  return ended.kind === "DONE"
    ? ended.result
    : { kind: "WAITING", sentence: `${change.instanceId} is kept for now. ${ended.sentence}` };
};

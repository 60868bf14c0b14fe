/**
 * What the janitor does with an original that is kept stopped, while its cool-off lasts and when it is over. Who has taken over, what else the
 * original may be used for, and what makes it the last copy, each mode knows by itself.
 */
import { readClassicLoadBalancersOf } from "../../adapters/aws/classic-elb.ts";
import { readInstanceBriefly, terminateInstance } from "../../adapters/aws/ec2/instances.ts";
import { readTargetGroupsOf } from "../../adapters/aws/elb.ts";
import { getTarget } from "../../adapters/store/targets.ts";
import { judgeRest, type Keeping, type Rest } from "../../core/decide/switch/retirement.ts";
import { nextWatch } from "../../core/decide/switch/watch.ts";
import type { InstanceFacts } from "../../core/model/instance.ts";
import type { ChangeOf } from "../../core/model/intent.ts";
import { janitorFor } from "../../core/model/lease-holder.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import { effectivePolicy, type Policy } from "../../core/policy/policy.ts";
import type { Duty, DutyClients, Settled } from "./duty.ts";
import { exclusively } from "./exclusively.ts";
import { readLiveInstance } from "./live-instance.ts";
import { assertNotStopped, recordEffect } from "./perform.ts";
import type { DueSession } from "./session.ts";

type DutySession = DueSession<PipelineMode, DutyClients>;
type Retirement = ChangeOf<"RETIRE_ORIGINAL">;

/** Of one whose time has come. */
interface Use {
  readonly change: Retirement;
  readonly original: InstanceFacts;
  /** Target groups, by ARN, and classic load balancers, by name, that have it. */
  readonly groups: readonly string[];
  /** Under which it was replaced, and the one of its target now, where there still is one. */
  readonly consents: readonly Policy[];
}

/** `isAsked`: a proof was asked for, and its answer is under way. */
export interface Doubt {
  readonly sentence: string;
  readonly isAsked?: true;
}

export interface RetirementOf {
  /** Who serves instead; undefined: nobody is known to. */
  readonly successorOf: (session: DutySession, change: Retirement) => Promise<string | undefined>;
  /** Why it stays with its owner, by all that could speak for that, read right before. */
  readonly whyKept: (session: DutySession, use: Use) => Promise<Keeping | undefined>;
  /** Why it may be the last copy; undefined: its successor serves. */
  readonly doubtAbout: (
    session: DutySession,
    successorId: string | undefined,
  ) => Promise<Doubt | undefined>;
}

const retiredBy = (
  { evaluation: { evaluationId, deploymentId } }: DutySession,
  { instanceId, dueAt, launchedAt }: Retirement,
) => ({ instanceId, dueAt, launchedAt, evaluationId, deploymentId });

const settledBy = (
  { now }: DutySession,
  { instanceId, dueAt }: Retirement,
  rest: Rest,
): Settled => {
  if (rest.kind === "RESTS") return { kind: "RESTS", until: nextWatch(now, dueAt) };
  return rest.kind === "DUE" ? { kind: "WAITING", sentence: `${instanceId} is due.` } : rest;
};

/** By what can be told from one call: enough while it rests. */
const judgeBriefly = async (
  session: DutySession,
  change: Retirement,
  successorId: string | undefined,
): Promise<Rest> => {
  const { ec2 } = await session.customer();
  const original = await readInstanceBriefly(ec2, change.instanceId);
  const retired = retiredBy(session, change);
  return judgeRest({ original, retired, successorId, now: session.now });
};

const readUse = async (
  session: DutySession,
  change: Retirement,
  original: InstanceFacts,
): Promise<Use> => {
  const { context, evaluation } = session;
  const { classicElb, elb } = await session.customer();
  const { instanceId } = original;
  const groups = await readTargetGroupsOf(elb, instanceId);
  const target = await getTarget(context.table, evaluation.targetId);
  return {
    change,
    original,
    groups: [
      ...groups.map(({ arn }) => arn),
      ...(await readClassicLoadBalancersOf(classicElb, instanceId)),
    ],
    consents: [
      evaluation.policy,
      ...(target === undefined
        ? []
        : [effectivePolicy(target.pipelineMode, target.policyOverrides)]),
    ],
  };
};

/** All that could speak against it is read right before. */
const terminateUnlessUsed = async (
  { whyKept, doubtAbout }: RetirementOf,
  session: DutySession,
  {
    change,
    successorId,
  }: { readonly change: Retirement; readonly successorId: string | undefined },
): Promise<Settled> => {
  const { instanceId } = change;
  const original = await readLiveInstance(session, instanceId);
  const retired = retiredBy(session, change);
  const rest = judgeRest({ original, retired, successorId, now: session.now });
  if (rest.kind !== "DUE" || original === undefined) return settledBy(session, change, rest);
  const keeping = await whyKept(session, await readUse(session, change, original));
  if (keeping !== undefined) return keeping;
  const doubt = await doubtAbout(session, successorId);
  if (doubt !== undefined) {
    const sentence = `${instanceId} is kept as the last copy. ${doubt.sentence}`;
    return { ...doubt, kind: "WAITING", sentence };
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

export const retirementDuty =
  (mode: RetirementOf): Duty<"RETIRE_ORIGINAL"> =>
  async (session, change) => {
    const successorId = await mode.successorOf(session, change);
    const rest = await judgeBriefly(session, change, successorId);
    if (rest.kind !== "DUE") return settledBy(session, change, rest);
    const ended = await exclusively(session, janitorFor(session.evaluation.evaluationId), () =>
      terminateUnlessUsed(mode, session, { change, successorId }),
    );
    return ended.kind === "DONE"
      ? ended.result
      : { kind: "WAITING", sentence: `${change.instanceId} is kept for now. ${ended.sentence}` };
  };

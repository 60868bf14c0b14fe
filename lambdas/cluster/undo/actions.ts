/** The calls of an undo of a group, each recorded as an effect. The kill switch does not stop these. */
import { detachInstance, terminateInGroup } from "../../../adapters/aws/autoscaling/membership.ts";
import {
  resumeAzRebalance,
  setMaxSize,
  setProtection,
  untagGroup,
} from "../../../adapters/aws/autoscaling/settings.ts";
import { stopInstance, terminateInstance } from "../../../adapters/aws/ec2/instances.ts";
import { deregisterTarget, registerTarget } from "../../../adapters/aws/elb.ts";
import { listIntents, updateIntent } from "../../../adapters/store/intents.ts";
import { azRebalance } from "../../../core/decide/switch/az-rebalance.ts";
import { committed } from "../../../core/decide/cluster/kept-original.ts";
import type { ClusterUndoAction } from "../../../core/decide/cluster/undo/world.ts";
import { isSettingChange } from "../../../core/model/intent.ts";
import { claimTag } from "../../../core/model/tags.ts";
import { cancelRetirement } from "../../evaluation/cancel-retirement.ts";
import { leaveToJanitor } from "../../evaluation/leave-to-janitor.ts";
import { recordEffect, type Acted } from "../../evaluation/perform.ts";
import { requireDone } from "../../evaluation/require-done.ts";
import { tellSettlement } from "../../evaluation/tell-settlement.ts";
import type { DueLiveSession, LiveClients } from "../session.ts";

interface UndoCall {
  readonly action: string;
  readonly resource: string;
  readonly call: () => Promise<Acted>;
}

type OneCall = Exclude<
  ClusterUndoAction,
  { readonly kind: "CANCEL_RETIREMENT" | "KEEP_PAIR" | "LEAVE_TO_JANITOR" | "NOTE_RESTORED" }
>;
type Of<Kind extends OneCall["kind"]> = Extract<OneCall, { kind: Kind }>;

type Calls = {
  readonly [Kind in OneCall["kind"]]: (clients: LiveClients, action: Of<Kind>) => UndoCall;
};

const calls: Calls = {
  UNPROTECT: ({ autoScaling }, { asgName, instanceIds }) => ({
    action: "SetInstanceProtection",
    resource: `${instanceIds.join(" ")} in ${asgName}`,
    call: () =>
      requireDone(setProtection(autoScaling, { asgName, instanceIds, isProtected: false })),
  }),
  DETACH: ({ autoScaling }, { asgName, instanceId }) => ({
    action: "DetachInstances",
    resource: `${instanceId} from ${asgName}`,
    call: () => requireDone(detachInstance(autoScaling, { asgName, instanceId })),
  }),
  TERMINATE_SURPLUS: ({ autoScaling }, { asgName, instanceId }) => ({
    action: "TerminateInstanceInAutoScalingGroup",
    resource: `${instanceId} in ${asgName}`,
    call: () => requireDone(terminateInGroup(autoScaling, { asgName, instanceId })),
  }),
  LEAVE_TARGET_GROUP: ({ elb }, { arn, port, instanceId }) => ({
    action: "DeregisterTargets",
    resource: `${instanceId} in ${arn}`,
    call: () => deregisterTarget(elb, { arn, port, instanceId }),
  }),
  REGISTER_AGAIN: ({ elb }, { arn, port, instanceId }) => ({
    action: "RegisterTargets",
    resource: `${instanceId} in ${arn}`,
    call: () => registerTarget(elb, { arn, port, instanceId }),
  }),
  TERMINATE_REPLACEMENT: ({ ec2 }, { instanceId }) => ({
    action: "TerminateInstances",
    resource: instanceId,
    call: () => terminateInstance(ec2, instanceId),
  }),
  STOP_ORIGINAL: ({ ec2 }, { instanceId }) => ({
    action: "StopInstances",
    resource: instanceId,
    call: () => stopInstance(ec2, instanceId),
  }),
  RESUME_AZ_REBALANCE: ({ autoScaling }, { asgName }) => ({
    action: "ResumeProcesses",
    resource: `${azRebalance} of ${asgName}`,
    call: () => resumeAzRebalance(autoScaling, asgName),
  }),
  RESTORE_MAX: ({ autoScaling }, { asgName, maxSize }) => ({
    action: "UpdateAutoScalingGroup",
    resource: `MaxSize of ${asgName}`,
    call: () => setMaxSize(autoScaling, { asgName, maxSize }),
  }),
  RELEASE_CLAIM: ({ autoScaling }, { asgName, claim }) => ({
    action: "DeleteTags",
    resource: asgName,
    call: () => untagGroup(autoScaling, { asgName, key: claimTag, value: claim }),
  }),
};

/** What was made for the pair is the group's from now on. */
const keepPair = async ({ context, evaluation }: DueLiveSession, swapId: string): Promise<void> => {
  const { evaluationId } = evaluation;
  for (const intent of await listIntents(context.table, evaluationId)) {
    const isOpen = intent.status === "PLANNED" || intent.status === "ACTED";
    if (intent.swapId !== swapId || !isOpen) continue;
    await updateIntent(context.table, evaluationId, intent.id, (stored) =>
      committed(stored, context.now()),
    );
  }
};

/** Of a setting: the record says that it stays as somebody has set it since. */
const tellTheirs = async (
  { context, evaluation: { evaluationId } }: DueLiveSession,
  { undoes, sentence }: Extract<ClusterUndoAction, { readonly kind: "NOTE_RESTORED" }>,
): Promise<void> => {
  const intents = await listIntents(context.table, evaluationId);
  const change = intents.find(({ id }) => id === undoes)?.change;
  if (change === undefined || !isSettingChange(change)) return;
  const settled = { kind: "KEPT", reason: "CHANGED_SINCE", sentence } as const;
  await tellSettlement(context, evaluationId, { change, settled });
};

/**
 * Both calls lower the desired capacity. Where the answer is lost, and that one has ended before the next look, the group's activities tell by whose call it has left: what was
 * lowered is not taken for its owner's wish.
 */
const noteLeaving = async (
  { context, evaluation }: DueLiveSession,
  { undoes, instanceId }: Of<"DETACH" | "TERMINATE_SURPLUS">,
): Promise<void> => {
  await updateIntent(context.table, evaluation.evaluationId, undoes, (stored) =>
    stored.change.kind === "ATTACH_MEMBERS"
      ? { ...stored, change: { ...stored.change, leavingId: instanceId } }
      : stored,
  );
};

export const carryOutClusterUndo = async (
  session: DueLiveSession,
  action: ClusterUndoAction,
): Promise<void> => {
  if (action.kind === "NOTE_RESTORED") {
    if (action.isTheirs === true) await tellTheirs(session, action);
    return;
  }
  if (action.kind === "KEEP_PAIR") {
    await keepPair(session, action.swapId);
    return;
  }
  if (action.kind === "CANCEL_RETIREMENT") {
    await cancelRetirement(session, session.evaluation, action.undoes);
    return;
  }
  if (action.kind === "LEAVE_TO_JANITOR") {
    await leaveToJanitor(session, action.intentIds);
    return;
  }
  if (action.kind === "DETACH" || action.kind === "TERMINATE_SURPLUS") {
    await noteLeaving(session, action);
  }
  // The table has a row for each kind, with the action of that kind.
  const make = calls[action.kind] as (clients: LiveClients, one: ClusterUndoAction) => UndoCall;
  await recordEffect(session, make(await session.customer(), action));
};

/** The calls of an undo of a group, each recorded as an effect. The kill switch does not stop these. */
import {
  detachInstance,
  terminateInGroup,
  type MembershipDone,
} from "../../../adapters/aws/autoscaling/membership.ts";
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
import { isSettingChange, type ChangeOf } from "../../../core/model/intent.ts";
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
  readonly call: () => Promise<Acted & Pick<MembershipDone, "desiredBefore">>;
}

type NoteKind = "NOTE_REMOVED" | "NOTE_RESTORED";
type Note = Extract<ClusterUndoAction, { readonly kind: NoteKind }>;
type OneCall = Exclude<
  ClusterUndoAction,
  { readonly kind: "CANCEL_RETIREMENT" | "KEEP_PAIR" | "LEAVE_TO_JANITOR" | NoteKind }
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

/** What becomes known of the member that leaves with what an attach has added. */
const noteAtAttach = async (
  { context, evaluation }: DueLiveSession,
  attachId: string,
  note: (change: ChangeOf<"ATTACH_MEMBERS">) => Partial<ChangeOf<"ATTACH_MEMBERS">>,
): Promise<void> => {
  await updateIntent(context.table, evaluation.evaluationId, attachId, (stored) =>
    stored.change.kind === "ATTACH_MEMBERS"
      ? { ...stored, change: { ...stored.change, ...note(stored.change) } }
      : stored,
  );
};

/** Somebody may have set another desired capacity between our look and the call: what the call has met is what he asks for. */
const noteMet = async (
  session: DueLiveSession,
  attachId: string,
  desiredMet: number | undefined,
): Promise<void> => {
  if (desiredMet === undefined) return;
  await noteAtAttach(session, attachId, ({ leave }) =>
    leave === undefined || leave.desiredSeen === desiredMet
      ? {}
      : { leave: { ...leave, desiredMet } },
  );
};

/**
 * Both calls lower the desired capacity. Where the answer is lost, and that one has ended before the next look, the group's activities tell by whose call it has left: what was
 * lowered is not taken for its owner's wish.
 */
const leaveWithPlace = async (
  session: DueLiveSession,
  action: Of<"DETACH" | "TERMINATE_SURPLUS">,
  call: UndoCall,
): Promise<void> => {
  const { undoes, instanceId: leavingId, desiredSeen } = action;
  const at = session.context.now().toISOString();
  await noteAtAttach(session, undoes, () => ({ leavingId, leave: { at, desiredSeen } }));
  const { desiredBefore } = await recordEffect(session, call);
  if (desiredBefore !== desiredSeen) await noteMet(session, undoes, desiredBefore);
};

const carryOutNote = async (session: DueLiveSession, note: Note): Promise<void> => {
  if (note.kind === "NOTE_RESTORED") {
    if (note.isTheirs === true) await tellTheirs(session, note);
    if (note.undoes !== undefined) await noteMet(session, note.undoes, note.desiredMet);
    return;
  }
  const { intentId, desiredMet: desiredBefore } = note;
  const { context, evaluation } = session;
  await updateIntent(context.table, evaluation.evaluationId, intentId, (stored) =>
    stored.change.kind === "REMOVE_MEMBER"
      ? { ...stored, status: "ACTED", change: { ...stored.change, desiredBefore } }
      : stored,
  );
};

export const carryOutClusterUndo = async (
  session: DueLiveSession,
  action: ClusterUndoAction,
): Promise<void> => {
  if (action.kind === "NOTE_RESTORED" || action.kind === "NOTE_REMOVED") {
    await carryOutNote(session, action);
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
  // The table has a row for each kind, with the action of that kind.
  const make = calls[action.kind] as (clients: LiveClients, one: ClusterUndoAction) => UndoCall;
  const call = make(await session.customer(), action);
  if (action.kind === "DETACH" || action.kind === "TERMINATE_SURPLUS") {
    await leaveWithPlace(session, action, call);
  } else await recordEffect(session, call);
};

/** The calls of an undo of a node's replacement, each recorded as an effect. The kill switch does not stop these. */
import {
  detachInstance,
  terminateInGroup,
  type MembershipDone,
} from "../../../adapters/aws/autoscaling/membership.ts";
import { untagGroup } from "../../../adapters/aws/autoscaling/settings.ts";
import { terminateInstance } from "../../../adapters/aws/ec2/instances.ts";
import { unknownRequestId } from "../../../adapters/aws/translate-error.ts";
import type { KubernetesClient } from "../../../adapters/kubernetes/client.ts";
import { updateIntent } from "../../../adapters/store/intents.ts";
import { updateSwap } from "../../../adapters/store/swaps.ts";
import { evictPod } from "../../../adapters/kubernetes/evictions.ts";
import { changeNode } from "../../../adapters/kubernetes/nodes.ts";
import { claimAnnotation, keepAnnotation } from "../../../core/decide/kubernetes/claims.ts";
import { isPlace, type PlaceChange } from "../../../core/decide/kubernetes/undo/open-pair.ts";
import type { KubernetesUndoAction } from "../../../core/decide/kubernetes/undo/world.ts";
import type { NodeFacts } from "../../../core/model/kubernetes/node.ts";
import { claimTag } from "../../../core/model/tags.ts";
import { leaveToJanitor } from "../../evaluation/leave-to-janitor.ts";
import { recordEffect, type Acted } from "../../evaluation/perform.ts";
import { requireDone } from "../../evaluation/require-done.ts";
import { changeSwap } from "../../evaluation/swap-changes.ts";
import { commitSwap } from "../commit-swap.ts";
import { nodeChangeFor } from "../marks.ts";
import { connect } from "../session.ts";
import { settingCallOf } from "./setting-calls.ts";
import type { UndoSession } from "./world.ts";

interface UndoCall {
  readonly action: string;
  readonly resource: string;
  readonly call: () => Promise<Acted & Pick<MembershipDone, "desiredBefore">>;
}

type Of<Kind extends KubernetesUndoAction["kind"]> = Extract<KubernetesUndoAction, { kind: Kind }>;
type OnNode = Of<"UNCORDON" | "RESTORE_KEEP" | "CORDON_REPLACEMENT" | "UNCORDON_REPLACEMENT">;

/** The scheduler may have placed a pod a moment before it saw the cordon. */
const afterCordonMs = 5000;

const isOursStill = (node: NodeFacts, deploymentId: string): boolean =>
  node.annotations[claimAnnotation]?.startsWith(`${deploymentId}#`) === true;

/** What is not ours by now stays: another node of the name, another's claim. */
const patch = (session: UndoSession, client: KubernetesClient, action: OnNode): UndoCall => {
  const { nodeName, nodeUid, kind, marks } = action;
  const { deploymentId } = session.evaluation;
  return {
    action: "PatchNode",
    resource: `${kind === "RESTORE_KEEP" ? keepAnnotation : "unschedulable"} of ${nodeName}`,
    call: () =>
      changeNode(client, nodeName, (node) => {
        const isTheirs = kind === "UNCORDON" && !isOursStill(node, deploymentId);
        return node.uid !== nodeUid || isTheirs ? undefined : nodeChangeFor(node, marks);
      }),
  };
};

/** A webhook that does not answer keeps each for ten seconds, and the function has a minute for this and for the look after it. */
const evictingMs = 15_000;

/** What is not accepted, or not asked in time, is looked at anew. */
const evict = (
  client: KubernetesClient,
  { nodeName, evictions }: Of<"EVICT">,
  now: () => Date,
): UndoCall => ({
  action: "EvictPods",
  resource: `pods of node ${nodeName}`,
  call: async () => {
    const until = now().getTime() + evictingMs;
    for (const eviction of evictions) {
      if (now().getTime() > until) break;
      const { kind } = await evictPod(client, eviction);
      if (kind === "THROTTLED") break;
    }
    return { requestId: unknownRequestId };
  },
});

type Calling = Exclude<
  KubernetesUndoAction,
  Of<"KEEP_PAIR" | "NOTE_RESTORED" | "NOTE_REMOVED" | "LEAVE_TO_JANITOR">
>;
type AwsAction = Exclude<Calling, OnNode | Of<"EVICT">>;
type Clients = Awaited<ReturnType<UndoSession["customer"]>>;

type AwsCalls = {
  readonly [Kind in AwsAction["kind"]]: (clients: Clients, action: Of<Kind>) => UndoCall;
};

const awsCalls: AwsCalls = {
  DETACH: ({ autoScaling }, { asgName, instanceId }) => ({
    action: "DetachInstances",
    resource: `${instanceId} from ${asgName}`,
    call: () => requireDone(detachInstance(autoScaling, { asgName, instanceId })),
  }),
  TERMINATE_IN_GROUP: ({ autoScaling }, { asgName, instanceId }) => ({
    action: "TerminateInstanceInAutoScalingGroup",
    resource: `${instanceId} in ${asgName}`,
    call: () => requireDone(terminateInGroup(autoScaling, { asgName, instanceId })),
  }),
  TERMINATE_REPLACEMENT: ({ ec2 }, { instanceId }) => ({
    action: "TerminateInstances",
    resource: instanceId,
    call: () => terminateInstance(ec2, instanceId),
  }),
  UNPROTECT: ({ autoScaling }, action) => settingCallOf(autoScaling, action),
  RESUME_AZ_REBALANCE: ({ autoScaling }, action) => settingCallOf(autoScaling, action),
  RELEASE_CLAIM: ({ autoScaling }, { asgName, claim }) => ({
    action: "DeleteTags",
    resource: asgName,
    call: () => untagGroup(autoScaling, { asgName, key: claimTag, value: claim }),
  }),
};

const callOf = async (session: UndoSession, action: Calling): Promise<UndoCall> => {
  switch (action.kind) {
    case "UNCORDON":
    case "RESTORE_KEEP":
    case "CORDON_REPLACEMENT":
    case "UNCORDON_REPLACEMENT":
      return patch(session, (await connect(session)).client, action);
    case "EVICT":
      return evict((await connect(session)).client, action, session.context.now);
    default: {
      // The table has a row for each kind, with the action of that kind.
      const make = awsCalls[action.kind] as (clients: Clients, one: AwsAction) => UndoCall;
      return make(await session.customer(), action);
    }
  }
};

/** The stage is written before: who goes on later finds the intents committed, and no longer knows why. */
const keepPair = async (
  session: UndoSession,
  { swapId, sentence, isAbsorbed }: Of<"KEEP_PAIR">,
): Promise<void> => {
  const { context, evaluation, swaps } = session;
  const swap = swaps.find((found) => found.swapId === swapId);
  if (isAbsorbed === true && swap !== undefined) {
    const absorbed = changeSwap(swap, { stage: "ABSORBED", sentence });
    await updateSwap(context.table, { evaluationId: evaluation.evaluationId, ...absorbed });
  }
  await commitSwap(session, swapId);
};

type Leaving = Of<"DETACH" | "TERMINATE_IN_GROUP">;

/** What becomes known of the node that leaves with a place. */
const noteAtPlace = async (
  { context, evaluation }: UndoSession,
  placeId: string,
  note: (place: PlaceChange) => Pick<PlaceChange, "leavingId" | "leave">,
): Promise<void> => {
  await updateIntent(context.table, evaluation.evaluationId, placeId, (stored) =>
    isPlace(stored) ? { ...stored, change: { ...stored.change, ...note(stored.change) } } : stored,
  );
};

/** Somebody may have set another desired capacity between our look and the call: what the call has met is what he asks for. */
const noteMet = async (
  session: UndoSession,
  placeId: string | undefined,
  desiredMet: number | undefined,
): Promise<void> => {
  if (placeId === undefined || desiredMet === undefined) return;
  await noteAtPlace(session, placeId, ({ leave }) =>
    leave === undefined ? {} : { leave: { ...leave, desiredMet } },
  );
};

/**
 * The call lowers the desired capacity. Where its answer is lost the group's activities tell whether it has: what was lowered is not taken for its owner's wish, and what
 * he has set since is not taken for our place.
 */
const leaveWithPlace = async (
  session: UndoSession,
  { undoes, instanceId: leavingId, desiredSeen }: Leaving,
  call: UndoCall,
): Promise<void> => {
  const at = session.context.now().toISOString();
  if (undoes !== undefined) {
    await noteAtPlace(session, undoes, () => ({ leavingId, leave: { at, desiredSeen } }));
  }
  const { desiredBefore } = await recordEffect(session, call);
  await noteMet(session, undoes, desiredBefore);
};

const noteRemoved = async (
  { context, evaluation }: UndoSession,
  { intentId, desiredMet: desiredBefore }: Of<"NOTE_REMOVED">,
): Promise<void> => {
  await updateIntent(context.table, evaluation.evaluationId, intentId, (stored) =>
    stored.change.kind === "REMOVE_NODE"
      ? { ...stored, status: "ACTED", change: { ...stored.change, desiredBefore } }
      : stored,
  );
};

export const carryOutKubernetesUndo = async (
  session: UndoSession,
  action: KubernetesUndoAction,
): Promise<void> => {
  switch (action.kind) {
    case "NOTE_RESTORED":
      await noteMet(session, action.undoes, action.desiredMet);
      return;
    case "NOTE_REMOVED":
      await noteRemoved(session, action);
      return;
    case "KEEP_PAIR":
      await keepPair(session, action);
      return;
    case "LEAVE_TO_JANITOR":
      await leaveToJanitor(session, action.intentIds);
      return;
    case "DETACH":
    case "TERMINATE_IN_GROUP":
      await leaveWithPlace(session, action, await callOf(session, action));
      return;
    default:
      await recordEffect(session, await callOf(session, action));
      if (action.kind === "CORDON_REPLACEMENT") await session.context.pause(afterCordonMs);
  }
};

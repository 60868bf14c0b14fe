/** Says of each change what its undoing does, for whoever decides about it. */
import type { IntentChange, IntentKind, ChangeOf } from "../../model/intent.ts";

type Sentences = { readonly [Kind in IntentKind]: (change: ChangeOf<Kind>) => string };

const sentences: Sentences = {
  CREATE_IMAGE: ({ imageId, imageName }) =>
    `The image ${imageId ?? imageName} is deleted with its snapshots, last of all.`,
  CREATE_SNAPSHOT: ({ volumeId, snapshotId }) =>
    `The snapshot ${snapshotId ?? `of ${volumeId}`} is deleted with the image that is made of it.`,
  LAUNCH_INSTANCE: ({ instanceId, poolKey }) =>
    `${instanceId ?? `What was launched in ${poolKey}`} is terminated: before the original of a stateful load starts, else once that serves.`,
  CLAIM_ORIGINAL: ({ instanceId, claim }) => `The claim ${claim} is taken from ${instanceId}.`,
  RELEASE_CLAIM: ({ instanceId }) => `${instanceId} stays without our claim.`,
  ISOLATE: ({ groupId, groupName }) =>
    `The security group ${groupId ?? groupName} is deleted once the replacement has ended.`,
  END_ISOLATION: ({ instanceId }) => `${instanceId} keeps its security groups until it ends.`,
  STOP_INSTANCE: ({ instanceId }) => `${instanceId} is started, if it is stopped.`,
  RESERVE_CAPACITY: ({ reservationId, instanceType }) =>
    `${reservationId ?? `What was reserved of ${instanceType}`} is cancelled once the original runs.`,
  GROUP_CAPACITY: ({ groupName }) =>
    `The group of reservations ${groupName} is deleted, unless the original is pointed at it.`,
  REPLACE_ROOT: ({ instanceId }) =>
    `The root volume that ${instanceId} was given goes with it, unless it is kept.`,
  MOVE_VOLUME: ({ volumeId, fromInstanceId }) => `${volumeId} goes back to ${fromInstanceId}.`,
  RETURN_ROOT: ({ volumeId, instanceId }) => `${volumeId} stays at ${instanceId}.`,
  RETURN_FLAG: ({ instanceId, deviceName }) =>
    `${deviceName} of ${instanceId} keeps its owner's deletion flag.`,
  RETURN_INTERFACE_FLAG: ({ networkInterfaceId }) =>
    `${networkInterfaceId} keeps its owner's deletion flag.`,
  MOVE_INTERFACE: ({ networkInterfaceId, fromInstanceId }) =>
    `${networkInterfaceId} goes back to ${fromInstanceId}.`,
  MOVE_PRIVATE_IPS: ({ privateIps, fromInterfaceId }) =>
    `${privateIps.join(", ")} go back to ${fromInterfaceId}.`,
  MOVE_ADDRESS: ({ allocationId, fromInterfaceId }) =>
    `${allocationId} goes back to ${fromInterfaceId}.`,
  MOVE_TARGET_GROUP: ({ targetGroupArn, fromInstanceId }) =>
    `${fromInstanceId} is registered in ${targetGroupArn} again, and the replacement leaves it.`,
  END_ORIGINAL: ({ instanceId }) => `${instanceId} stays ended.`,
  RELEASE_HELD: ({ instanceId }) => `${instanceId} stays ended.`,
  KEEP_ROOT: ({ instanceId }) => `The root volume of ${instanceId} goes with it again.`,
  KEEP_VOLUME: ({ volumeId }) => `${volumeId} has its owner's deletion flag again.`,
  KEEP_INTERFACE: ({ networkInterfaceId }) =>
    `${networkInterfaceId} has its owner's deletion flag again.`,
  KEEP_WRITES: ({ instanceId }) =>
    `The root volume of ${instanceId} stays kept: clients may have written to it.`,
  KEEP_TEMPLATE: ({ templateName }) => `The launch template ${templateName} is not kept.`,
  EXPIRE_IMAGE: ({ imageId }) => `The image ${imageId} no longer expires.`,
  RUN_COMMAND: ({ document, instanceId }) =>
    `What document ${document} has done on ${instanceId} stays done.`,
  CLAIM_GROUP: ({ asgName, claim }) => `The claim ${claim} is taken from group ${asgName}.`,
  RAISE_MAX: ({ asgName, maxOriginal, maxRaised }) =>
    `The maximum of group ${asgName} is ${String(maxOriginal)} again, if it is still ${String(maxRaised)} and as many do.`,
  SUSPEND_AZ_REBALANCE: ({ asgName }) =>
    `AZRebalance of group ${asgName} is resumed once its zones are balanced, unless its owner suspended it meanwhile.`,
  PROTECT_MEMBERS: ({ instanceIds }) =>
    `${instanceIds.join(", ")} are no longer protected from scale-in.`,
  HOLD_MEMBERS: ({ instanceIds }) =>
    `${instanceIds.join(", ")} are no longer protected from scale-in, as before.`,
  REGISTER_TARGET: ({ instanceId, targetGroupArn }) =>
    `${instanceId} leaves ${targetGroupArn}, unless it is a member of the group.`,
  DEREGISTER_TARGET: ({ instanceId, targetGroupArn }) =>
    `${instanceId} is registered in ${targetGroupArn} again, if it is still a member of the group.`,
  ATTACH_MEMBERS: ({ instanceIds, asgName }) =>
    `${instanceIds.join(", ")} are detached from group ${asgName} and terminated, where their originals serve and the group wants no more.`,
  REMOVE_MEMBER: ({ instanceId, asgName }) => `${instanceId} stays out of group ${asgName}.`,
  ATTACH_NODE: ({ instanceId, asgName }) =>
    `${instanceId} is drained and ended through group ${asgName}, unless its original has left.`,
  SCALE_OUT: ({ instanceId, nodeGroup, asgName }) =>
    `${instanceId ?? `The node by which node group ${nodeGroup} grew`} is drained and ended through group ${asgName}, unless its original has left.`,
  KEEP_NODE: ({ nodeName }) =>
    `What the cluster autoscaler was told of node ${nodeName} is as it was.`,
  CORDON_NODE: ({ nodeName }) =>
    `Node ${nodeName} takes pods again, and has back what our marks stood for, where they are still ours.`,
  HOLD_NODE: ({ nodeName }) =>
    `Node ${nodeName}, which was to go later, takes pods again, where our mark is still ours.`,
  DRAIN_NODE: ({ nodeName }) => `Pods that were evicted from node ${nodeName} stay where they are.`,
  DELETE_PODS: ({ nodeName }) => `Pods that were deleted from node ${nodeName} stay deleted.`,
  REMOVE_NODE: ({ instanceId, asgName }) => `${instanceId} stays out of group ${asgName}.`,
  RELEASE_NODE: ({ instanceId, asgName }) =>
    `${instanceId} stays out of group ${asgName}, which has launched another.`,
  END_NODE: ({ instanceId }) => `${instanceId} stays ended.`,
  TAKE_KEPT: ({ instanceId, keptBy }) =>
    `The kept original ${instanceId} is stopped again where it was started, and its cool-off by ${keptBy} goes on; it runs on where it alone may serve.`,
  START_KEPT: ({ instanceId }) => `${instanceId} is stopped again, unless it alone may serve.`,
  RETIRE_ORIGINAL: ({ instanceId }) => `${instanceId} is no longer to be terminated.`,
};

const sentenceOf = <Kind extends IntentKind>(kind: Kind, change: ChangeOf<Kind>): string =>
  sentences[kind](change);

export const undoSentence = (change: IntentChange): string => sentenceOf(change.kind, change);

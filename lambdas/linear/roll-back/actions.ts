/** The calls of the roll-back, each recorded as an effect. The kill switch does not stop these. */
import { deregisterTarget, registerTarget } from "../../../adapters/aws/elb.ts";
import {
  cancelReservation,
  pointAtGroup,
} from "../../../adapters/aws/ec2/capacity-reservations.ts";
import { deregisterImage } from "../../../adapters/aws/ec2/images.ts";
import { startInstance, terminateInstance } from "../../../adapters/aws/ec2/instances.ts";
import {
  assignPrivateIps,
  associateAddress,
  attachInterface,
  detachInterface,
  setInterfaceDeleteOnTermination,
} from "../../../adapters/aws/ec2/network.ts";
import { deleteSecurityGroup } from "../../../adapters/aws/ec2/security-groups.ts";
import { deleteTags } from "../../../adapters/aws/ec2/tags.ts";
import { deleteSnapshot } from "../../../adapters/aws/ec2/snapshots.ts";
import { attachVolume, setDeleteOnTermination } from "../../../adapters/aws/ec2/volumes.ts";
import { deleteReservationGroup } from "../../../adapters/aws/resource-groups.ts";
import { planIntent, updateIntent } from "../../../adapters/store/intents.ts";
import type { RollbackAction } from "../../../core/decide/linear/roll-back/world.ts";
import { claimTag } from "../../../core/model/tags.ts";
import { fenceOf } from "../../../core/model/evaluation.ts";
import { recordEffect, type Acted } from "../../evaluation/perform.ts";
import type { RollbackClients, RollbackSession } from "../session.ts";
import { cancelRetirement, unlessGone } from "../../evaluation/cancel-retirement.ts";
import { leaveKept } from "../kept-original.ts";

interface UndoCall {
  readonly action: string;
  readonly resource: string;
  readonly call: () => Promise<Acted>;
}

/** Those that are one call each: the others are but noted, or several. */
type OneCall = Exclude<
  RollbackAction,
  { readonly kind: "CANCEL_RETIREMENT" | "GIVE_BACK_KEPT" | "NOTE_WRITES" }
>;
type Of<Kind extends OneCall["kind"]> = Extract<OneCall, { kind: Kind }>;

type Undo = {
  readonly [Kind in OneCall["kind"]]: (clients: RollbackClients, action: Of<Kind>) => UndoCall;
};

const undo: Undo = {
  RELEASE_CLAIM: ({ ec2 }, { instanceId, claim }) => ({
    action: "DeleteTags",
    resource: instanceId,
    call: () =>
      unlessGone(deleteTags(ec2, { resources: [instanceId], tags: { [claimTag]: claim } })),
  }),
  RETURN_ADDRESS: ({ ec2 }, { allocationId, networkInterfaceId, privateIp }) => ({
    action: "AssociateAddress",
    resource: allocationId,
    call: () => associateAddress(ec2, { allocationId, interfaceId: networkInterfaceId, privateIp }),
  }),
  RETURN_PRIVATE_IPS: ({ ec2 }, { networkInterfaceId, privateIps }) => ({
    action: "AssignPrivateIpAddresses",
    resource: networkInterfaceId,
    call: () => assignPrivateIps(ec2, { interfaceId: networkInterfaceId, privateIps }),
  }),
  DETACH_INTERFACE: ({ ec2 }, { networkInterfaceId, attachmentId }) => ({
    action: "DetachNetworkInterface",
    resource: networkInterfaceId,
    call: () => detachInterface(ec2, { attachmentId }),
  }),
  ATTACH_INTERFACE: ({ ec2 }, { networkInterfaceId, instanceId, deviceIndex }) => ({
    action: "AttachNetworkInterface",
    resource: networkInterfaceId,
    call: () => attachInterface(ec2, { networkInterfaceId, instanceId, deviceIndex }),
  }),
  RESTORE_INTERFACE_DELETION: (
    { ec2 },
    { networkInterfaceId, attachmentId, deleteOnTermination },
  ) => ({
    action: "ModifyNetworkInterfaceAttribute",
    resource: networkInterfaceId,
    call: () =>
      setInterfaceDeleteOnTermination(ec2, {
        networkInterfaceId,
        attachmentId,
        value: deleteOnTermination,
      }),
  }),
  ATTACH_VOLUME: ({ ec2 }, { volumeId, instanceId, deviceName }) => ({
    action: "AttachVolume",
    resource: volumeId,
    call: () => attachVolume(ec2, { volumeId, instanceId, deviceName }),
  }),
  RESTORE_VOLUME_DELETION: (
    { ec2 },
    { volumeId, instanceId, deviceName, deleteOnTermination },
  ) => ({
    action: "ModifyInstanceAttribute",
    resource: volumeId,
    call: () => setDeleteOnTermination(ec2, { instanceId, deviceName, value: deleteOnTermination }),
  }),
  POINT_ORIGINAL: ({ ec2 }, { instanceId, groupArn }) => ({
    action: "ModifyInstanceCapacityReservationAttributes",
    resource: instanceId,
    call: () => pointAtGroup(ec2, { instanceId, groupArn }),
  }),
  CANCEL_RESERVATION: ({ ec2 }, { reservationId }) => ({
    action: "CancelCapacityReservation",
    resource: reservationId,
    call: () => cancelReservation(ec2, reservationId),
  }),
  DELETE_CAPACITY_GROUP: ({ resourceGroups }, { groupName }) => ({
    action: "DeleteGroup",
    resource: groupName,
    call: () => deleteReservationGroup(resourceGroups, groupName),
  }),
  DELETE_ISOLATION_GROUP: ({ ec2 }, { groupId }) => ({
    action: "DeleteSecurityGroup",
    resource: groupId,
    call: () => deleteSecurityGroup(ec2, groupId),
  }),
  START_ORIGINAL: ({ ec2 }, { instanceId }) => ({
    action: "StartInstances",
    resource: instanceId,
    call: () => startInstance(ec2, instanceId),
  }),
  RETURN_TARGET_GROUP: ({ elb }, { arn, port, instanceId }) => ({
    action: "RegisterTargets",
    resource: arn,
    call: () => registerTarget(elb, { arn, port, instanceId }),
  }),
  LEAVE_TARGET_GROUP: ({ elb }, { arn, port, instanceId }) => ({
    action: "DeregisterTargets",
    resource: arn,
    call: () => deregisterTarget(elb, { arn, port, instanceId }),
  }),
  KEEP_VOLUME: ({ ec2 }, { volumeId, instanceId, deviceName }) => ({
    action: "ModifyInstanceAttribute",
    resource: volumeId,
    call: () => setDeleteOnTermination(ec2, { instanceId, deviceName, value: false }),
  }),
  KEEP_INTERFACE: ({ ec2 }, { networkInterfaceId, attachmentId }) => ({
    action: "ModifyNetworkInterfaceAttribute",
    resource: networkInterfaceId,
    call: () =>
      setInterfaceDeleteOnTermination(ec2, { networkInterfaceId, attachmentId, value: false }),
  }),
  KEEP_WRITES: ({ ec2 }, { volumeId, instanceId, deviceName }) => ({
    action: "ModifyInstanceAttribute",
    resource: volumeId,
    call: () => setDeleteOnTermination(ec2, { instanceId, deviceName, value: false }),
  }),
  RELEASE_ROOT: ({ ec2 }, { instanceId, deviceName }) => ({
    action: "ModifyInstanceAttribute",
    resource: instanceId,
    call: () => setDeleteOnTermination(ec2, { instanceId, deviceName, value: true }),
  }),
  TERMINATE_REPLACEMENT: ({ ec2 }, { instanceId }) => ({
    action: "TerminateInstances",
    resource: instanceId,
    call: () => terminateInstance(ec2, instanceId),
  }),
  DELETE_IMAGE: ({ ec2 }, { imageId }) => ({
    action: "DeregisterImage",
    resource: imageId,
    call: () => deregisterImage(ec2, imageId),
  }),
  DELETE_SNAPSHOT: ({ ec2 }, { snapshotId }) => ({
    action: "DeleteSnapshot",
    resource: snapshotId,
    call: () => deleteSnapshot(ec2, snapshotId),
  }),
};

const callFor = <Kind extends OneCall["kind"]>(
  clients: RollbackClients,
  action: Of<Kind> & { readonly kind: Kind },
): UndoCall => undo[action.kind](clients, action);

/** Before the replacement ends, so that whoever looks for it later knows the volume from the intent. Never undone. */
const noteWrites = async (
  { context, evaluation }: RollbackSession,
  action: Extract<RollbackAction, { kind: "KEEP_WRITES" | "NOTE_WRITES" }>,
): Promise<void> => {
  const { instanceId, since, volumeId } = action;
  await planIntent(context.table, evaluation.evaluationId, {
    id: `keep-writes-${instanceId}`,
    status: "COMMITTED",
    fence: fenceOf(evaluation),
    plannedAt: context.now().toISOString(),
    change: {
      kind: "KEEP_WRITES",
      instanceId,
      since,
      ...(volumeId === undefined ? {} : { volumeId }),
      ...(action.kind === "KEEP_WRITES" ? { deviceName: action.deviceName } : {}),
    },
  });
};

/** Whose the snapshots are is noted before their image goes: EC2 may leave some of them, and forgets the image at once. */
const rememberSnapshots = async (
  { context, evaluation }: RollbackSession,
  action: RollbackAction,
): Promise<void> => {
  if (action.kind !== "DELETE_IMAGE" || action.undoes === undefined) return;
  const { imageId, snapshotIds, undoes } = action;
  await updateIntent(context.table, evaluation.evaluationId, undoes, (stored) =>
    stored.change.kind === "CREATE_IMAGE"
      ? { ...stored, change: { ...stored.change, imageId, snapshotIds } }
      : stored,
  );
};

/** Throws what the call throws; nothing is assumed to have happened then. */
export const carryOutUndo = async (
  session: RollbackSession,
  action: RollbackAction,
): Promise<void> => {
  if (action.kind === "NOTE_WRITES") return noteWrites(session, action);
  if (action.kind === "GIVE_BACK_KEPT") return leaveKept(session, action.taking);
  if (action.kind === "CANCEL_RETIREMENT") {
    return cancelRetirement(session, session.evaluation, action.undoes);
  }
  if (action.kind === "KEEP_WRITES") await noteWrites(session, action);
  await rememberSnapshots(session, action);
  await recordEffect(session, callFor(await session.customer(), action));
};

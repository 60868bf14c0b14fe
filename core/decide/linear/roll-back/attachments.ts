/** Bringing back what is attached to an instance: volumes and secondary network interfaces. */
import { hasEnded } from "../../../model/instance.ts";
import type { ChangeOf } from "../../../model/intent.ts";
import {
  act,
  interfaceOf,
  isOurs,
  problem,
  returned,
  type Return,
  wait,
  type RollbackWorld,
} from "./return.ts";
import type { FoundInterface, RollbackPart } from "./world.ts";

/** EC2 detaches by itself from an instance that goes down for good. */
const isGoingDown = (world: RollbackWorld, instanceId: string): boolean =>
  world.replacements.some(({ instanceId: id, state }) => id === instanceId && hasEnded(state));

/** Volumes and interfaces attach to a stopped or a running instance, to nothing in between. */
const mayAttach = ({ original }: RollbackWorld): boolean =>
  original.state === "stopped" || original.state === "running";

const settling = (world: RollbackWorld): Return =>
  wait(`The original ${world.originalId} is ${world.original.state}.`, ["original"]);

/** Return of something that an instance holds: common to volumes and interfaces. */
interface Holding {
  readonly name: string;
  readonly part: RollbackPart;
  readonly attachedTo: string;
  readonly attachmentState: string | undefined;
  readonly intendedId: string;
  readonly ifReturned: () => Return;
  /** From a replacement that is there. */
  readonly release: () => Return;
}

const returnOfHeld = (world: RollbackWorld, holding: Holding): Return => {
  const { name, part, attachedTo, attachmentState } = holding;
  const isOriginal = attachedTo === world.originalId;
  if (!isOriginal && !isOurs(world, attachedTo, holding.intendedId)) {
    return problem(`${name} is attached to ${attachedTo}, which is not of this evaluation.`);
  }
  if (attachmentState === "attaching" || attachmentState === "detaching") {
    return wait(`${name} is ${attachmentState} at ${attachedTo}.`, [part]);
  }
  if (isOriginal) return holding.ifReturned();
  if (isGoingDown(world, attachedTo)) {
    return wait(`${name} comes free when ${attachedTo} is terminated.`, [part]);
  }
  // Not left detached for longer than needed: it is let go when the original can take it.
  return mayAttach(world) ? holding.release() : settling(world);
};

/**
 * Without its volumes the original may not start. None is taken from a replacement that runs: the replacement ends first, and
 * leaves them.
 */
export const returnOfVolume = (world: RollbackWorld, change: ChangeOf<"MOVE_VOLUME">): Return => {
  const { volumeId, deviceName, deleteOnTermination } = change;
  const { originalId: instanceId } = world;
  const found = world.volumes.find((volume) => volume.volumeId === volumeId);
  if (found === undefined) return wait(`EC2 does not show the volume ${volumeId}.`, ["volumes"]);
  if (["deleting", "deleted", "error"].includes(found.state)) {
    return problem(`The volume ${volumeId} is in state ${found.state}.`);
  }
  if (found.attachedTo === undefined) {
    if (found.state !== "available") {
      return wait(`The volume ${volumeId} is ${found.state}.`, ["volumes"]);
    }
    if (!mayAttach(world)) return settling(world);
    const id = `ATTACH_VOLUME ${volumeId} ${instanceId} ${deviceName}`;
    return act({ kind: "ATTACH_VOLUME", id, volumeId, instanceId, deviceName });
  }
  const { attachedTo } = found;
  const currentName = found.deviceName ?? deviceName;
  return returnOfHeld(world, {
    name: `The volume ${volumeId}`,
    part: "volumes",
    attachedTo,
    attachmentState: found.attachmentState,
    intendedId: change.toInstanceId,
    release: () =>
      wait(`The volume ${volumeId} comes free when ${attachedTo} is terminated.`, ["volumes"]),
    ifReturned: () =>
      found.deleteOnTermination === undefined || found.deleteOnTermination === deleteOnTermination
        ? returned
        : act({
            kind: "RESTORE_VOLUME_DELETION",
            id: `RESTORE_VOLUME_DELETION ${volumeId} ${currentName} ${String(deleteOnTermination)}`,
            volumeId,
            instanceId,
            deviceName: currentName,
            deleteOnTermination,
          }),
  });
};

const restoreInterface = (found: FoundInterface, deleteOnTermination: boolean): Return => {
  const { networkInterfaceId, attachmentId } = found;
  const isSame =
    found.deleteOnTermination === undefined || found.deleteOnTermination === deleteOnTermination;
  return isSame || attachmentId === undefined
    ? returned
    : act({
        kind: "RESTORE_INTERFACE_DELETION",
        id: `RESTORE_INTERFACE_DELETION ${networkInterfaceId} ${attachmentId} ${String(deleteOnTermination)}`,
        networkInterfaceId,
        attachmentId,
        deleteOnTermination,
      });
};

export const returnOfInterface = (
  world: RollbackWorld,
  change: ChangeOf<"MOVE_INTERFACE">,
): Return => {
  const { networkInterfaceId, deviceIndex } = change;
  const { originalId: instanceId } = world;
  const found = interfaceOf(world, networkInterfaceId);
  if (found === undefined) {
    return problem(`EC2 does not show the network interface ${networkInterfaceId}.`);
  }
  const { attachedTo, attachmentId } = found;
  if (attachedTo === undefined) {
    if (!mayAttach(world)) return settling(world);
    return act({
      kind: "ATTACH_INTERFACE",
      id: `ATTACH_INTERFACE ${networkInterfaceId} ${instanceId} ${String(deviceIndex)}`,
      networkInterfaceId,
      instanceId,
      deviceIndex,
    });
  }
  const name = `The network interface ${networkInterfaceId}`;
  return returnOfHeld(world, {
    name,
    part: "interfaces",
    attachedTo,
    attachmentState: found.attachmentState,
    intendedId: change.toInstanceId,
    ifReturned: () => restoreInterface(found, change.deleteOnTermination),
    release: () =>
      attachmentId === undefined
        ? wait(`${name} shows no attachment id yet.`, ["interfaces"])
        : act({
            kind: "DETACH_INTERFACE",
            id: `DETACH_INTERFACE ${networkInterfaceId} ${attachmentId}`,
            networkInterfaceId,
            attachmentId,
            instanceId: attachedTo,
          }),
  });
};

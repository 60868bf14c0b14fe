/** Says where a volume or an interface is between the two instances, and which call brings it nearer to the replacement. */
import type { InterfaceReading } from "../../../adapters/aws/ec2/network.ts";
import type { VolumeReading } from "../../../adapters/aws/ec2/volumes.ts";
import type { ChangeOf } from "../../../core/model/intent.ts";
import { inPlace, elsewhere, waiting, type NextMove } from "./part.ts";

/** Where a part that can be attached is now. LEAVING and ARRIVING: an attachment is neither made nor gone. */
export type Place = "AT_ORIGINAL" | "LEAVING" | "DETACHED" | "ARRIVING" | "AT_REPLACEMENT";

/** Throws StaleOriginal when it is attached to a third instance. */
export const placeOf = (
  what: string,
  found: { readonly attachedTo?: string; readonly attachmentState?: string },
  { fromInstanceId, toInstanceId }: { fromInstanceId: string; toInstanceId: string },
): Place => {
  const { attachedTo, attachmentState } = found;
  if (attachedTo === undefined) return "DETACHED";
  if (attachedTo !== fromInstanceId && attachedTo !== toInstanceId) {
    throw elsewhere(what, attachedTo);
  }
  const isSettled = attachmentState === "attached";
  if (attachedTo === toInstanceId) return isSettled ? "AT_REPLACEMENT" : "ARRIVING";
  return isSettled ? "AT_ORIGINAL" : "LEAVING";
};

/** The owner may have changed it since the verdict: what stands there now is what a roll-back brings back. */
const foundAt = ({
  deleteOnTermination,
}: {
  readonly deleteOnTermination?: boolean;
}): Pick<NextMove & { readonly kind: "CALL" }, "found"> =>
  deleteOnTermination === undefined ? {} : { found: { deleteOnTermination } };

export const nextForVolume = (
  change: ChangeOf<"MOVE_VOLUME">,
  volumes: readonly VolumeReading[],
): NextMove => {
  const { volumeId, fromInstanceId, toInstanceId, deviceName } = change;
  const volume = volumes.find((found) => found.volumeId === volumeId);
  if (volume === undefined) return waiting(`${volumeId} is not visible.`);
  const place = placeOf(volumeId, volume, change);
  switch (place) {
    case "AT_REPLACEMENT":
      return inPlace;
    case "AT_ORIGINAL": {
      const call = { action: "DetachVolume", volumeId, instanceId: fromInstanceId } as const;
      return { kind: "CALL", resource: volumeId, call, ...foundAt(volume) };
    }
    case "LEAVING":
    case "ARRIVING":
      return waiting(
        `${volumeId} is ${volume.attachmentState ?? "moving"}.`,
        place === "ARRIVING" && "halfway",
      );
    case "DETACHED": {
      if (volume.state !== "available") {
        return waiting(`${volumeId} is ${volume.state}.`, "halfway");
      }
      const call = {
        action: "AttachVolume",
        volumeId,
        instanceId: toInstanceId,
        deviceName,
      } as const;
      return { kind: "CALL", resource: volumeId, call, isHalfway: true };
    }
  }
};

export const nextForInterface = (
  change: ChangeOf<"MOVE_INTERFACE">,
  interfaces: readonly InterfaceReading[],
): NextMove => {
  const { networkInterfaceId, toInstanceId, deviceIndex } = change;
  const resource = networkInterfaceId;
  const found = interfaces.find((each) => each.networkInterfaceId === networkInterfaceId);
  if (found === undefined) return waiting(`${resource} is not visible.`);
  const place = placeOf(resource, found, change);
  if (place === "AT_REPLACEMENT") return inPlace;
  if (place === "DETACHED") {
    const call = {
      action: "AttachNetworkInterface",
      networkInterfaceId,
      instanceId: toInstanceId,
      deviceIndex,
    } as const;
    return { kind: "CALL", resource, call, isHalfway: true };
  }
  const { attachmentId } = found;
  if (place === "AT_ORIGINAL" && attachmentId !== undefined) {
    const call = { action: "DetachNetworkInterface", attachmentId } as const;
    return { kind: "CALL", resource, call, ...foundAt(found) };
  }
  return waiting(
    `${resource} is ${found.attachmentState ?? "moving"}.`,
    place === "ARRIVING" && "halfway",
  );
};

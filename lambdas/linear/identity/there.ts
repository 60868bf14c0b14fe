/** What a reading of the replacement shows by itself: parts of the identity that need not be looked for. */
import type { NetworkInterfaceFacts } from "../../../core/model/instance.ts";
import type { ChangeOf, IntentChange } from "../../../core/model/intent.ts";

/** Has this part reached the replacement? False where the reading does not tell. */
export type IsThere = (change: IntentChange) => boolean;

/** @param attached ids of the volumes and interfaces that it was seen to hold */
export const isAttached =
  (attached: ReadonlySet<string>): IsThere =>
  (change) => {
    switch (change.kind) {
      case "MOVE_VOLUME":
        return attached.has(change.volumeId);
      case "MOVE_INTERFACE":
        return attached.has(change.networkInterfaceId);
      default:
        return false;
    }
  };

const holdsAddress = (
  interfaces: readonly NetworkInterfaceFacts[],
  { toInterfaceId, toPrivateIp, allocationId }: ChangeOf<"MOVE_ADDRESS">,
): boolean =>
  interfaces
    .filter(({ networkInterfaceId }) => networkInterfaceId === toInterfaceId)
    .flatMap(({ privateAddresses }) => privateAddresses)
    .some((address) => address.privateIp === toPrivateIp && address.allocationId === allocationId);

/** With its interfaces read, and with them their Elastic IPs. */
export const isHeld = (
  attached: ReadonlySet<string>,
  interfaces: readonly NetworkInterfaceFacts[],
): IsThere => {
  const isAttachedThere = isAttached(attached);
  return (change) =>
    change.kind === "MOVE_ADDRESS" ? holdsAddress(interfaces, change) : isAttachedThere(change);
};

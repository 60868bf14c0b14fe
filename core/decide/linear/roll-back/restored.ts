/**
 * Says whether the original serves again with all that makes its identity, as the world shows it: the downtime of a
 * roll-back ends there, and not when the last image is deleted.
 */
import { changesOf, type ChangeOf } from "../../../model/intent.ts";
import { addressChanges } from "./addresses.ts";
import { interfaceOf, type RollbackWorld } from "./return.ts";
import type { RollbackInput } from "./world.ts";

const isAttached = (attachmentState: string | undefined): boolean =>
  attachmentState === undefined || attachmentState === "attached";

const hasVolume = (
  { originalId, volumes }: RollbackWorld,
  { volumeId }: ChangeOf<"MOVE_VOLUME">,
): boolean =>
  volumes.some(
    (found) =>
      found.volumeId === volumeId &&
      found.attachedTo === originalId &&
      isAttached(found.attachmentState),
  );

const hasInterface = (
  world: RollbackWorld,
  { networkInterfaceId }: ChangeOf<"MOVE_INTERFACE">,
): boolean => {
  const found = interfaceOf(world, networkInterfaceId);
  return found?.attachedTo === world.originalId && isAttached(found.attachmentState);
};

const hasPrivateIps = (
  world: RollbackWorld,
  { fromInterfaceId, privateIps }: ChangeOf<"MOVE_PRIVATE_IPS">,
): boolean => {
  const held = interfaceOf(world, fromInterfaceId)?.privateIps ?? [];
  return privateIps.every((privateIp) => held.includes(privateIp));
};

const hasAddress = (
  { addresses }: RollbackWorld,
  {
    allocationId,
    fromInterfaceId,
  }: Pick<ChangeOf<"MOVE_ADDRESS">, "allocationId" | "fromInterfaceId">,
): boolean =>
  addresses.some(
    (found) => found.allocationId === allocationId && found.networkInterfaceId === fromInterfaceId,
  );

const isInGroup = (
  { originalId, targetGroups }: RollbackWorld,
  { targetGroupArn, port }: ChangeOf<"MOVE_TARGET_GROUP">,
): boolean => {
  const found = targetGroups.find((group) => group.arn === targetGroupArn && group.port === port);
  // One that the owner has deleted sends traffic to nobody.
  if (found === undefined) return true;
  return (found.readyInstanceIds ?? found.instanceIds).includes(originalId);
};

export const isRestored = (input: RollbackInput): boolean => {
  const { original, intents } = input;
  if (original?.state !== "running") return false;
  const world: RollbackWorld = { ...input, original };
  return (
    changesOf(intents, "MOVE_VOLUME").every((change) => hasVolume(world, change)) &&
    changesOf(intents, "MOVE_INTERFACE").every((change) => hasInterface(world, change)) &&
    changesOf(intents, "MOVE_PRIVATE_IPS").every((change) => hasPrivateIps(world, change)) &&
    addressChanges(world).every((change) => hasAddress(world, change)) &&
    changesOf(intents, "MOVE_TARGET_GROUP").every((change) => isInGroup(world, change))
  );
};

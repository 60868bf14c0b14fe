/** Bringing back what points to an instance: private addresses, Elastic IPs, target groups. */
import { changesOf, type ChangeOf } from "../../../model/intent.ts";
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
import type { UndoWait } from "../../switch/undo-plan.ts";
import type { FoundAddress, FoundTargetGroup, RollbackInput, RollbackPart } from "./world.ts";

/** An interface of a replacement: by the intent, by its attachment, or as the instance shows it. */
export const isOurInterface = (
  world: RollbackInput,
  networkInterfaceId: string,
  intendedId: string,
): boolean => {
  const attachedTo = interfaceOf(world, networkInterfaceId)?.attachedTo;
  return (
    networkInterfaceId === intendedId ||
    world.replacements.some(
      ({ instanceId, networkInterfaces }) =>
        instanceId === attachedTo ||
        networkInterfaces.some((own) => own.networkInterfaceId === networkInterfaceId),
    )
  );
};

export const returnOfPrivateIps = (
  world: RollbackWorld,
  change: ChangeOf<"MOVE_PRIVATE_IPS">,
): Return => {
  const { fromInterfaceId, toInterfaceId } = change;
  const from = interfaceOf(world, fromInterfaceId);
  if (from === undefined) {
    return problem(`EC2 does not show the network interface ${fromInterfaceId} of the original.`);
  }
  const missing = change.privateIps.filter((privateIp) => !from.privateIps.includes(privateIp));
  const isForeign = (privateIp: string): boolean =>
    world.interfaces.some(
      (found) =>
        found.privateIps.includes(privateIp) &&
        !isOurInterface(world, found.networkInterfaceId, toInterfaceId),
    );
  const free = missing.filter((privateIp) => !isForeign(privateIp));
  if (free.length > 0) {
    return act({
      kind: "RETURN_PRIVATE_IPS",
      id: `RETURN_PRIVATE_IPS ${[fromInterfaceId, ...free].join(" ")}`,
      networkInterfaceId: fromInterfaceId,
      privateIps: free,
    });
  }
  return missing.length === 0
    ? returned
    : problem(
        `The private addresses ${missing.join(", ")} are held by an interface that somebody else uses.`,
      );
};

const holderOf = (found: FoundAddress): string =>
  `${found.networkInterfaceId ?? "something without an interface"} (${found.privateIp ?? "no private address"})`;

/** What the intents say of Elastic IPs, and those that travelled with a private address. */
export const addressChanges = (world: RollbackWorld): readonly ChangeOf<"MOVE_ADDRESS">[] => {
  const planned = changesOf(world.intents, "MOVE_ADDRESS");
  const followers = changesOf(world.intents, "MOVE_PRIVATE_IPS").flatMap((change) =>
    followersOf(world, change),
  );
  const isPlanned = (allocationId: string): boolean =>
    planned.some((change) => change.allocationId === allocationId);
  return [...planned, ...followers.filter(({ allocationId }) => !isPlanned(allocationId))];
};

const followersOf = (
  { before }: RollbackWorld,
  { privateIps, fromInterfaceId, toInterfaceId }: ChangeOf<"MOVE_PRIVATE_IPS">,
): readonly ChangeOf<"MOVE_ADDRESS">[] =>
  (before?.networkInterfaces ?? [])
    .filter((found) => found.networkInterfaceId === fromInterfaceId)
    .flatMap((found) => found.privateAddresses)
    .flatMap(({ privateIp, allocationId }) =>
      allocationId === undefined || !privateIps.includes(privateIp)
        ? []
        : [
            {
              kind: "MOVE_ADDRESS",
              allocationId,
              fromInterfaceId,
              fromPrivateIp: privateIp,
              toInterfaceId,
              toPrivateIp: privateIp,
            },
          ],
    );

/** Return of the moved private address that the Elastic IP is bound to; undefined when the original holds it. */
const carrierOf = (world: RollbackWorld, change: ChangeOf<"MOVE_ADDRESS">): Return | undefined => {
  const { fromInterfaceId, fromPrivateIp } = change;
  const from = interfaceOf(world, fromInterfaceId);
  if (from === undefined || from.privateIps.includes(fromPrivateIp)) return undefined;
  const carrier = changesOf(world.intents, "MOVE_PRIVATE_IPS").find(({ privateIps }) =>
    privateIps.includes(fromPrivateIp),
  );
  return carrier === undefined
    ? problem(`The network interface ${fromInterfaceId} has lost ${fromPrivateIp}.`)
    : returnOfPrivateIps(world, carrier);
};

/** Free, or attached to a replacement. */
const mayTake = (world: RollbackWorld, found: FoundAddress, intendedId: string): boolean =>
  found.networkInterfaceId === undefined
    ? found.associationId === undefined
    : isOurInterface(world, found.networkInterfaceId, intendedId);

const isHome = (found: FoundAddress, change: ChangeOf<"MOVE_ADDRESS">): boolean =>
  found.networkInterfaceId === change.fromInterfaceId &&
  (found.privateIp === undefined || found.privateIp === change.fromPrivateIp);

export const returnOfAddress = (world: RollbackWorld, change: ChangeOf<"MOVE_ADDRESS">): Return => {
  const { allocationId, fromInterfaceId, fromPrivateIp, toInterfaceId } = change;
  const found = world.addresses.find((address) => address.allocationId === allocationId);
  if (found === undefined) return problem(`The Elastic IP ${allocationId} is no longer there.`);
  if (isHome(found, change)) return returned;
  if (!mayTake(world, found, toInterfaceId)) {
    return problem(
      `The Elastic IP ${allocationId} points to ${holderOf(found)}, which is not of this evaluation.`,
    );
  }
  const carrier = carrierOf(world, change);
  if (carrier !== undefined) {
    const where = `The Elastic IP ${allocationId} belongs to the private address ${fromPrivateIp}`;
    return carrier.kind === "PROBLEM"
      ? problem(`${where}, which cannot be returned.`)
      : wait(`${where}, which is not back yet.`, ["interfaces", "addresses"]);
  }
  // EC2 gives an Elastic IP to an instance that runs or is stopped, and to none on its way between the two.
  const { state } = world.original;
  if (state !== "running" && state !== "stopped") {
    return wait(`The original ${world.originalId} is ${state}.`, ["original"]);
  }
  return act({
    kind: "RETURN_ADDRESS",
    id: `RETURN_ADDRESS ${allocationId} ${fromInterfaceId} ${fromPrivateIp}`,
    allocationId,
    networkInterfaceId: fromInterfaceId,
    privateIp: fromPrivateIp,
  });
};

type GroupMove = ChangeOf<"MOVE_TARGET_GROUP">;

export const groupOf = (
  world: Pick<RollbackInput, "targetGroups">,
  { targetGroupArn, port }: GroupMove,
): FoundTargetGroup | undefined =>
  world.targetGroups.find((group) => group.arn === targetGroupArn && group.port === port);

const whereOf = ({ targetGroupArn, port }: GroupMove): string =>
  `${targetGroupArn} ${String(port)}`;

/** @param originalId is a member of the group already */
export const waitForGroup = (originalId: string, arn: string): UndoWait<RollbackPart> =>
  wait(
    `The original ${originalId} is not healthy in ${arn} yet.`,
    ["targetGroups", "original"],
    "MINUTES",
  );

/** The original is a member and healthy. A target group takes an instance only while it runs: asked once the original does. */
export const returnToTargetGroup = (world: RollbackWorld, change: GroupMove): Return => {
  const { targetGroupArn: arn, port } = change;
  const { originalId } = world;
  const found = groupOf(world, change);
  if (found === undefined) return problem(`The target group ${arn} is no longer there.`);
  if (!found.instanceIds.includes(originalId)) {
    return act({
      kind: "RETURN_TARGET_GROUP",
      id: `RETURN_TARGET_GROUP ${whereOf(change)} ${originalId}`,
      arn,
      port,
      instanceId: originalId,
    });
  }
  if (found.readyInstanceIds?.includes(originalId) !== false) return returned;
  return waitForGroup(originalId, arn);
};

/** Asked once the original is healthy there: the replacement leaves. */
export const leaveTargetGroup = (world: RollbackInput, change: GroupMove): Return => {
  const { targetGroupArn: arn, port } = change;
  const ours = groupOf(world, change)?.instanceIds.find(
    (instanceId) =>
      instanceId !== world.originalId && isOurs(world, instanceId, change.toInstanceId),
  );
  return ours === undefined
    ? returned
    : act({
        kind: "LEAVE_TARGET_GROUP",
        id: `LEAVE_TARGET_GROUP ${whereOf(change)} ${ours}`,
        arn,
        port,
        instanceId: ours,
      });
};

/**
 * Ends what was launched. The replacement of a stateful load ends before its original starts, for two would write at once:
 * what the original gets back is kept when it ends, and so is its root volume once it has had clients. Otherwise it ends last,
 * when the original serves.
 */
import { changesOf, type ChangeOf } from "../../../model/intent.ts";
import { drainDeadlineMinutes } from "../../switch/drain.ts";
import { addressChanges, returnOfPrivateIps } from "./addresses.ts";
import { firstActions, firstWait, isAlive, listed, planAct } from "./problems.ts";
import {
  act,
  interfaceOf,
  unlessRefused,
  wait,
  type Return,
  type RollbackWorld,
} from "./return.ts";
import { launchOf } from "../../switch/launches.ts";
import { imagingOf } from "./claims.ts";
import { servedSince } from "./serving.ts";
import { planForUnseenLaunch } from "./unseen.ts";
import type { FoundInstance, RollbackInput, RollbackPlan } from "./world.ts";

const launchedIn = ({ replacements, originalId }: RollbackWorld): readonly FoundInstance[] =>
  replacements.filter(({ instanceId }) => instanceId !== originalId);

export const terminate = ({ intents }: RollbackInput, found: FoundInstance): RollbackPlan => {
  const { instanceId } = found;
  const undoes = launchOf(intents, found)?.id;
  return planAct({
    kind: "TERMINATE_REPLACEMENT",
    id: `TERMINATE_REPLACEMENT ${instanceId}`,
    instanceId,
    ...(undoes === undefined ? {} : { undoes }),
  });
};

type VolumeMove = ChangeOf<"MOVE_VOLUME">;

const moveOfRoot = ({ intents }: RollbackInput): VolumeMove | undefined =>
  changesOf(intents, "MOVE_VOLUME").find(({ isRoot }) => isRoot === true);

/** The original's own root volume is, or was, its root: what was written there comes back with it. */
const runsOnMovedRoot = (world: RollbackWorld, { instanceId }: FoundInstance): boolean =>
  world.rootTask === "SUCCEEDED" && moveOfRoot(world)?.toInstanceId === instanceId;

/** EC2 may still make the original's root volume that of the replacement: where it will be cannot be said. */
const planOpenTask = (
  world: RollbackWorld,
  { instanceId }: FoundInstance,
): RollbackPlan | undefined => {
  const move = moveOfRoot(world);
  return world.rootTask === "OPEN" && move?.toInstanceId === instanceId
    ? wait(`EC2 may still make ${move.volumeId} the root of ${instanceId}.`, ["rootTask"])
    : undefined;
};

/** A root volume that was to outlive the replacement would stay behind. The original's own does. */
export const planRootRelease = (
  { intents }: RollbackInput,
  { instanceId, volumes }: FoundInstance,
): RollbackPlan | undefined => {
  const moved = changesOf(intents, "MOVE_VOLUME").map(({ volumeId }) => volumeId);
  const kept = changesOf(intents, "KEEP_ROOT").find(
    (change) =>
      change.instanceId === instanceId &&
      volumes.some(
        ({ deviceName, volumeId, deleteOnTermination }) =>
          deviceName === change.deviceName &&
          deleteOnTermination === false &&
          !moved.includes(volumeId),
      ),
  );
  if (kept === undefined) return undefined;
  const { deviceName } = kept;
  const id = `RELEASE_ROOT ${instanceId} ${deviceName}`;
  return planAct({ kind: "RELEASE_ROOT", id, instanceId, deviceName });
};

/** What is still shown of the original at a replacement that ends last: all of it has returned before. */
const shownOf = (world: RollbackWorld, found: FoundInstance): readonly string[] => {
  const { intents, original } = world;
  const ours = new Set([
    ...changesOf(intents, "MOVE_VOLUME").map((change) => change.volumeId),
    ...changesOf(intents, "MOVE_INTERFACE").map((change) => change.networkInterfaceId),
    ...changesOf(intents, "MOVE_PRIVATE_IPS").flatMap((change) => change.privateIps),
    ...addressChanges(world).map((change) => change.allocationId),
    ...original.volumes.map((volume) => volume.volumeId),
  ]);
  // Everything that the replacement itself shows: the other readings may be younger or older than this one.
  const held = [
    ...found.volumes.map((volume) => volume.volumeId),
    ...found.networkInterfaces.flatMap(({ networkInterfaceId, privateAddresses }) => [
      networkInterfaceId,
      ...privateAddresses.flatMap(({ privateIp, allocationId }) =>
        allocationId === undefined ? [privateIp] : [privateIp, allocationId],
      ),
    ]),
  ];
  return held.filter((id) => ours.has(id));
};

/**
 * A stateless replacement that has left its target groups keeps its connections until it has drained: nobody is waiting,
 * for the original serves. One that does not run has none, and EC2 ends a lost one by itself. A stateful one is not waited
 * for: each request that it still takes is a write that the original will not have.
 */
const planDrain = (
  { isStateless = false, targetGroups }: RollbackWorld,
  { instanceId, state }: FoundInstance,
): RollbackPlan | undefined => {
  if (!isStateless || state !== "running") return undefined;
  const group = targetGroups.find(({ drainingInstanceIds = [] }) =>
    drainingInstanceIds.includes(instanceId),
  );
  if (group === undefined) return undefined;
  const sentence = `The replacement ${instanceId} still drains in ${group.arn}.`;
  const parts = ["targetGroups", "replacements"] as const;
  return { ...wait(sentence, parts, "MINUTES"), minutes: drainDeadlineMinutes };
};

const keepingOfVolumes = (
  { intents }: RollbackInput,
  { instanceId, volumes }: FoundInstance,
): readonly Return[] => {
  const moved = changesOf(intents, "MOVE_VOLUME").map(({ volumeId }) => volumeId);
  return volumes
    .filter(
      ({ volumeId, deleteOnTermination }) =>
        moved.includes(volumeId) && deleteOnTermination !== false,
    )
    .map(({ volumeId, deviceName }) => {
      if (deviceName === undefined) {
        return wait(`EC2 does not show where ${volumeId} is attached.`, ["replacements"]);
      }
      const id = `KEEP_VOLUME ${volumeId} ${instanceId} ${deviceName}`;
      return act({ kind: "KEEP_VOLUME", id, volumeId, instanceId, deviceName });
    });
};

const keepingOfInterfaces = (
  world: RollbackInput,
  { instanceId }: FoundInstance,
): readonly Return[] =>
  changesOf(world.intents, "MOVE_INTERFACE")
    .flatMap(({ networkInterfaceId }) => interfaceOf(world, networkInterfaceId) ?? [])
    .filter(
      ({ attachedTo, deleteOnTermination }) =>
        attachedTo === instanceId && deleteOnTermination !== false,
    )
    .map(({ networkInterfaceId, attachmentId }) => {
      if (attachmentId === undefined) {
        return wait(`${networkInterfaceId} shows no attachment id yet.`, ["interfaces"]);
      }
      const id = `KEEP_INTERFACE ${networkInterfaceId} ${attachmentId}`;
      return act({ kind: "KEEP_INTERFACE", id, networkInterfaceId, attachmentId });
    });

/** Data volumes and interfaces of the original that would be deleted with the replacement; undefined once none is. */
export const planKeeping = (
  world: RollbackInput,
  found: FoundInstance,
): RollbackPlan | undefined => {
  const keeping = [...keepingOfVolumes(world, found), ...keepingOfInterfaces(world, found)];
  return firstActions(keeping) ?? firstWait(keeping);
};

/** Root volumes that were to outlive the instance, and that EC2 shows to do so, with since when they are kept. */
const keptRootsOf = (
  { intents, volumes }: RollbackWorld,
  instanceId: string,
): readonly { readonly volumeId: string; readonly keptSince: string }[] =>
  intents.flatMap(({ change, plannedAt }) => {
    if (change.kind !== "KEEP_ROOT" || change.instanceId !== instanceId) return [];
    const found = volumes.find(({ volumeId }) => volumeId === change.volumeId);
    const isThere =
      found !== undefined &&
      (found.attachedTo === undefined || found.deleteOnTermination === false);
    return isThere ? [{ volumeId: change.volumeId, keptSince: plannedAt }] : [];
  });

/**
 * Nothing can be kept any longer. A root volume that is still there is named, though nobody may have come: it was kept from
 * right before that.
 */
const noteLost = (
  world: RollbackWorld,
  { instanceId }: FoundInstance,
  since: string | undefined,
): RollbackPlan | undefined => {
  const [kept] = keptRootsOf(world, instanceId);
  const instant = since ?? kept?.keptSince;
  if (instant === undefined) return undefined;
  return planAct({
    kind: "NOTE_WRITES",
    id: `NOTE_WRITES ${instanceId}`,
    instanceId,
    since: instant,
    ...(kept === undefined ? {} : { volumeId: kept.volumeId }),
  });
};

/** The one that clients came to: its root volume is kept, and an intent names it before it ends. */
const planKeepingOwnRoot = (
  world: RollbackWorld,
  found: FoundInstance,
): RollbackPlan | undefined => {
  const { instanceId, rootDeviceName, volumes } = found;
  const since = world.serving?.instanceId === instanceId ? servedSince(world) : undefined;
  const isNoted = changesOf(world.intents, "KEEP_WRITES").some(
    (change) => change.instanceId === instanceId,
  );
  if (!isAlive(found)) return isNoted ? undefined : noteLost(world, found, since);
  if (since === undefined) return undefined;
  const root = volumes.find(({ deviceName }) => deviceName === rootDeviceName);
  if (root === undefined || rootDeviceName === undefined) {
    return wait(`EC2 does not show the root volume of ${instanceId}.`, ["replacements"]);
  }
  // Set, and read back.
  if (isNoted && root.deleteOnTermination === false) return undefined;
  const { volumeId } = root;
  return planAct({
    kind: "KEEP_WRITES",
    id: `KEEP_WRITES ${instanceId} ${volumeId}`,
    instanceId,
    since,
    volumeId,
    deviceName: rootDeviceName,
  });
};

const planKeepingWrites = (world: RollbackWorld, found: FoundInstance): RollbackPlan | undefined =>
  runsOnMovedRoot(world, found) ? undefined : planKeepingOwnRoot(world, found);

/** Of those that were lost, where there is something to tell. */
const planNotes = (world: RollbackWorld): RollbackPlan | undefined => {
  if (world.isStateless === true) return undefined;
  const [first] = launchedIn(world).flatMap((found) => planKeepingWrites(world, found) ?? []);
  return first;
};

/** When the original serves with all that is its own. */
export const planEndLast = (world: RollbackWorld): RollbackPlan | undefined => {
  const next = launchedIn(world).find(isAlive);
  if (next === undefined) return planNotes(world) ?? planForUnseenLaunch(world);
  const held = shownOf(world, next);
  if (held.length > 0) {
    const sentence = `The replacement ${next.instanceId} still shows ${listed(held)} of the original.`;
    return wait(sentence, ["replacements", "addresses"]);
  }
  return planDrain(world, next) ?? planRootRelease(world, next) ?? terminate(world, next);
};

/** A private address that nobody holds may be given to anybody's launch: it returns before the replacement lets go of it. */
const planPrivateIps = (world: RollbackWorld): RollbackPlan | undefined =>
  firstActions(
    changesOf(world.intents, "MOVE_PRIVATE_IPS").map((change) =>
      unlessRefused(world, returnOfPrivateIps(world, change)),
    ),
  );

const planEndOf = (world: RollbackWorld, found: FoundInstance): RollbackPlan | undefined => {
  const { instanceId } = found;
  const writes = planKeepingWrites(world, found);
  if (writes !== undefined || !isAlive(found)) return writes;
  const isLastState = world.serving?.instanceId === instanceId && servedSince(world) !== undefined;
  return (
    planOpenTask(world, found) ??
    planPrivateIps(world) ??
    planKeeping(world, found) ??
    (isLastState ? undefined : planRootRelease(world, found)) ??
    terminate(world, found)
  );
};

/** Before the original starts: seen terminated, every one. Undefined when none is left. */
export const planEndFirst = (world: RollbackWorld): RollbackPlan | undefined => {
  const all = launchedIn(world);
  for (const found of all) {
    const next = planEndOf(world, found);
    if (next !== undefined) return next;
  }
  const goingDown = all.find(({ state }) => state !== "terminated");
  return goingDown === undefined
    ? planForUnseenLaunch(world)
    : wait(`The replacement ${goingDown.instanceId} is ${goingDown.state}.`, ["replacements"]);
};

export const planImages = ({ images, intents }: RollbackInput): RollbackPlan | undefined => {
  const next = images.find(({ state }) => state !== "deregistered");
  if (next === undefined) return undefined;
  const { imageId, snapshotIds } = next;
  const id = `DELETE_IMAGE ${[imageId, ...snapshotIds].join(" ")}`;
  const undoes = imagingOf(intents, next)?.id;
  return planAct({
    kind: "DELETE_IMAGE",
    id,
    imageId,
    snapshotIds,
    ...(undoes === undefined ? {} : { undoes }),
  });
};

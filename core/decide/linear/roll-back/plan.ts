/**
 * Plans the next thing that a roll-back does, to many parts at once where these are alike. Asked again after it with what
 * that changed read anew, so that it comes to the same end from every state, however often it is killed.
 *
 * Order: cancel the retirement; network identity and volumes back to the original; start it, if we stopped it; when
 * it runs, target groups; only then, and drained, terminate what we launched; images last, for they may be the last copy, and
 * their snapshots. What may still appear is waited for, and what carries our tags in the end is named.
 * What somebody else attached, or AWS refuses to give back, ends the roll-back before anything is terminated or
 * deleted. It does not keep the original from starting. A missing volume does.
 */
import { drainDeadlineMinutes } from "../../switch/drain.ts";
import { refusalOf } from "../../switch/undo-plan.ts";
import { alikeCallsAtOnce } from "../paces.ts";
import { hasEnded } from "../../../model/instance.ts";
import { changesOf } from "../../../model/intent.ts";
import {
  addressChanges,
  returnOfAddress,
  returnOfPrivateIps,
  returnOfTargetGroup,
} from "./addresses.ts";
import { returnOfInterface, returnOfVolume } from "./attachments.ts";
import { imagingOf, launchOf } from "./claims.ts";
import { planLeft, planLook, planSnapshots } from "./left.ts";
import { returnOfRoot } from "./root.ts";
import { problem, unlessRefused, wait, type Return, type RollbackWorld } from "./return.ts";
import { planForUnseenImage, planForUnseenLaunch } from "./unseen.ts";
import type { FoundInstance, RollbackAction, RollbackInput, RollbackPlan } from "./world.ts";

const act = (action: RollbackAction): RollbackPlan => ({ kind: "ACT", action });
const needsOperator = (sentence: string): RollbackPlan => ({ kind: "NEEDS_OPERATOR", sentence });

const isAlive = ({ state }: FoundInstance): boolean => !hasEnded(state);

const listed = (ids: readonly string[]): string => ids.join(", ");

/** A switch that was declared done is not undone, not even in part. */
const planForCommitted = ({ intents, originalId }: RollbackInput): RollbackPlan | undefined => {
  const committed = intents.filter((intent) => intent.status === "COMMITTED");
  return committed.length === 0
    ? undefined
    : needsOperator(
        `The switch away from ${originalId} is committed already ` +
          `(${listed(committed.map((intent) => intent.id))}); nothing was undone. ` +
          `Next: see that the replacement serves, and close the evaluation.`,
      );
};

const cancellation = ({ intents }: RollbackInput): RollbackAction | undefined => {
  const due = intents.find(
    ({ change, status }) => change.kind === "RETIRE_ORIGINAL" && status !== "UNDONE",
  );
  return due === undefined
    ? undefined
    : { kind: "CANCEL_RETIREMENT", id: `CANCEL_RETIREMENT ${due.id}`, undoes: due.id };
};

/**
 * Before all else, so that nobody terminates what serves again. Where the tag cannot be taken away the roll-back
 * goes on: only a committed retirement is carried out.
 */
const planRetirement = (input: RollbackInput): RollbackPlan | undefined => {
  const action = cancellation(input);
  return action === undefined || refusalOf(input.refused, action) !== undefined
    ? undefined
    : act(action);
};

const refusedCancellation = (world: RollbackWorld): readonly Return[] => {
  const action = cancellation(world);
  return action === undefined ? [] : [unlessRefused(world, { kind: "ACT", action })];
};

const keptSentence = ({ replacements, images }: RollbackInput): string => {
  const alive = replacements.filter(isAlive);
  const kept = [
    ...alive.map(({ instanceId, state }) => `the replacement ${instanceId} (${state})`),
    ...images.map(({ imageId }) => `the image ${imageId}`),
  ];
  if (kept.length === 0) return "Nothing was launched or imaged that could take its place.";
  const next =
    alive.length > 0
      ? `see whether ${listed(alive.map(({ instanceId }) => instanceId))} serves and register it as the target's instance`
      : "launch a new instance from the image";
  return `Kept: ${listed(kept)}. Next: ${next}; delete the rest by hand.`;
};

/** The first action, and those of its kind that need not wait for it. Problems are the caller's. */
const firstActions = (returns: readonly Return[]): RollbackPlan | undefined => {
  const [next, ...others] = returns.flatMap((each) => (each.kind === "ACT" ? [each.action] : []));
  if (next === undefined) return undefined;
  const alike = others.filter(({ kind }) => kind === next.kind).slice(0, alikeCallsAtOnce - 1);
  return { ...act(next), ...(alike.length > 0 && { alike }) };
};

/** Told is the first; it is over as soon as any of them is. */
const firstWait = (returns: readonly Return[]): RollbackPlan | undefined => {
  const waits = returns.filter((each) => each.kind === "WAIT");
  const [next] = waits;
  if (next === undefined) return undefined;
  const isQuick = waits.some(({ takes }) => takes === "SECONDS");
  return wait(
    next.sentence,
    [...new Set(waits.flatMap(({ on }) => on))],
    isQuick ? "SECONDS" : "MINUTES",
  );
};

const problemsOf = (returns: readonly Return[]): readonly string[] =>
  returns.filter((each) => each.kind === "PROBLEM").map(({ sentence }) => sentence);

const planForProblems = (
  world: RollbackWorld,
  returns: readonly Return[],
): RollbackPlan | undefined => {
  const problems = problemsOf(returns);
  if (problems.length === 0) return undefined;
  const { originalId, original } = world;
  return needsOperator(
    `${problems.join(" ")} The original ${originalId} is ${original.state}. ${keptSentence(world)}`,
  );
};

const hasMoves = ({ intents }: RollbackWorld): boolean =>
  intents.some(({ change }) => change.kind.startsWith("MOVE_"));

/** Undefined when the original runs, or is stopped as its owner left it. */
const planStart = (world: RollbackWorld): RollbackPlan | undefined => {
  const { original, originalId, intents } = world;
  if (original.state === "running") return undefined;
  if (original.state !== "stopped") {
    return wait(`The original ${originalId} is ${original.state}.`, ["original"]);
  }
  if (changesOf(intents, "STOP_INSTANCE").some(({ instanceId }) => instanceId === originalId)) {
    return act({
      kind: "START_ORIGINAL",
      id: `START_ORIGINAL ${originalId}`,
      instanceId: originalId,
    });
  }
  return hasMoves(world)
    ? needsOperator(
        `The original ${originalId} has its identity back, but somebody else stopped it. ` +
          `${keptSentence(world)} The original was not started.`,
      )
    : undefined;
};

/** Ids of everything that the intents may have moved, and of what the original holds. */
const identityIds = (world: RollbackWorld): ReadonlySet<string> => {
  const { intents, original } = world;
  return new Set([
    ...changesOf(intents, "MOVE_VOLUME").map((change) => change.volumeId),
    ...changesOf(intents, "MOVE_INTERFACE").map((change) => change.networkInterfaceId),
    ...changesOf(intents, "MOVE_PRIVATE_IPS").flatMap((change) => change.privateIps),
    ...addressChanges(world).map((change) => change.allocationId),
    ...original.volumes.map((volume) => volume.volumeId),
  ]);
};

/** Everything that the replacement itself shows: the other readings may be younger or older than this one. */
const heldBy = ({ volumes, networkInterfaces }: FoundInstance): readonly string[] => [
  ...volumes.map((volume) => volume.volumeId),
  ...networkInterfaces.flatMap(({ networkInterfaceId, privateAddresses }) => [
    networkInterfaceId,
    ...privateAddresses.flatMap(({ privateIp, allocationId }) =>
      allocationId === undefined ? [privateIp] : [privateIp, allocationId],
    ),
  ]),
];

const termination = ({ intents }: RollbackWorld, found: FoundInstance): RollbackAction => {
  const { instanceId } = found;
  const undoes = launchOf(intents, found)?.id;
  return {
    kind: "TERMINATE_REPLACEMENT",
    id: `TERMINATE_REPLACEMENT ${instanceId}`,
    instanceId,
    ...(undoes === undefined ? {} : { undoes }),
  };
};

const planTermination = (world: RollbackWorld): RollbackPlan | undefined => {
  const { replacements, originalId } = world;
  const next = replacements.find(
    (replacement) => replacement.instanceId !== originalId && isAlive(replacement),
  );
  if (next === undefined) return undefined;
  const ours = identityIds(world);
  const held = heldBy(next).filter((id) => ours.has(id));
  if (held.length > 0) {
    const sentence = `The replacement ${next.instanceId} still shows ${listed(held)} of the original.`;
    return wait(sentence, ["replacements", "addresses"]);
  }
  if (world.isOriginalHealthy === false) {
    const sentence = `The original ${originalId} has not passed its checks yet.`;
    return wait(sentence, ["checks"], "MINUTES");
  }
  return planDrain(world, next) ?? planRootRelease(world, next) ?? act(termination(world, next));
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

/** A root volume that was to outlive the replacement would stay behind. That of the original does, see root.ts. */
const planRootRelease = (
  { intents }: RollbackWorld,
  { instanceId, volumes }: FoundInstance,
): RollbackPlan | undefined => {
  const isMoved = (volumeId: string): boolean =>
    changesOf(intents, "MOVE_VOLUME").some((change) => change.volumeId === volumeId);
  const kept = changesOf(intents, "KEEP_ROOT").find(
    (change) =>
      change.instanceId === instanceId &&
      volumes.some(
        ({ deviceName, volumeId, deleteOnTermination }) =>
          deviceName === change.deviceName && deleteOnTermination === false && !isMoved(volumeId),
      ),
  );
  if (kept === undefined) return undefined;
  const { deviceName } = kept;
  const id = `RELEASE_ROOT ${instanceId} ${deviceName}`;
  return act({ kind: "RELEASE_ROOT", id, instanceId, deviceName });
};

const planImages = ({ images, intents }: RollbackWorld): RollbackPlan | undefined => {
  const next = images.find(({ state }) => state !== "deregistered");
  if (next === undefined) return undefined;
  const { imageId, snapshotIds } = next;
  const id = `DELETE_IMAGE ${[imageId, ...snapshotIds].join(" ")}`;
  const undoes = imagingOf(intents, next)?.id;
  return act({
    kind: "DELETE_IMAGE",
    id,
    imageId,
    snapshotIds,
    ...(undoes === undefined ? {} : { undoes }),
  });
};

/** Reverse order of the moves: addresses, private IPs, interfaces. */
const networkReturns = (world: RollbackWorld): readonly Return[] =>
  [
    ...addressChanges(world).map((change) => returnOfAddress(world, change)),
    ...changesOf(world.intents, "MOVE_PRIVATE_IPS").map((change) =>
      returnOfPrivateIps(world, change),
    ),
    ...changesOf(world.intents, "MOVE_INTERFACE").map((change) => returnOfInterface(world, change)),
  ].map((each) => unlessRefused(world, each));

const volumeReturns = (world: RollbackWorld): readonly Return[] =>
  changesOf(world.intents, "MOVE_VOLUME").map((change) =>
    change.isRoot === true ? returnOfRoot(world, change) : returnOfVolume(world, change),
  );

/** What becomes of a volume when its instance is terminated does not keep the instance from starting. */
const isAboutDeletion = (each: Return): boolean =>
  each.kind === "ACT" && each.action.kind === "RESTORE_VOLUME_DELETION";

interface Returns {
  readonly network: readonly Return[];
  readonly volumes: readonly Return[];
}

/** Everything up to the start of the original; undefined when that is done. */
const planReturn = (
  world: RollbackWorld,
  { network, volumes }: Returns,
): RollbackPlan | undefined => {
  const all = [...network, ...volumes.map((each) => unlessRefused(world, each))];
  const needed = volumes
    .filter((each) => !isAboutDeletion(each))
    .map((each) => unlessRefused(world, each));
  return firstActions(all) ?? planForProblems(world, needed) ?? firstWait(all) ?? planStart(world);
};

/** A target group takes an instance only while it runs, so this comes after the start. */
const planCleanUp = (
  world: RollbackWorld,
  { network, volumes }: Returns,
): RollbackPlan | undefined => {
  const groups = changesOf(world.intents, "MOVE_TARGET_GROUP").map((change) =>
    unlessRefused(world, returnOfTargetGroup(world, change)),
  );
  const rest = volumes.map((each) => unlessRefused(world, each));
  return (
    firstActions(groups) ??
    planForProblems(world, [...network, ...rest, ...groups, ...refusedCancellation(world)]) ??
    firstWait(groups) ??
    planTermination(world) ??
    planForUnseenLaunch(world) ??
    planImages(world) ??
    planLook(world) ??
    planSnapshots(world) ??
    planForUnseenImage(world) ??
    planLeft(world)
  );
};

/** What cannot be left out: the start, a termination, an image. */
const orProblem = (world: RollbackWorld, plan: RollbackPlan): RollbackPlan => {
  const sentence = plan.kind === "ACT" ? refusalOf(world.refused, plan.action) : undefined;
  return (sentence === undefined ? undefined : planForProblems(world, [problem(sentence)])) ?? plan;
};

const planInWorld = (world: RollbackWorld): RollbackPlan => {
  const returns = { network: networkReturns(world), volumes: volumeReturns(world) };
  return orProblem(
    world,
    planReturn(world, returns) ?? planCleanUp(world, returns) ?? { kind: "DONE" },
  );
};

/** The next action, or why there is none. Never throws. */
export const planRollback = (input: RollbackInput): RollbackPlan => {
  const { intents, replacements, images, original, originalId } = input;
  if (intents.length === 0 && replacements.length === 0 && images.length === 0) {
    return { kind: "DONE" };
  }
  const first = planForCommitted(input) ?? planRetirement(input);
  if (first !== undefined) return first;
  if (original === undefined) {
    const sentence = `EC2 does not show the original ${originalId}; nothing is touched until it does.`;
    return wait(sentence, ["original"]);
  }
  // Nothing can return to an instance that has ended: what could take its place is kept.
  return isAlive(original)
    ? planInWorld({ ...input, original })
    : needsOperator(
        `The original ${originalId} is ${original.state} and cannot be brought back. ${keptSentence(input)}`,
      );
};

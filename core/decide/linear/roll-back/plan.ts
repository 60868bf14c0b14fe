/**
 * Plans the next thing that a roll-back does, to many parts at once where these are alike. Asked again after it with what
 * that changed read anew, so that it comes to the same end from every state, however often it is killed.
 *
 * Order: nothing at all while a healthy replacement of a stateful load has had clients, or while EC2 takes back the Spot Instance to which
 * all would return, or once that with its data was ended; cancel the retirement; end the
 * replacement of a stateful load, for two would write at once; volumes; point the original at the capacity that is held for it, and start it,
 * if we stopped it; its checks;
 * target groups, interfaces and addresses last, and those of a stateless load only once it is healthy in its groups; only then,
 * and drained, end what else we created, our claim and the reservation; images last, for they may be the last copy, and their snapshots. What may still
 * appear is waited for, and what carries our tags in the end is named.
 * What somebody else attached, or AWS refuses to give back, ends the roll-back before anything more is terminated or
 * deleted. It does not keep the original from starting. A missing volume does.
 */
import { refusalOf } from "../../switch/undo-plan.ts";
import { ownersStopOf } from "../who-stopped.ts";
import { changesOf } from "../../../model/intent.ts";
import {
  addressChanges,
  leaveTargetGroup,
  returnOfAddress,
  returnOfPrivateIps,
  returnToTargetGroup,
  waitForGroup,
} from "./addresses.ts";
import { returnOfInterface, returnOfVolume } from "./attachments.ts";
import { planCapacityEnd, planPointing } from "./capacity.ts";
import { trafficMoves } from "../served.ts";
import { planRelease, refusedRelease } from "./claim-tag.ts";
import { planEndFirst, planEndLast, planImages } from "./ending.ts";
import { planLeft, planLook, planSnapshots } from "./left.ts";
import { planForward } from "./forward.ts";
import { planIsolationEnd } from "./isolation.ts";
import {
  firstActions,
  firstWait,
  isAlive,
  keptSentence,
  listed,
  needsOperator,
  planAct,
  planForProblem,
  planForProblems,
} from "./problems.ts";
import { unlessRefused, wait, type Return, type RollbackWorld } from "./return.ts";
import { planHeld, servedSince } from "./serving.ts";
import { planRecovered } from "./recovered.ts";
import { planSuperseded } from "./superseded.ts";
import { planForUnseenImage } from "./unseen.ts";
import type { RollbackAction, RollbackInput, RollbackPlan } from "./world.ts";

/** A switch that was declared done is not undone, not even in part. A kept root is committed from the start. */
const planForCommitted = ({ intents, originalId }: RollbackInput): RollbackPlan | undefined => {
  const committed = intents.filter(
    ({ status, change }) => status === "COMMITTED" && change.kind !== "KEEP_WRITES",
  );
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
 * Before all else at an original that EC2 shows, so that nobody terminates what serves again. Where the tag cannot be taken away the roll-back
 * goes on: only a committed retirement is carried out.
 */
const planRetirement = (input: RollbackInput): RollbackPlan | undefined => {
  const action = cancellation(input);
  return action === undefined || refusalOf(input.refused, action) !== undefined
    ? undefined
    : planAct(action);
};

const refusedCancellation = (world: RollbackWorld): readonly Return[] => {
  const action = cancellation(world);
  return action === undefined ? [] : [unlessRefused(world, { kind: "ACT", action })];
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
  const theirs = ownersStopOf(original, intents);
  const isOurs = changesOf(intents, "STOP_INSTANCE").some(
    ({ instanceId }) => instanceId === originalId,
  );
  if (isOurs && theirs === undefined) {
    return (
      planPointing(world) ??
      planAct({
        kind: "START_ORIGINAL",
        id: `START_ORIGINAL ${originalId}`,
        instanceId: originalId,
      })
    );
  }
  return hasMoves(world)
    ? needsOperator(
        `The original ${originalId} must have its identity back, but somebody else stopped it. ` +
          `${theirs === undefined ? "" : `${theirs.sentence} `}${keptSentence(world)} The original was not started.`,
      )
    : undefined;
};

/** One that its owner has stopped is not waited for. */
const planChecks = ({
  isOriginalHealthy,
  originalId,
  original,
  intents,
}: RollbackWorld): RollbackPlan | undefined =>
  isOriginalHealthy === false &&
  (original.state !== "stopped" || ownersStopOf(original, intents) === undefined)
    ? wait(`The original ${originalId} has not passed its checks yet.`, ["checks"], "CHECKS")
    : undefined;

/** Reverse order of the moves: addresses, private IPs, interfaces. */
const networkReturns = (world: RollbackWorld): readonly Return[] =>
  [
    ...addressChanges(world).map((change) => returnOfAddress(world, change)),
    ...changesOf(world.intents, "MOVE_PRIVATE_IPS").map((change) =>
      returnOfPrivateIps(world, change),
    ),
    ...changesOf(world.intents, "MOVE_INTERFACE").map((change) => returnOfInterface(world, change)),
  ].map((each) => unlessRefused(world, each));

const groupReturns = (world: RollbackWorld): readonly Return[] =>
  changesOf(world.intents, "MOVE_TARGET_GROUP").map((change) =>
    unlessRefused(world, returnToTargetGroup(world, change)),
  );

const volumeReturns = (world: RollbackWorld): readonly Return[] =>
  changesOf(world.intents, "MOVE_VOLUME").map((change) => returnOfVolume(world, change));

/** What becomes of a volume when its instance is terminated does not keep the instance from starting. */
const isAboutDeletion = (each: Return): boolean =>
  each.kind === "ACT" && each.action.kind === "RESTORE_VOLUME_DELETION";

/** Two would write at once; and what it holds returns in no other way. */
const mustEndFirst = (world: RollbackWorld, volumes: readonly Return[]): boolean =>
  world.isStateless !== true &&
  (world.original.state !== "running" ||
    servedSince(world) !== undefined ||
    volumes.some((each) => each.kind !== "RETURNED" && !isAboutDeletion(each)));

/** The original runs, with its volumes; undefined when that is done. */
const planOriginal = (
  world: RollbackWorld,
  volumes: readonly Return[],
): RollbackPlan | undefined => {
  const needed = volumes
    .filter((each) => !isAboutDeletion(each))
    .map((each) => unlessRefused(world, each));
  // A volume that cannot return: nothing is ended for it.
  const lost = planForProblems(world, needed);
  if (lost !== undefined) return lost;
  const end = mustEndFirst(world, volumes) ? planEndFirst(world) : undefined;
  const all = volumes.map((each) => unlessRefused(world, each));
  return end ?? firstActions(all) ?? firstWait(all) ?? planStart(world);
};

/**
 * Also in the groups that it has not left: a load balancer that finds it unhealthy says what EC2's checks don't. Where no replacement
 * lives, nothing is taken from anybody.
 */
const planAnswering = ({
  originalId,
  replacements,
  targetGroups,
}: RollbackWorld): RollbackPlan | undefined => {
  const silent = targetGroups.find(
    ({ instanceIds, readyInstanceIds }) =>
      instanceIds.includes(originalId) && readyInstanceIds?.includes(originalId) === false,
  );
  return silent === undefined || !replacements.some(isAlive)
    ? undefined
    : waitForGroup(originalId, silent.arn);
};

/**
 * The replacement of a stateless load serves until the original is proved healthy in its groups. Nobody serves a stateful one
 * meanwhile: all that can return does, and one that had clients does not wait for the checks either.
 */
const planTraffic = (world: RollbackWorld): RollbackPlan | undefined => {
  const groups = groupReturns(world);
  if (world.isStateless === true) {
    const joined =
      planChecks(world) ??
      firstActions(groups) ??
      planForProblems(world, groups) ??
      firstWait(groups);
    if (joined !== undefined) return joined;
    const returns = firstActions(networkReturns(world));
    return returns === undefined ? undefined : (planAnswering(world) ?? returns);
  }
  const checks = servedSince(world) === undefined ? planChecks(world) : undefined;
  return checks ?? firstActions([...networkReturns(world), ...groups]);
};

/** Images, and all that is left. */
const planLast = (world: RollbackWorld): RollbackPlan | undefined =>
  planCapacityEnd(world) ??
  planIsolationEnd(world) ??
  planImages(world) ??
  planLook(world) ??
  planSnapshots(world) ??
  planForUnseenImage(world) ??
  planLeft(world);

/** The claim ends when the original is as it was; images and snapshots are no other deployment's business. */
const planClaim = (world: RollbackWorld): RollbackPlan | undefined => {
  const refused = refusedRelease(world);
  return planRelease(world) ?? (refused === undefined ? undefined : planForProblem(world, refused));
};

/** Once all has returned that can. */
const planCleanUp = (
  world: RollbackWorld,
  volumes: readonly Return[],
): RollbackPlan | undefined => {
  const returns = [
    ...networkReturns(world),
    ...volumes.map((each) => unlessRefused(world, each)),
    ...groupReturns(world),
  ];
  const leaving = changesOf(world.intents, "MOVE_TARGET_GROUP").map((change) =>
    unlessRefused(world, leaveTargetGroup(world, change)),
  );
  return (
    planForProblems(world, returns) ??
    firstWait(returns) ??
    planChecks(world) ??
    firstActions(leaving) ??
    planForProblems(world, [...leaving, ...refusedCancellation(world)]) ??
    planEndLast(world) ??
    planClaim(world) ??
    planLast(world)
  );
};

/** What cannot be left out: the start, what keeps volumes, a termination, an image. */
const orProblem = (world: RollbackWorld, plan: RollbackPlan): RollbackPlan => {
  const sentence = plan.kind === "ACT" ? refusalOf(world.refused, plan.action) : undefined;
  return (sentence === undefined ? undefined : planForProblem(world, sentence)) ?? plan;
};

const planInWorld = (world: RollbackWorld): RollbackPlan => {
  const volumes = volumeReturns(world);
  return orProblem(
    world,
    planOriginal(world, volumes) ??
      planTraffic(world) ??
      planCleanUp(world, volumes) ?? { kind: "DONE" },
  );
};

const refusedOrNot = (input: RollbackInput, plan: RollbackPlan): RollbackPlan => {
  const sentence = plan.kind === "ACT" ? refusalOf(input.refused, plan.action) : undefined;
  return sentence === undefined ? plan : needsOperator(`${sentence} ${keptSentence(input)}`);
};

/**
 * It runs, and will not in two minutes. Before clients come to what was launched that is given up, and a recovery launches another; after that it
 * stays, and a person says that it does.
 */
const planTaken = (input: RollbackInput): RollbackPlan | undefined => {
  const { originalTaken, originalId, intents, replacements } = input;
  if (originalTaken === undefined) return undefined;
  if (trafficMoves(intents).length === 0) return planRecovered(input);
  return replacements.some(isAlive)
    ? needsOperator(
        `${originalTaken} Nothing is given back to ${originalId}. ${keptSentence(input)}`,
      )
    : undefined;
};

/** Before anything returns to an original that EC2 shows. */
const planFirst = (input: RollbackInput): RollbackPlan | undefined =>
  planTaken(input) ?? planRetirement(input);

/** What serves, or alone can take over, is kept, and nothing is undone; nor is anything given back to what EC2 has taken. */
const planKept = (input: RollbackInput): RollbackPlan | undefined =>
  planHeld(input) ??
  planForward(input) ??
  (input.isRecovery === true ? planRecovered(input) : undefined);

/** The next action, or why there is none. Never throws. */
export const planRollback = (input: RollbackInput): RollbackPlan => {
  const { intents, replacements, images, original, originalId, supersededBy } = input;
  if (intents.length === 0 && replacements.length === 0 && images.length === 0) {
    return { kind: "DONE" };
  }
  const committed = planForCommitted(input);
  if (committed !== undefined) return committed;
  if (supersededBy !== undefined) return refusedOrNot(input, planSuperseded(input, supersededBy));
  const held = planKept(input);
  if (held !== undefined) return held;
  if (original === undefined) {
    const sentence = `EC2 does not show the original ${originalId}; nothing is touched until it does.`;
    return wait(sentence, ["original"]);
  }
  const first = planFirst(input);
  if (first !== undefined) return first;
  // Nothing can return to an instance that has ended: what could take its place is kept.
  return isAlive(original)
    ? planInWorld({ ...input, original })
    : needsOperator(
        `The original ${originalId} is ${original.state} and cannot be brought back. ${keptSentence(input)}`,
      );
};

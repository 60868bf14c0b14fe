/** Guards shared by the steps of a switch: is the replacement well, is the original still what we judged? */
import {
  readHealth,
  readSpotHealth,
  readSpotHealthBySteps,
} from "../../adapters/aws/ec2/health.ts";
import {
  readInstanceAgain,
  readInstanceState,
  type InstanceReading,
  type ShownInstance,
} from "../../adapters/aws/ec2/instances.ts";
import { readInstanceAsShown } from "../../adapters/aws/ec2/shown-again.ts";
import { readClassicLoadBalancersOf } from "../../adapters/aws/classic-elb.ts";
import { readStandings, readTargetGroupsOf } from "../../adapters/aws/elb.ts";
import { withLoadBalancers } from "../../adapters/aws/load-balancers.ts";
import { listIntents } from "../../adapters/store/intents.ts";
import { judgeDrain } from "../../core/decide/switch/drain.ts";
import { endedByAccount, type EndedContext } from "../../core/decide/switch/ended.ts";
import { isTakenByPool, judgeHealth } from "../../core/decide/switch/health.ts";
import { isSecondLook } from "../../core/decide/switch/pace.ts";
import { judgeReachability } from "../../core/decide/switch/traffic.ts";
import { takesDataBack } from "../../core/decide/linear/data-way-back.ts";
import { judgeOriginalWhileMoving } from "../../core/decide/linear/revalidation.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { isRecovery } from "../../core/model/evaluation-kind.ts";
import type { InstanceHealth, InstanceState } from "../../core/model/instance.ts";
import type { Replacement } from "../../core/model/swap.ts";
import type { TargetGroupFacts } from "../../core/model/target-group.ts";
import { rememberTaken } from "../evaluation/remember-taken.ts";
import { isBoughtOnDemand } from "./bought.ts";
import { readOriginal } from "./facts.ts";
import { replacementId, replacementOf, type LinearSession } from "./session.ts";

export type ReplacementHealth =
  { readonly kind: "HEALTHY" } | { readonly kind: "WAITING"; readonly sentence: string };

/** Of what was bought on Spot its request is asked, too. */
export const readReplacementHealth = async (
  session: LinearSession,
  instanceId: string,
): Promise<InstanceHealth> => {
  const { ec2 } = await session.customer();
  return isBoughtOnDemand(session) ? readHealth(ec2, instanceId) : readSpotHealth(ec2, instanceId);
};

/** What becomes of an On-Demand Instance says nothing of the Spot pool. */
const isTakenFrom = (session: LinearSession, health: InstanceHealth): boolean =>
  !isBoughtOnDemand(session) && isTakenByPool(health);

const afterLoss = ({ evaluation }: LinearSession, isTaken: boolean): string => {
  if (isRecovery(evaluation)) return "Nothing: the next sweep tries again.";
  if (takesDataBack(evaluation)) return "Evaluate again, or resume where the original has ended.";
  return isTaken
    ? "Evaluate again: the original is restored, and another pool will be taken."
    : "Evaluate again: the original is restored.";
};

/**
 * It is lost, or about to be. Remembers the loss where the pool took it, and names the remedy where its owner or his account ended
 * it. Always throws StaleReplacement.
 */
const refuseLost = async (
  session: LinearSession,
  { pool }: Pick<Replacement, "pool">,
  lost: { readonly health: InstanceHealth; readonly sentence: string },
): Promise<never> => {
  const { health } = lost;
  const { instanceId: resource, stateReason } = health;
  const isTaken = isTakenFrom(session, health);
  if (isTaken) await rememberTaken(session, { pool, instanceId: resource });
  const ended = isTaken ? undefined : endedByAccount(health, await readEndedContext(session));
  throw new SpotOptimizerError("StaleReplacement", ended?.sentence ?? lost.sentence, {
    resource,
    ...(ended !== undefined && stateReason !== undefined && { code: stateReason }),
    nextStep: ended?.nextStep ?? afterLoss(session, isTaken),
  });
};

/** What the remedy for an instance that its account ended names. */
const readEndedContext = async (session: LinearSession): Promise<EndedContext> => {
  const { accountId, volumes } = await readOriginal(session);
  return { accountId, kmsKeyIds: [...new Set(volumes.flatMap(({ kmsKeyId }) => kmsKeyId ?? []))] };
};

/** Throws as `checkReplacement` does, by a reading of the caller's. */
export const judgeReplacement = async (
  session: LinearSession,
  health: InstanceHealth,
): Promise<ReplacementHealth> => {
  const { instanceId, pool } = replacementOf(session);
  const judged = judgeHealth(health);
  if (judged.kind === "LOST") {
    return refuseLost(session, { pool }, { health, sentence: judged.sentence });
  }
  if (judged.kind === "FAILED") {
    throw new SpotOptimizerError("BrokenReplacement", judged.sentence, {
      resource: instanceId,
      nextStep: "Look at the system log of an instance launched from the same image.",
    });
  }
  return judged;
};

/**
 * Throws StaleReplacement when it is lost or about to be (and remembers the loss of the pool), BrokenReplacement
 * when its checks failed. WAITING is not health.
 */
export const checkReplacement = async (session: LinearSession): Promise<ReplacementHealth> =>
  judgeReplacement(session, await readReplacementHealth(session, replacementId(session)));

/**
 * The same at the looks of a wait for its checks. While these are open its Spot request is asked for at every second look: EC2 announces
 * an interruption two minutes before.
 * @param phase names the wait in the record
 */
export const checkAwaitedReplacement = async (
  session: LinearSession,
  phase: string,
): Promise<ReplacementHealth> => {
  const { waits } = session.evaluation;
  const wait = waits[phase];
  const isSpared = wait !== undefined && !isSecondLook(wait, session.now);
  if (!isSpared || isBoughtOnDemand(session)) return checkReplacement(session);
  const { ec2 } = await session.customer();
  const health = await readSpotHealthBySteps(
    ec2,
    replacementId(session),
    (checks) => judgeHealth(checks).kind !== "WAITING",
  );
  return judgeReplacement(session, health);
};

/** It has ended, or could not take over as a machine: its checks failed, or it has no root volume. */
export const isLostReplacement = (error: unknown): error is SpotOptimizerError =>
  error instanceof SpotOptimizerError &&
  (error.name === "StaleReplacement" || error.name === "BrokenReplacement");

/** It could write. */
export const isAwake = (state: InstanceState | undefined): boolean =>
  state === "pending" || state === "running";

/**
 * Nothing is taken from a stateful original that somebody has started again: it would write to volumes that are
 * pulled from under it, and its root is no longer the one that was imaged. Throws StaleOriginal.
 */
export const assertOriginalRests = async (session: LinearSession): Promise<void> => {
  const { policy, subject } = session.evaluation;
  const { instanceId } = subject;
  if (policy.consistency === "stateless") return;
  const { ec2 } = await session.customer();
  const state = await readInstanceState(ec2, instanceId);
  if (!isAwake(state)) return;
  throw new SpotOptimizerError(
    "StaleOriginal",
    `Somebody started ${instanceId} while its identity was being moved: it is ${String(state)}.`,
    { resource: instanceId, nextStep: "Evaluate again when the instance is settled." },
  );
};

interface Expected {
  readonly states: readonly InstanceState[];
  /** Read its protections too: before it is stopped. After that they do not hinder us. Default: false. */
  readonly withProtections?: boolean;
  /** Its target groups too, as they are now, where these were read. Default: those of the verdict. */
  readonly targetGroups?: readonly TargetGroupFacts[];
  /** Compare what the replacement was launched with too: before anything is given up. Default: false. */
  readonly isLastLook?: boolean;
  /** The original itself, where it was read right before. Default: it is read anew. */
  readonly shown?: ShownInstance | undefined;
}

/**
 * Reads anew which target groups and classic load balancers hold the original and which load balancers use the groups, and returns
 * the groups with what is known now. Throws StaleOriginal when they no longer send traffic to where the original and its replacement
 * stand, or when a classic one has it since.
 */
export const revalidateTraffic = async (
  session: LinearSession<"classicElb" | "ec2" | "elb">,
): Promise<readonly TargetGroupFacts[]> => {
  const { instanceId, zoneId, targetGroups: before } = await readOriginal(session);
  const clients = await session.customer();
  const [classic] = await readClassicLoadBalancersOf(clients.classicElb, instanceId);
  if (classic !== undefined) {
    throw new SpotOptimizerError(
      "StaleOriginal",
      `Somebody has registered ${instanceId} with classic load balancer ${classic}, which a switch does not move.`,
      { resource: instanceId, nextStep: "Take it out there, then evaluate again." },
    );
  }
  const now = await withLoadBalancers(clients, await readTargetGroupsOf(clients.elb, instanceId));
  // That it has left a group is found by whoever compares the original.
  const still = before.filter(({ arn }) => now.some((group) => group.arn === arn));
  const zoneIds = [zoneId, replacementOf(session).pool.zoneId];
  const judged = judgeReachability({ before: still, now, zoneIds });
  if (judged.kind === "UNCHANGED") return now;
  throw new SpotOptimizerError("StaleOriginal", judged.sentence, {
    resource: instanceId,
    nextStep: "Evaluate again when the load balancers are as they shall be.",
  });
};

/**
 * A sentence while the original drains in a target group that it has left. Throws StaleOriginal when it is a member of one
 * again.
 */
export const whereItDrains = async (session: LinearSession<"elb">): Promise<string | undefined> => {
  const { instanceId, targetGroups } = await readOriginal(session);
  const { elb } = await session.customer();
  const found = await Promise.all(
    targetGroups.map(async ({ arn, port }) =>
      ((await readStandings(elb, arn)) ?? [])
        .filter((each) => each.instanceId === instanceId && each.port === port)
        .map(({ standing }) => ({ arn, standing })),
    ),
  );
  const judged = judgeDrain(instanceId, found.flat());
  if (judged.kind !== "REGISTERED") return judged.kind === "GONE" ? undefined : judged.sentence;
  throw new SpotOptimizerError("StaleOriginal", judged.sentence, {
    resource: instanceId,
    nextStep: "Evaluate again when the target group is as it shall be.",
  });
};

type Judged = Omit<Parameters<typeof judgeOriginalWhileMoving>[0], "moves">;

/** Returns what was read. Throws StaleOriginal when it is not what the verdict was given on. */
const refuseChanged = async <Reading>(
  session: LinearSession<never>,
  judgedOn: Judged,
  reading: Reading | undefined,
): Promise<Reading> => {
  const intents = await listIntents(session.context.table, session.evaluation.evaluationId);
  const moves = intents.map((intent) => intent.change);
  const judged = judgeOriginalWhileMoving({ ...judgedOn, moves });
  if (judged.kind === "UNCHANGED" && reading !== undefined) return reading;
  const { instanceId } = judgedOn.before;
  throw new SpotOptimizerError(
    "StaleOriginal",
    judged.kind === "CHANGED" ? judged.sentence : `${instanceId} is gone.`,
    { resource: instanceId, nextStep: "Evaluate again when the instance is settled." },
  );
};

/**
 * Reads the original anew, all but its target groups, which take a call each. What our own moves take away may be
 * gone. Throws StaleOriginal when anything else is not what the verdict was given on.
 */
export const revalidateOriginal = async (
  session: LinearSession,
  { states, withProtections = false, targetGroups, isLastLook = false, shown }: Expected,
): Promise<InstanceReading> => {
  const before = await readOriginal(session);
  const { ec2 } = await session.customer();
  const live = await readInstanceAgain(ec2, before, { withProtections, ...(shown && { shown }) });
  const now = live && { ...live.facts, ...(targetGroups && { targetGroups }) };
  return refuseChanged(session, { before, now, isLastLook, expectedStates: states }, live);
};

/**
 * The same by one call, between the looks that decide: by what EC2 shows of the instance, so that the tags of its volumes and interfaces
 * are not compared. A volume that is about to be taken is read by itself besides.
 */
export const revalidateShown = async (
  session: LinearSession,
  { states, shown }: Pick<Expected, "states" | "shown">,
): Promise<Pick<InstanceReading, "facts" | "stop">> => {
  const before = await readOriginal(session);
  const { ec2 } = await session.customer();
  const live = await readInstanceAsShown(ec2, before, shown);
  const { facts: now, added = [] } = live ?? {};
  return refuseChanged(session, { before, now, added, expectedStates: states }, live);
};

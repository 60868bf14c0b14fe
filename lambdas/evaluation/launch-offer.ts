/**
 * Launches the next offer that was not tried yet, at most one instance an invocation, for whichever swap of whichever mode asks:
 * token, adoption of a launch whose function was killed, subnets, refusals, the memory of pools without capacity.
 */
import { hash } from "node:crypto";
import type { LaunchBlueprint } from "../../adapters/aws/ec2/blueprint.ts";
import { readSpotHealth } from "../../adapters/aws/ec2/health.ts";
import {
  findHoldings,
  findLaunched,
  type InstanceHoldings,
} from "../../adapters/aws/ec2/instance-holdings.ts";
import { digestOfLaunch, type SpotLaunch } from "../../adapters/aws/ec2/launch-request.ts";
import {
  launchedOtherwise,
  prepareSpotLaunch,
  type LaunchResult,
} from "../../adapters/aws/ec2/launch.ts";
import { listIntents, updateIntent } from "../../adapters/store/intents.ts";
import { recordRefusal } from "../../adapters/store/pools.ts";
import { endedByAccount } from "../../core/decide/switch/ended.ts";
import { isTakenByPool } from "../../core/decide/switch/health.ts";
import { nextLaunch } from "../../core/decide/offers/launch-order.ts";
import { instanceIdSchema } from "../../core/model/ids.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { ChangeOf, Intent } from "../../core/model/intent.ts";
import { poolKey, type Pool, type SubnetFacts } from "../../core/model/market.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { FailedOffer, Replacement } from "../../core/model/swap.ts";
import { evaluationTag } from "../../core/model/tags.ts";
import { closedMeanwhile } from "./closed-meanwhile.ts";
import { ourTags } from "./our-tags.ts";
import { perform } from "./perform.ts";
import { rememberTaken } from "./remember-taken.ts";
import type { EvaluationSession } from "./session.ts";
import { keepInInventory } from "./spot-inventory.ts";

/** What a launch needs besides an offer; read once, right before the first call. */
export interface LaunchParts {
  readonly blueprint: LaunchBlueprint;
  /** The order's, as it was read with these. Absent: it is read for the launch. */
  readonly image?: Parameters<typeof prepareSpotLaunch>[2];
  /** Those into which a pool's instance may go, best first. */
  readonly subnetsOf: (pool: Pool) => readonly SubnetFacts[];
}

export interface LaunchOrder {
  /** Tells the launches of one evaluation apart, in intents and tokens: `warm`, `final`, `pair-3`. */
  readonly key: string;
  readonly swapId: string;
  readonly imageId: string;
  /** Absent: Spot. */
  readonly purchase?: SpotLaunch["purchase"];
  /** What a clone has of the blueprint's devices and interfaces from its launch on. */
  readonly keep: SpotLaunch["keep"];
  /** Best first. */
  readonly offers: readonly Pool[];
  /** Those that gave nothing, in order. */
  readonly failed: readonly FailedOffer[];
  /** The load is down meanwhile: of a pool that holds capacity for it nobody asks whether it is in quarantine since then. */
  readonly isDown?: true;
  /** Of a target that has many: how many of its instances a pool holds. */
  readonly heldIn?: (pool: Pool) => number;
  /** Judges again that a launch is still wanted, and throws Stale… where it is not. */
  readonly prepare: () => Promise<LaunchParts>;
}

export type LaunchAnswer =
  | ({ readonly kind: "LAUNCHED" } & Replacement)
  | { readonly kind: "NEXT_OFFER"; readonly failure: FailedOffer }
  | { readonly kind: "EXHAUSTED"; readonly sentence: string };

/**
 * EC2 compares a token's parameters within one zone: everything that may differ between two launches of one
 * evaluation is part of it. At most 64 characters.
 */
const clientToken = (parts: readonly string[]): string =>
  `so-${hash("sha256", parts.join("\n")).slice(0, 60)}`;

const launched = (instanceId: string, pool: Pool): LaunchAnswer => ({
  kind: "LAUNCHED",
  instanceId: instanceIdSchema.parse(instanceId),
  pool,
});

type LaunchIntent = Intent & { readonly change: ChangeOf<"LAUNCH_INSTANCE"> };

/** Those of the order that have acted or may have. */
const earlierLaunches = async (
  { context, evaluation }: EvaluationSession<PipelineMode, "ec2">,
  { swapId, imageId }: LaunchOrder,
): Promise<readonly LaunchIntent[]> => {
  const intents = await listIntents(context.table, evaluation.evaluationId);
  return intents.filter(
    (intent): intent is LaunchIntent =>
      intent.swapId === swapId &&
      intent.change.kind === "LAUNCH_INSTANCE" &&
      intent.change.imageId === imageId &&
      intent.status !== "UNDONE",
  );
};

/** Those that EC2 shows alive, by their tokens; by the evaluation's tag where it does not. */
const findAlive = async (
  session: EvaluationSession<PipelineMode, "ec2">,
  launches: readonly LaunchIntent[],
): Promise<readonly InstanceHoldings[]> => {
  const { ec2 } = await session.customer();
  const tag = { key: evaluationTag, value: session.evaluation.evaluationId };
  const isAlive = ({ state }: InstanceHoldings): boolean =>
    state === "pending" || state === "running";
  const tokens = launches.map(({ change }) => change.clientToken);
  const launchedNow = (await findLaunched(ec2, tokens)).filter(isAlive);
  return launchedNow.length > 0 ? launchedNow : (await findHoldings(ec2, tag)).filter(isAlive);
};

/** An earlier attempt of this evaluation that acted and was killed before it could record that. */
const adoptEarlierLaunch = async (
  session: EvaluationSession<PipelineMode, "ec2">,
  { offers }: LaunchOrder,
  launches: readonly LaunchIntent[],
): Promise<LaunchAnswer | undefined> => {
  if (launches.length === 0) return undefined;
  const { context, evaluation } = session;
  for (const { instanceId, clientToken } of await findAlive(session, launches)) {
    const intent = launches.find(({ change }) => change.clientToken === clientToken);
    const pool = offers.find((offer) => poolKey(offer) === intent?.change.poolKey);
    if (intent === undefined || pool === undefined) continue;
    await updateIntent(context.table, evaluation.evaluationId, intent.id, (stored) =>
      stored.change.kind === "LAUNCH_INSTANCE"
        ? { ...stored, status: "ACTED", change: { ...stored.change, instanceId } }
        : stored,
    );
    return launched(instanceId, pool);
  }
  return undefined;
};

/**
 * Where an earlier call may have launched, that very call is repeated first: its token tells what became of it. Throws
 * StaleOriginal when the subnet may no longer be used.
 */
const unknownFirst = (
  subnets: readonly SubnetFacts[],
  launches: readonly LaunchIntent[],
  pool: Pool,
): readonly SubnetFacts[] => {
  const unknown = launches.find(({ change }) => change.poolKey === poolKey(pool))?.change.subnetId;
  if (unknown === undefined) return subnets;
  const first = subnets.filter(({ subnetId }) => subnetId === unknown);
  if (first.length > 0)
    return [...first, ...subnets.filter(({ subnetId }) => subnetId !== unknown)];
  throw new SpotOptimizerError(
    "StaleOriginal",
    `A launch into ${unknown} may have acted, and that subnet can no longer take the replacement.`,
    { resource: unknown, nextStep: "Nothing: the roll-back looks for what was launched." },
  );
};

interface Attempt extends Pick<LaunchParts, "blueprint" | "image"> {
  readonly order: LaunchOrder;
  readonly pool: Pool;
  /** From 1. */
  readonly number: number;
}

/**
 * The original has changed between two tries (a tag, for instance), and EC2 says that the first one launched: that instance is
 * waited for, and adopted as soon as it is shown. Always throws.
 */
const explainMismatch = (error: unknown, hasChanged: boolean): never => {
  if (!hasChanged || !launchedOtherwise(error)) throw error;
  throw new SpotOptimizerError(
    "RetryableNotVisible",
    "An earlier call launched an instance, with other parameters than this one has; EC2 does not show it yet.",
    { ...(error.code === undefined ? {} : { code: error.code }), cause: error },
  );
};

const tokenOf = (
  { evaluation }: EvaluationSession<PipelineMode, "ec2">,
  { order: { key, imageId }, pool, number }: Attempt,
  { subnetId }: SubnetFacts,
): string =>
  clientToken([
    evaluation.evaluationId,
    key,
    String(number),
    pool.zoneId,
    subnetId,
    pool.instanceType,
    imageId,
  ]);

const launchInto = async (
  session: EvaluationSession<PipelineMode, "ec2">,
  attempt: Attempt,
  subnet: SubnetFacts,
): Promise<LaunchResult> => {
  const { evaluation } = session;
  const { ec2 } = await session.customer();
  const { order, blueprint, pool, number } = attempt;
  const { subnetId } = subnet;
  const { key, imageId } = order;
  const token = tokenOf(session, attempt, subnet);
  const launch: SpotLaunch = {
    blueprint,
    keep: order.keep,
    ...(order.purchase === undefined ? {} : { purchase: order.purchase }),
    instanceType: pool.instanceType,
    imageId,
    subnetId,
    clientToken: token,
    tags: ourTags(evaluation),
  };
  const callDigest = digestOfLaunch(launch);
  const run = await prepareSpotLaunch(ec2, launch, attempt.image);
  return perform(session, {
    intent: {
      id: `launch-${key}-${String(number)}-${subnetId}`,
      callDigest,
      swapId: order.swapId,
      change: {
        kind: "LAUNCH_INSTANCE",
        clientToken: token,
        poolKey: poolKey(pool),
        imageId,
        subnetId,
      },
    },
    action: "RunInstances",
    resource: poolKey(pool),
    call: (planned) =>
      run().catch((error: unknown) => explainMismatch(error, planned.callDigest !== callDigest)),
    refused: (result) => (result.kind === "LAUNCHED" ? undefined : result.message),
    acted: (result, change) =>
      change.kind === "LAUNCH_INSTANCE" && result.kind === "LAUNCHED"
        ? {
            ...change,
            instanceId: result.instanceId,
            ...(result.spotRequestId === undefined ? {} : { spotRequestId: result.spotRequestId }),
          }
        : change,
  });
};

/**
 * The token's instance has ended. Remembers the loss where the pool took it. Throws StaleReplacement where its owner or his account
 * ended it: no other pool would keep it. Why it ended is not known once EC2 has forgotten it, and then counts against nobody.
 */
const lookAtEnded = async (
  session: EvaluationSession<PipelineMode, "ec2">,
  { blueprint, pool }: Attempt,
  token: string,
): Promise<void> => {
  const { evaluation } = session;
  const { ec2 } = await session.customer();
  const [found] = await findLaunched(ec2, [token]);
  if (found === undefined) return;
  const health = await readSpotHealth(ec2, found.instanceId);
  const { instanceId, stateReason } = health;
  if (isTakenByPool(health)) return rememberTaken(session, { pool, instanceId });
  const ended = endedByAccount(health, {
    accountId: evaluation.accountId,
    kmsKeyIds: [...new Set(blueprint.devices.flatMap(({ kmsKeyId }) => kmsKeyId ?? []))],
  });
  if (ended === undefined) return;
  throw new SpotOptimizerError("StaleReplacement", ended.sentence, {
    resource: instanceId,
    ...(stateReason !== undefined && { code: stateReason }),
    nextStep: ended.nextStep,
  });
};

/** Tries the subnets of the pool's zone until one has a free address; none: they are full, or traffic would not get there. */
const tryPool = async (
  session: EvaluationSession<PipelineMode, "ec2">,
  attempt: Attempt,
  subnets: readonly SubnetFacts[],
): Promise<LaunchAnswer> => {
  const { context, evaluation } = session;
  const { pool } = attempt;
  let failure: Pick<FailedOffer, "kind" | "code"> = {
    kind: "NO_ADDRESSES",
    code: "NoSubnetToLaunchInto",
  };
  for (const subnet of subnets) {
    const result = await launchInto(session, attempt, subnet);
    if (result.kind === "LAUNCHED") return launched(result.instanceId, pool);
    failure = { kind: result.kind, code: result.code };
    if (result.kind === "ENDED") {
      await lookAtEnded(session, attempt, tokenOf(session, attempt, subnet));
    }
    if (result.kind !== "NO_ADDRESSES") break;
  }
  const at = context.now().toISOString();
  // What EC2 has no room for On-Demand says nothing of the Spot pool.
  if (failure.kind === "NO_CAPACITY" && attempt.order.purchase === undefined) {
    const { evaluationId } = evaluation;
    const what = `${evaluationId}#${attempt.order.key}-${String(attempt.number)}`;
    const held = attempt.order.heldIn?.(pool);
    await recordRefusal(context.table, {
      pool,
      at,
      what,
      evaluationId,
      ...(held !== undefined && { held: { targetId: evaluation.targetId, instances: held } }),
    });
  }
  return { kind: "NEXT_OFFER", failure: { pool, ...failure, at } };
};

const launchOrAdopt = async (
  session: EvaluationSession<PipelineMode, "ec2">,
  order: LaunchOrder,
): Promise<LaunchAnswer> => {
  const launches = await earlierLaunches(session, order);
  const adopted = await adoptEarlierLaunch(session, order, launches);
  if (adopted !== undefined) return adopted;
  const next = nextLaunch(order.offers, order.failed);
  if (next.kind === "EXHAUSTED") return next;
  const { pool, attempt: number } = next;
  // Where a launch may have acted, that must be known first.
  const isNew = !launches.some(({ change }) => change.poolKey === poolKey(pool));
  if (isNew && order.purchase === undefined && order.isDown !== true) {
    const failure = await closedMeanwhile(session.context, pool);
    if (failure !== undefined) return { kind: "NEXT_OFFER", failure };
  }
  const { subnetsOf, ...parts } = await order.prepare();
  const subnets = unknownFirst(subnetsOf(pool), launches, pool);
  return tryPool(session, { order, ...parts, pool, number }, subnets);
};

export const launchNext = async (
  session: EvaluationSession<PipelineMode, "ec2">,
  order: LaunchOrder,
): Promise<LaunchAnswer> => {
  const answer = await launchOrAdopt(session, order);
  if (answer.kind === "LAUNCHED" && order.purchase === undefined) {
    await keepInInventory(session, answer);
  }
  return answer;
};

/**
 * Launches the next offer that was not tried yet, at most one instance an invocation, for whichever swap of whichever mode asks:
 * token, adoption of a launch whose function was killed, subnets, refusals, the memory of pools without capacity.
 */
import { createHash } from "node:crypto";
import type { LaunchBlueprint } from "../../adapters/aws/ec2/blueprint.ts";
import { findInstancesByTag } from "../../adapters/aws/ec2/instances.ts";
import type { SpotLaunch } from "../../adapters/aws/ec2/launch-request.ts";
import { runSpotInstance, type LaunchResult } from "../../adapters/aws/ec2/launch.ts";
import { listIntents, updateIntent } from "../../adapters/store/intents.ts";
import { recordRefusal } from "../../adapters/store/pools.ts";
import { nextLaunch } from "../../core/decide/offers/launch-order.ts";
import { instanceIdSchema } from "../../core/model/ids.ts";
import type { Intent } from "../../core/model/intent.ts";
import { poolKey, type Pool, type SubnetFacts } from "../../core/model/market.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { FailedOffer, Replacement } from "../../core/model/swap.ts";
import { evaluationTag } from "../../core/model/tags.ts";
import { ourTags } from "./our-tags.ts";
import { perform } from "./perform.ts";
import type { EvaluationSession } from "./session.ts";

/** What a launch needs besides an offer; read once, right before the first call. */
export interface LaunchParts {
  readonly blueprint: LaunchBlueprint;
  /** Those into which a pool's instance may go, best first. */
  readonly subnetsOf: (pool: Pool) => readonly SubnetFacts[];
}

export interface LaunchOrder {
  /** Tells the launches of one evaluation apart, in intents and tokens: `warm`, `final`, `pair-3`. */
  readonly key: string;
  readonly swapId: string;
  readonly imageId: string;
  /** What a clone has of the blueprint's devices and interfaces from its launch on. */
  readonly keep: SpotLaunch["keep"];
  /** Best first. */
  readonly offers: readonly Pool[];
  /** Those that gave nothing, in order. */
  readonly failed: readonly FailedOffer[];
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
  `so-${createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 60)}`;

const launched = (instanceId: string, pool: Pool): LaunchAnswer => ({
  kind: "LAUNCHED",
  instanceId: instanceIdSchema.parse(instanceId),
  pool,
});

const isLaunchInto = (intent: Intent | undefined, pool: Pool): boolean =>
  intent?.change.kind === "LAUNCH_INSTANCE" && intent.change.poolKey === poolKey(pool);

/** An earlier attempt of this evaluation that acted and was killed before it could record that. */
const adoptEarlierLaunch = async (
  session: EvaluationSession<PipelineMode, "ec2">,
  { swapId, imageId, offers }: LaunchOrder,
): Promise<LaunchAnswer | undefined> => {
  const { context, evaluation } = session;
  const { ec2 } = await session.customer();
  const found = await findInstancesByTag(ec2, {
    key: evaluationTag,
    value: evaluation.evaluationId,
  });
  const alive = found.filter(({ state }) => state === "pending" || state === "running");
  if (alive.length === 0) return undefined;
  const intents = await listIntents(context.table, evaluation.evaluationId);
  for (const instance of alive) {
    const intent = intents.find(
      ({ change, swapId: of }) =>
        of === swapId &&
        change.kind === "LAUNCH_INSTANCE" &&
        change.imageId === imageId &&
        change.clientToken === instance.clientToken,
    );
    const pool = offers.find((offer) => isLaunchInto(intent, offer));
    if (intent === undefined || pool === undefined) continue;
    await updateIntent(context.table, evaluation.evaluationId, intent.id, (stored) =>
      stored.change.kind === "LAUNCH_INSTANCE"
        ? {
            ...stored,
            status: "ACTED",
            change: { ...stored.change, instanceId: instance.instanceId },
          }
        : stored,
    );
    return launched(instance.instanceId, pool);
  }
  return undefined;
};

interface Attempt {
  readonly order: LaunchOrder;
  readonly blueprint: LaunchBlueprint;
  readonly pool: Pool;
  /** From 1. */
  readonly number: number;
}

const launchInto = async (
  session: EvaluationSession<PipelineMode, "ec2">,
  { order, blueprint, pool, number }: Attempt,
  { subnetId }: SubnetFacts,
): Promise<LaunchResult> => {
  const { evaluation } = session;
  const { ec2 } = await session.customer();
  const { key, imageId } = order;
  const token = clientToken([
    evaluation.evaluationId,
    key,
    String(number),
    pool.zoneId,
    subnetId,
    pool.instanceType,
    imageId,
  ]);
  return perform(session, {
    intent: {
      id: `launch-${key}-${String(number)}-${subnetId}`,
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
    call: () =>
      runSpotInstance(ec2, {
        blueprint,
        keep: order.keep,
        instanceType: pool.instanceType,
        imageId,
        subnetId,
        clientToken: token,
        tags: ourTags(evaluation),
      }),
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
    if (result.kind !== "NO_ADDRESSES") break;
  }
  const at = context.now().toISOString();
  if (failure.kind === "NO_CAPACITY") {
    const { evaluationId } = evaluation;
    const what = `${evaluationId}#${attempt.order.key}-${String(attempt.number)}`;
    await recordRefusal(context.table, { pool, at, what, evaluationId });
  }
  return { kind: "NEXT_OFFER", failure: { pool, ...failure, at } };
};

export const launchNext = async (
  session: EvaluationSession<PipelineMode, "ec2">,
  order: LaunchOrder,
): Promise<LaunchAnswer> => {
  const adopted = await adoptEarlierLaunch(session, order);
  if (adopted !== undefined) return adopted;
  const next = nextLaunch(order.offers, order.failed);
  if (next.kind === "EXHAUSTED") return next;
  const { blueprint, subnetsOf } = await order.prepare();
  const { pool, attempt: number } = next;
  return tryPool(session, { order, blueprint, pool, number }, subnetsOf(pool));
};

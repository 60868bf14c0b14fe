/** Launch: the next offer that was not tried yet; each invocation launches at most one instance. */
import { createHash } from "node:crypto";
import * as z from "zod";
import { findInstancesByTag } from "../../../adapters/aws/ec2/instances.ts";
import { isCapacityShortage } from "../../../adapters/aws/error-codes.ts";
import { withPublicIp, type LaunchBlueprint } from "../../../adapters/aws/ec2/blueprint.ts";
import { readBlueprint, runSpotInstance } from "../../../adapters/aws/ec2/launch.ts";
import { recordRefusal } from "../../../adapters/store/pools.ts";
import { listIntents, updateIntent } from "../../../adapters/store/intents.ts";
import { nextLaunch, subnetsFor } from "../../../core/decide/offers/launch-order.ts";
import { needOfInstance } from "../../../core/decide/linear/need.ts";
import { primaryAddress } from "../../../core/decide/linear/travelling-parts.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { Evaluation, FailedOffer, SwitchProgress } from "../../../core/model/evaluation.ts";
import { instanceIdSchema } from "../../../core/model/ids.ts";
import type { InstanceFacts } from "../../../core/model/instance.ts";
import type { Intent } from "../../../core/model/intent.ts";
import { poolKey, type Pool, type SubnetFacts } from "../../../core/model/market.ts";
import { evaluationTag } from "../../../core/model/tags.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  withProgress,
  type EvaluationSession,
  type StepResult,
} from "../../evaluation/evaluation-step.ts";
import { readMarketFacts } from "../../evaluation/facts.ts";
import { ourTags } from "../../evaluation/our-tags.ts";
import { perform } from "../../evaluation/perform.ts";
import { revalidateOriginal } from "../guards.ts";

const outputSchema = z.object({
  kind: z.enum(["LAUNCHED", "NEXT_OFFER", "NO_CAPACITY"]),
  summary: z.string(),
});
type Output = z.infer<typeof outputSchema>;

interface Plan {
  readonly purpose: Purpose;
  readonly imageId: string;
  /** Best first. */
  readonly offers: readonly Pool[];
  readonly failed: readonly FailedOffer[];
}

/**
 * EC2 compares a token's parameters within one zone: everything that may differ between two launches of one
 * evaluation is part of it. At most 64 characters.
 */
const clientToken = (parts: readonly string[]): string =>
  `so-${createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 60)}`;

/** `warm`: the first replacement. `final`: another one from the final image, while the first holds capacity. */
const purposeSchema = z.enum(["warm", "final"]);
type Purpose = z.infer<typeof purposeSchema>;

const launched = (instanceId: string, pool: Pool, purpose: Purpose): StepResult<Output> => ({
  output: {
    kind: "LAUNCHED",
    summary: `Launched ${instanceId}, ${pool.instanceType} Spot in ${pool.zoneId}, from the ${purpose} image.`,
  },
  change: (record) =>
    withProgress({
      ...holding(record.progress, purpose),
      replacementId: instanceIdSchema.parse(instanceId),
      replacementPool: pool,
    })(record),
});

const holding = (
  { heldId, replacementId }: SwitchProgress,
  purpose: Purpose,
): Pick<SwitchProgress, "heldId"> => {
  const held = heldId ?? replacementId;
  return purpose === "warm" || held === undefined ? {} : { heldId: held };
};

/** An earlier attempt of ours that acted and was killed before it could say so. */
const adoptEarlierLaunch = async (
  session: EvaluationSession,
  { imageId, offers, purpose }: Plan,
): Promise<StepResult<Output> | undefined> => {
  const { context, evaluation } = session;
  const { ec2 } = await session.customer();
  const intents = await listIntents(context.table, evaluation.evaluationId);
  const found = await findInstancesByTag(ec2, {
    key: evaluationTag,
    value: evaluation.evaluationId,
  });
  for (const instance of found) {
    if (instance.state !== "pending" && instance.state !== "running") continue;
    const intent = intents.find(
      ({ change }) =>
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
    return launched(instance.instanceId, pool, purpose);
  }
  return undefined;
};

const isLaunchInto = (intent: Intent | undefined, pool: Pool): boolean =>
  intent?.change.kind === "LAUNCH_INSTANCE" && intent.change.poolKey === poolKey(pool);

interface Attempt extends Plan {
  /** Read once: the subnets of one pool differ in nothing that it holds. */
  readonly blueprint: LaunchBlueprint;
  readonly pool: Pool;
  readonly attempt: number;
}

/** From the stored facts: a stopped original has lost the public address that EC2 had lent it. */
const hadPublicIp = (original: InstanceFacts): boolean =>
  original.autoAssignedPublicIp !== undefined || primaryAddress(original)?.publicIp !== undefined;

const launchInto = async (
  session: EvaluationSession,
  { blueprint, pool, attempt, imageId, purpose }: Attempt,
  subnet: SubnetFacts,
): Promise<Awaited<ReturnType<typeof runSpotInstance>>> => {
  const { evaluation } = session;
  const { ec2 } = await session.customer();
  const { subnetId } = subnet;
  const token = clientToken([
    evaluation.evaluationId,
    String(attempt),
    pool.zoneId,
    subnetId,
    pool.instanceType,
    imageId,
  ]);
  return perform(session, {
    intent: {
      id: `launch-${purpose}-${String(attempt)}-${subnetId}`,
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
        keep: "root",
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

const noteFailedOffer =
  (purpose: Purpose, failure: FailedOffer) =>
  (evaluation: Evaluation): Evaluation => {
    const { progress } = evaluation;
    return withProgress(
      purpose === "warm"
        ? { failedOffers: [...(progress.failedOffers ?? []), failure] }
        : { failedRelaunches: [...(progress.failedRelaunches ?? []), failure] },
    )(evaluation);
  };

/** Tries the subnets of the pool's zone until one has a free address. */
const tryPool = async (
  session: EvaluationSession,
  attempt: Attempt,
  subnets: readonly SubnetFacts[],
): Promise<StepResult<Output>> => {
  const { pool } = attempt;
  let code = "NoSubnetWithFreeAddresses";
  for (const subnet of subnets) {
    const result = await launchInto(session, attempt, subnet);
    if (result.kind === "LAUNCHED") return launched(result.instanceId, pool, attempt.purpose);
    code = result.code;
    if (result.kind !== "NO_ADDRESSES") break;
  }
  const at = session.context.now().toISOString();
  if (isCapacityShortage(code)) {
    const { evaluationId } = session.evaluation;
    await recordRefusal(session.context.table, { pool, at, evaluationId });
  }
  return {
    output: {
      kind: "NEXT_OFFER",
      summary: `${pool.instanceType} in ${pool.zoneId} gave no instance: ${code}.`,
    },
    change: noteFailedOffer(attempt.purpose, {
      pool,
      code,
      at,
    }),
  };
};

/** Throws BrokenFacts when the steps before it have not run. */
const planOf = ({ evaluation }: EvaluationSession, purpose: Purpose): Plan => {
  const { progress, verdict, evaluationId } = evaluation;
  const imageId = purpose === "warm" ? progress.warmImageId : progress.finalImageId;
  if (verdict?.kind !== "SWITCH" || imageId === undefined) {
    throw new SpotOptimizerError(
      "BrokenFacts",
      `Evaluation ${evaluationId} has no SWITCH verdict with a ${purpose} image to launch from.`,
      { resource: evaluationId },
    );
  }
  const held = progress.replacementPool;
  return purpose === "warm" || held === undefined
    ? { purpose, imageId, offers: verdict.offers, failed: progress.failedOffers ?? [] }
    : {
        purpose,
        imageId,
        // The pool in which we hold capacity first, then the others in their order.
        offers: [held, ...verdict.offers.filter((pool) => poolKey(pool) !== poolKey(held))],
        failed: progress.failedRelaunches ?? [],
      };
};

/** What an earlier invocation of this very state has launched. */
const knownLaunch = (
  { progress }: Evaluation,
  purpose: Purpose,
): StepResult<Output> | undefined => {
  const { replacementId, replacementPool, heldId } = progress;
  const isDone = purpose === "warm" || heldId !== undefined;
  return isDone && replacementId !== undefined && replacementPool !== undefined
    ? launched(replacementId, replacementPool, purpose)
    : undefined;
};

export const launchStep = defineEvaluationStep({
  name: "launch",
  input: evaluationInputSchema.extend({ purpose: purposeSchema }),
  output: outputSchema,
  phase: ({ purpose }) => (purpose === "warm" ? "launch" : "relaunch"),
  run: async (session, { purpose }) => {
    const known = knownLaunch(session.evaluation, purpose);
    if (known !== undefined) return known;
    const plan = planOf(session, purpose);
    const adopted = await adoptEarlierLaunch(session, plan);
    if (adopted !== undefined) return adopted;
    const next = nextLaunch(plan.offers, plan.failed);
    if (next.kind === "EXHAUSTED") {
      return {
        output: { kind: "NO_CAPACITY", summary: next.sentence },
        change: (record) => ({ ...record, launchExhausted: next.sentence }),
      };
    }
    const original = await revalidateOriginal(session, [
      purpose === "warm" ? "running" : "stopped",
    ]);
    const { instance: judged, market } = await readMarketFacts(session);
    const need = needOfInstance(original, session.evaluation.policy, market.subnets);
    const { ec2 } = await session.customer();
    const blueprint = withPublicIp(
      await readBlueprint(ec2, original.instanceId),
      hadPublicIp(judged),
    );
    return tryPool(
      session,
      { ...plan, blueprint, pool: next.pool, attempt: next.attempt },
      subnetsFor(next.pool, need, market.subnets),
    );
  },
});

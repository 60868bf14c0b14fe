/** Launch: the next offer that was not tried yet; each invocation launches at most one instance. */
import * as z from "zod";
import { withLoadBalancers } from "../../../adapters/aws/load-balancers.ts";
import { withChosenCpu, withPublicIp } from "../../../adapters/aws/ec2/blueprint.ts";
import { readBlueprint } from "../../../adapters/aws/ec2/launch.ts";
import { takesDataBack } from "../../../core/decide/linear/data-way-back.ts";
import { startsIsolated } from "../../../core/decide/linear/isolation.ts";
import { needOfInstance } from "../../../core/decide/linear/need.ts";
import { primaryAddress } from "../../../core/decide/linear/travelling-parts.ts";
import { poolName } from "../../../core/decide/offers/figures.ts";
import { subnetsFor } from "../../../core/decide/offers/launch-order.ts";
import { judgeHealth } from "../../../core/decide/switch/health.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { isRecovery } from "../../../core/model/evaluation-kind.ts";
import type { InstanceFacts } from "../../../core/model/instance.ts";
import { poolKey, type Pool } from "../../../core/model/market.ts";
import { poolsToTry } from "../../../core/model/pools-to-try.ts";
import { callsForAction } from "../../../core/model/verdict.ts";
import {
  onlySwapId,
  type FailedOffer,
  type Replacement,
  type Swap,
} from "../../../core/model/swap.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { awaitTurn } from "../await-turn.ts";
import { isAfterSpot, isBoughtOnDemand } from "../bought.ts";
import { isOriginalEnded } from "../end-original.ts";
import { readPlacement } from "../facts.ts";
import type { LaunchOrder, LaunchParts } from "../../evaluation/launch-offer.ts";
import { assertOriginalRests, readReplacementHealth, revalidateOriginal } from "../guards.ts";
import { isolated } from "../isolation.ts";
import { keepLaunch, readKeptLaunch } from "../kept-launch.ts";
import { findTemplate } from "../kept-template.ts";
import {
  changeSwap,
  swapOf,
  type LinearResult,
  type LinearSession,
  withProgress,
} from "../session.ts";
import { orderOnDemand, prepareAnew } from "./anew.ts";
import { callsBy, launchBy } from "./call.ts";
import { startInstead, takeLast } from "./kept.ts";

const outputSchema = pollingOutput(["LAUNCHED", "NEXT_OFFER", "NO_CAPACITY", "WAITING"]);
type Result = LinearResult<z.infer<typeof outputSchema>>;

/** `warm`: the first replacement. `final`: another one from the final image, while the first holds capacity. */
const purposeSchema = z.enum(["warm", "final"]);
type Purpose = z.infer<typeof purposeSchema>;

/** A launch from the final image makes the first replacement the one that only holds capacity. */
const heldBy = (session: LinearSession<"ec2" | "elb">, purpose: Purpose): Pick<Swap, "heldId"> => {
  const swap = swapOf(session);
  const heldId = swap?.heldId ?? swap?.replacement?.instanceId;
  return purpose === "warm" || heldId === undefined ? {} : { heldId };
};

const launched = (
  session: LinearSession<"ec2" | "elb">,
  purpose: Purpose,
  { instanceId, pool }: Replacement,
): Result => {
  const bought = isBoughtOnDemand(session) ? "On-Demand" : "Spot";
  const sentence = `Launched ${instanceId}, ${pool.instanceType} ${bought} in ${pool.zoneId}, from the ${purpose} image.`;
  const launchedAt = session.context.now().toISOString();
  const replacement = { instanceId, pool, launchedAt };
  const news = { sentence, replacement, ...heldBy(session, purpose) };
  return {
    output: { kind: "LAUNCHED", summary: sentence },
    swaps: [changeSwap(session, { stage: "LAUNCHED", ...news })],
  };
};

const failed = (
  session: LinearSession<"ec2" | "elb">,
  purpose: Purpose,
  failures: readonly FailedOffer[],
): Result => {
  const sentence = failures
    .map(({ pool, code }) => `${poolName(pool)} gave no instance: ${code}.`)
    .join(" ");
  const output = { kind: "NEXT_OFFER" as const, summary: sentence };
  if (isAfterSpot(session)) {
    const before = session.evaluation.progress.failedOnDemand ?? [];
    return { output, change: withProgress({ failedOnDemand: [...before, ...failures] }) };
  }
  if (purpose === "final") {
    const before = session.evaluation.progress.failedRelaunches ?? [];
    return { output, change: withProgress({ failedRelaunches: [...before, ...failures] }) };
  }
  const before = swapOf(session)?.failed ?? [];
  return {
    output,
    swaps: [changeSwap(session, { stage: "PLANNED", sentence, failed: [...before, ...failures] })],
  };
};

/** From the stored facts: a stopped original has lost the public address that EC2 had lent it. */
const hadPublicIp = (original: InstanceFacts): boolean =>
  original.autoAssignedPublicIp !== undefined || primaryAddress(original)?.publicIp !== undefined;

/** Neither an original that has ended nor a host that is lost can be read whole: what was kept of them is launched. */
const prepareFromKept = async (session: LinearSession<"ec2" | "elb">): Promise<LaunchParts> => {
  const { instance, placement } = await readPlacement(session);
  await assertOriginalRests(session);
  const need = needOfInstance(instance, session.evaluation.policy, placement.subnets);
  return {
    blueprint: await readKeptLaunch(session),
    subnetsOf: (pool) => subnetsFor(pool, need, placement.subnets),
  };
};

const prepareFromOriginal = async (
  session: LinearSession<"ec2" | "elb">,
  purpose: Purpose,
): Promise<LaunchParts> => {
  // First: what is read consistently of the facts is not read again for the original.
  const { instance, placement, originalType } = await readPlacement(session);
  const { facts: original, parts } = await revalidateOriginal(session, {
    states: [purpose === "warm" ? "running" : "stopped"],
    isLastLook: purpose === "warm",
  });
  const clients = await session.customer();
  const { ec2 } = clients;
  // The load balancers may have changed since the offers were chosen.
  const targetGroups = await withLoadBalancers(clients, instance.targetGroups);
  const need = needOfInstance(
    { ...original, targetGroups },
    session.evaluation.policy,
    placement.subnets,
  );
  const blueprint = withPublicIp(
    withChosenCpu(await readBlueprint(ec2, parts), originalType?.defaultCpu),
    hadPublicIp(instance),
  );
  // That of the final image is the same.
  if (purpose === "warm") await keepLaunch(session, blueprint);
  return {
    blueprint: startsIsolated(session.evaluation, purpose)
      ? await isolated(session, blueprint)
      : blueprint,
    subnetsOf: (pool) => subnetsFor(pool, need, placement.subnets),
  };
};

const prepare = (session: LinearSession<"ec2" | "elb">, purpose: Purpose): Promise<LaunchParts> => {
  const { evaluation } = session;
  if (purpose === "final" && takesDataBack(evaluation)) return prepareFromKept(session);
  return isRecovery(evaluation) ? prepareAnew(session) : prepareFromOriginal(session, purpose);
};

const offersFor = (
  session: LinearSession<"ec2" | "elb">,
  purpose: Purpose,
  offers: readonly Pool[],
): Pick<LaunchOrder, "offers" | "failed"> => {
  const swap = swapOf(session);
  const held = swap?.replacement?.pool;
  if (purpose === "warm" || held === undefined) return { offers, failed: swap?.failed ?? [] };
  // The pool in which we hold capacity first, then the others in their order.
  const others = offers.filter((pool) => poolKey(pool) !== poolKey(held));
  return {
    offers: [held, ...others],
    failed: session.evaluation.progress.failedRelaunches ?? [],
  };
};

/** Throws BrokenFacts when the steps before it have not run. */
const orderOf = (session: LinearSession<"ec2" | "elb">, purpose: Purpose): LaunchOrder => {
  const { progress, verdict, evaluationId } = session.evaluation;
  const imageId = purpose === "warm" ? progress.warmImageId : progress.finalImageId;
  if (verdict === undefined || !callsForAction(verdict) || imageId === undefined) {
    throw new SpotOptimizerError(
      "BrokenFacts",
      `Evaluation ${evaluationId} has no verdict that calls for a launch, with a ${purpose} image to launch from.`,
      { resource: evaluationId },
    );
  }
  return {
    key: purpose,
    ...(purpose === "final" && { isDown: true as const }),
    swapId: onlySwapId,
    imageId,
    ...(verdict.kind === "SWITCH" ? {} : { purchase: "ON_DEMAND" as const }),
    // Data volumes and secondary interfaces move later.
    keep: "root",
    prepare: () => prepare(session, purpose),
    ...offersFor(session, purpose, poolsToTry(session.evaluation)),
  };
};

/** Nothing serves, and nothing could be given back: capacity comes before price. */
const isDown = async (session: LinearSession): Promise<boolean> =>
  isRecovery(session.evaluation) ||
  (takesDataBack(session.evaluation) && (await isOriginalEnded(session)));

const exhausted = async (
  session: LinearSession<"ec2" | "elb">,
  order: LaunchOrder,
  sentence: string,
): Promise<Result> => {
  const { spotExhausted } = session.evaluation.progress;
  if (order.purchase === undefined && (await isDown(session))) {
    const summary = `${sentence} On-Demand is tried.`;
    return {
      output: { kind: "NEXT_OFFER", summary },
      change: withProgress({ spotExhausted: sentence }),
    };
  }
  const last = await takeLast(session);
  if (last !== undefined) return last;
  const story =
    spotExhausted === undefined ? sentence : `Spot: ${spotExhausted} On-Demand: ${sentence}`;
  return {
    output: { kind: "NO_CAPACITY", summary: story },
    change: (record) => ({ ...record, launchExhausted: story }),
  };
};

/** It has ended, and nothing can be given back to the original: another is launched. */
const mustBeReplaced = async (
  session: LinearSession<"ec2" | "elb">,
  { instanceId }: Replacement,
): Promise<boolean> =>
  takesDataBack(session.evaluation) &&
  judgeHealth(await readReplacementHealth(session, instanceId)).kind === "LOST";

/** What an earlier invocation of this very state has launched. */
const knownLaunch = async (
  session: LinearSession<"ec2" | "elb">,
  purpose: Purpose,
): Promise<Replacement | undefined> => {
  const { heldId, replacement } = swapOf(session) ?? {};
  if (purpose === "warm" || replacement === undefined) return replacement;
  return heldId === undefined || (await mustBeReplaced(session, replacement))
    ? undefined
    : replacement;
};

export const launchStep = defineEvaluationStep({
  name: "launch",
  clients: ["ec2", "elb"],
  mode: "LINEAR",
  input: evaluationInputSchema.extend({ purpose: purposeSchema }),
  output: outputSchema,
  phase: ({ purpose }) => (purpose === "warm" ? "launch" : "relaunch"),
  run: async (session, { purpose }) => {
    const kept = purpose === "warm" ? await startInstead(session) : undefined;
    if (kept !== undefined) return kept;
    const known = await knownLaunch(session, purpose);
    if (known !== undefined) return launched(session, purpose, known);
    const templateId = await findTemplate(session);
    const turn = await awaitTurn(session, callsBy(templateId));
    if (turn.kind === "WAIT") return turn.answer;
    const asked = orderOf(session, purpose);
    const order = isAfterSpot(session) ? await orderOnDemand(session, asked) : asked;
    const answer = await launchBy(session, order, { templateId, call: turn.call });
    switch (answer.kind) {
      case "LAUNCHED":
        return launched(session, purpose, answer);
      case "NEXT_OFFER":
        return failed(session, purpose, answer.failures);
      case "EXHAUSTED":
        return exhausted(session, order, answer.sentence);
    }
  },
});

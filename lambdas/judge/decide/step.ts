/** Decide: the verdict with its reason, whether a switch may be carried out now, and its place among those of the account. */
import * as z from "zod";
import { saveOffers } from "../../../adapters/store/evaluations.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { isRecovery } from "../../../core/model/evaluation-kind.ts";
import { isAskedFor, type Evaluation, type Registered } from "../../../core/model/evaluation.ts";
import type { CauseReader } from "../../../core/model/cause-reader.ts";
import { currentJudgementVersion } from "../../../core/model/judgement-version.ts";
import { authorizeSwitch } from "../../../core/decide/switch/authorization.ts";
import { extraHourlyUsd } from "../../../core/decide/switch/concurrency.ts";
import { heldBackByFailure } from "../../../core/decide/switch/failed-attempt.ts";
import { heldBack } from "../../../core/decide/switch/occasion.ts";
import { tellNotes } from "../../../core/decide/switch/notes.ts";
import { heldBackByLoss } from "../../../core/decide/switch/spot-backoff.ts";
import { heldBackByWish } from "../../../core/decide/switch/wish.ts";
import { onDemandHourlyOf, type Choice } from "../../../core/decide/offers/choice.ts";
import type { Need } from "../../../core/decide/offers/need.ts";
import type { Policy } from "../../../core/policy/policy.ts";
import { judgeOf } from "../../../core/decide/judges.ts";
import { poolKey, type MarketFacts } from "../../../core/model/market.ts";
import type { SpotBackoff } from "../../../core/model/spot-backoff.ts";
import { callsForAction, type Verdict } from "../../../core/model/verdict.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { readMarketFacts, readOffers } from "../../evaluation/facts.ts";
import { takeSlot, type SlotWish } from "../../evaluation/slot.ts";

/** As they were recorded, not as they are now: a replay must come to the same. @throws BrokenFacts */
const registeredIn = ({ evaluationId, registered }: Evaluation): Registered => {
  if (registered !== undefined) return registered;
  throw new SpotOptimizerError(
    "BrokenFacts",
    `Evaluation ${evaluationId} does not say what was registered.`,
    { resource: evaluationId },
  );
};

/** Of several at a time their sum, else of each pool that one may take. */
const pricesOf = (verdict: Verdict, { offers, togetherHourlyUsd }: Choice): readonly number[] => {
  if (togetherHourlyUsd !== undefined) return [togetherHourlyUsd];
  const taken = new Set(verdict.offers.map(poolKey));
  return offers
    .filter(({ pool }) => taken.has(poolKey(pool)))
    .flatMap(({ purchase, spotHourlyUsd, onDemandHourlyUsd }) => {
      const price = purchase === "ON_DEMAND" ? onDemandHourlyUsd : spotHourlyUsd;
      return price === undefined ? [] : [price];
    });
};

/** The way back, and a move, leave a Spot Instance, for which nothing is reserved. */
const leavesOnDemand = ({ purchase, standsIn }: Need): boolean =>
  purchase === undefined && standsIn === undefined;

/** What the switch takes of the account while it goes on, and what it takes away. */
const wishOf = (
  market: MarketFacts,
  need: Need,
  input: {
    readonly policy: Policy;
    readonly launchHourlyUsd: readonly number[];
    readonly isWayBackReserved: boolean;
  },
): SlotWish => {
  const { product, reserved } = market;
  const { policy, ...extra } = input;
  const onDemandHourlyUsd = onDemandHourlyOf(need, market);
  return {
    extraHourlyUsd: extraHourlyUsd({ ...extra, onDemandHourlyUsd }),
    ...(leavesOnDemand(need) && {
      leaves: { instanceType: need.instanceType, product },
    }),
    ...(policy.respectReservations && { reserved }),
  };
};

/** By a wish, an earlier failure, or the time. What EC2 has taken waits for nothing. */
const heldBackNow = (
  evaluation: Evaluation,
  verdict: Verdict,
  input: {
    readonly reader: CauseReader;
    readonly expectedSeconds: number;
    readonly backoff: SpotBackoff | undefined;
  },
): Verdict => {
  if (isRecovery(evaluation)) return verdict;
  const { account, target } = registeredIn(evaluation);
  const { policy } = evaluation;
  const { reader, expectedSeconds, backoff } = input;
  const wished = { target, isAskedFor: isAskedFor(evaluation) };
  const lately = heldBackByLoss(heldBackByWish(verdict, wished), { ...wished, backoff });
  const willing = heldBackByFailure(lately, { ...wished, reader });
  return heldBack(willing, { account, target, policy, expectedSeconds });
};

export const decideStep = defineEvaluationStep({
  name: "decide",
  input: evaluationInputSchema,
  output: z.object({
    kind: z.enum([
      "STAY",
      "REFUSE",
      "FALLBACK_ON_DEMAND",
      "SHADOW",
      "APPROVAL_REQUIRED",
      "PROCEED",
    ]),
    summary: z.string(),
  }),
  run: async (session) => {
    const { context, evaluation } = session;
    const facts = await readMarketFacts(session);
    const judge = judgeOf(evaluation.mode);
    const need = judge.needOf(facts, evaluation.policy);
    const choice = judge.choose({
      facts,
      policy: evaluation.policy,
      policyVersion: evaluation.policyVersion,
      offers: await readOffers(session),
      modelVersion: evaluation.modelVersion,
      judgementVersion: currentJudgementVersion,
      ...(evaluation.lastSwitchAt === undefined ? {} : { lastSwitchAt: evaluation.lastSwitchAt }),
    });
    const { policy } = evaluation;
    const expectedSeconds = judge.downtimeOf(policy, registeredIn(evaluation).target);
    const reader = judge.causesIn(facts);
    const { backoff } = facts;
    const occasion = heldBackNow(evaluation, choice.verdict, { reader, expectedSeconds, backoff });
    const verdict = tellNotes(occasion, judge.notesOn(facts, policy));
    await saveOffers(context.table, evaluation.evaluationId, choice.offers);
    if (!callsForAction(verdict)) {
      return {
        output: { kind: verdict.kind, summary: verdict.sentence },
        change: (record) => ({ ...record, verdict }),
      };
    }
    const authorization = authorizeSwitch({
      account: await session.account(),
      mode: evaluation.mode,
      isShadowMode: evaluation.isShadowMode,
      isRecovery: isRecovery(evaluation),
      policy,
      verdict,
    });
    const wish = wishOf(facts.market, need, {
      policy,
      launchHourlyUsd: pricesOf(verdict, choice),
      isWayBackReserved: leavesOnDemand(need) && expectedSeconds > 0 && policy.holdReturnCapacity,
    });
    const isPaced = authorization.kind === "PROCEED" && !isRecovery(evaluation);
    const postponed = isPaced ? await takeSlot(session, wish) : undefined;
    return {
      output: {
        kind: postponed === undefined ? authorization.kind : "STAY",
        summary: `${verdict.sentence} ${postponed?.sentence ?? authorization.sentence}`,
      },
      change: (record) => ({
        ...record,
        verdict,
        authorization,
        ...(postponed === undefined ? {} : { postponed }),
      }),
    };
  },
});

/** Decide: the verdict with its reason, whether a switch may be carried out now, and its place among those of the account. */
import * as z from "zod";
import { readApprovalSettings } from "../../../adapters/store/approval-settings.ts";
import { saveChosen } from "../../../adapters/store/evaluations.ts";
import type { Plan } from "../../../core/approval/bounds.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { termsOf, type ApprovalSettings } from "../../../core/model/approval-settings.ts";
import { isRecovery } from "../../../core/model/evaluation-kind.ts";
import { isAskedFor, type Evaluation, type Registered } from "../../../core/model/evaluation.ts";
import type { CauseReader } from "../../../core/model/cause-reader.ts";
import { currentJudgementVersion } from "../../../core/model/judgement-version.ts";
import { planOf } from "../../../core/decide/switch/approval-plan.ts";
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
import { nameOf } from "../../../core/model/subject.ts";
import {
  callsForAction,
  type Authorization,
  type Postponement,
  type Verdict,
} from "../../../core/model/verdict.ts";
import { settleApproval, useApproval, type Settled } from "../../evaluation/approval.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  type StepResult,
} from "../../evaluation/evaluation-step.ts";
import { readMarketFacts, readOffers } from "../../evaluation/facts.ts";
import type { EvaluationSession } from "../../evaluation/session.ts";
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

const outputSchema = z.object({
  kind: z.enum(["STAY", "REFUSE", "FALLBACK_ON_DEMAND", "SHADOW", "APPROVAL_REQUIRED", "PROCEED"]),
  summary: z.string(),
});
type Output = z.infer<typeof outputSchema>;

type Settings = ApprovalSettings | undefined;

/** Whoever began it by an approval stays within what was agreed to, also where nobody would have to agree any longer. */
const whyApproval = (
  { approvalId }: Evaluation,
  authorization: Authorization,
): string | undefined => {
  if (authorization.kind === "APPROVAL_REQUIRED") return authorization.sentence;
  if (authorization.kind === "SHADOW" || approvalId === undefined) return undefined;
  return `It was begun by approval ${approvalId}.`;
};

interface Asking {
  readonly settings: Settings;
  readonly verdict: Verdict;
  readonly plan: () => Plan;
}

/** Of what may be carried out: by the policy alone, or because a person has agreed to it. */
const permit = async (
  session: EvaluationSession,
  { settings, verdict, plan }: Asking,
): Promise<Settled | { readonly kind: "WITHOUT"; readonly authorization: Authorization }> => {
  const { evaluation } = session;
  const authorization = authorizeSwitch({
    account: await session.account(),
    mode: evaluation.mode,
    isShadowMode: evaluation.isShadowMode,
    isRecovery: isRecovery(evaluation),
    policy: evaluation.policy,
    ...(settings !== undefined && { approvals: settings }),
    wasSwitched: evaluation.lastSwitchAt !== undefined,
    verdict,
  });
  const required = isRecovery(evaluation) ? undefined : whyApproval(evaluation, authorization);
  return required === undefined
    ? { kind: "WITHOUT", authorization }
    : settleApproval(session, { plan: plan(), required, terms: termsOf(settings) });
};

type Result = StepResult<Output>;

const postponedResult = (
  verdict: Verdict,
  postponed: Postponement,
  authorization?: Authorization,
): Result => ({
  output: { kind: "STAY", summary: `${verdict.sentence} ${postponed.sentence}` },
  change: (record) => ({
    ...record,
    verdict,
    postponed,
    ...(authorization !== undefined && { authorization }),
  }),
});

/** Not a SWITCH: that calls for action. */
const untouched = (verdict: Verdict): Result => ({
  output: outputSchema.parse({ kind: verdict.kind, summary: verdict.sentence }),
  change: (record) => ({ ...record, verdict }),
});

const authorized = (verdict: Verdict, authorization: Authorization): Result => ({
  output: { kind: authorization.kind, summary: `${verdict.sentence} ${authorization.sentence}` },
  change: (record) => ({ ...record, verdict, authorization }),
});

/** Its place first: what was agreed to is not used up by a switch that waits for one. */
const proceed = async (
  session: EvaluationSession,
  { verdict, wish, settings }: { verdict: Verdict; wish: SlotWish; settings: Settings },
  permitted: Exclude<
    Awaited<ReturnType<typeof permit>>,
    { readonly kind: "REJECTED" | "AWAITING" }
  >,
): Promise<Result> => {
  const { authorization } = permitted;
  const isPaced = authorization.kind === "PROCEED" && !isRecovery(session.evaluation);
  const postponed = isPaced ? await takeSlot(session, wish) : undefined;
  if (postponed !== undefined) return postponedResult(verdict, postponed, authorization);
  if (permitted.kind === "AGREED")
    await useApproval(session, permitted.approvalId, termsOf(settings));
  return authorized(verdict, authorization);
};

export const decideStep = defineEvaluationStep({
  name: "decide",
  input: evaluationInputSchema,
  output: outputSchema,
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
    const { offers, moves } = choice;
    const chosen = { offers, ...(moves !== undefined && { moves }) };
    await saveChosen(context.table, evaluation.evaluationId, chosen);
    if (!callsForAction(verdict)) return untouched(verdict);
    const settings = await readApprovalSettings(context.table, evaluation.accountId);
    const plan = (): Plan =>
      planOf({
        subjectName: nameOf(evaluation.subject),
        incarnation: judge.incarnationOf(facts),
        verdict,
        offers,
        market: facts.market,
        need,
        downtimeSeconds: expectedSeconds,
        changes: judge.changesOf(judge.policyFor(facts, policy)),
      });
    const permitted = await permit(session, { settings, verdict, plan });
    switch (permitted.kind) {
      case "REJECTED":
        return postponedResult(verdict, permitted.postponed);
      case "AWAITING":
        return authorized(verdict, permitted.authorization);
      case "AGREED":
      case "WITHOUT": {
        const wish = wishOf(facts.market, need, {
          policy,
          launchHourlyUsd: pricesOf(verdict, choice),
          isWayBackReserved:
            leavesOnDemand(need) && expectedSeconds > 0 && policy.holdReturnCapacity,
        });
        return proceed(session, { verdict, wish, settings }, permitted);
      }
    }
  },
});

/** Check eligibility: what the instance is, how its risk model stands, and whether it may be switched. */
import * as z from "zod";
import type { FirstReading } from "../../../adapters/aws/ec2/instances.ts";
import { readInstanceTypes } from "../../../adapters/aws/ec2/market.ts";
import { saveFacts } from "../../../adapters/store/evaluations.ts";
import { getSpotBackoff } from "../../../adapters/store/spot-backoffs.ts";
import { listRecommended } from "../../../adapters/store/spot-events.ts";
import { judgeEligibility, type Eligibility } from "../../../core/decide/linear/eligibility.ts";
import { fallbackIn } from "../../../core/decide/switch/registration.ts";
import { heardSince } from "../../../core/decide/switch/recommendation.ts";
import { refusal } from "../../../core/decide/switch/objection.ts";
import { isRecovery, kindOf, type EvaluationKind } from "../../../core/model/evaluation-kind.ts";
import type { FactsBesideSpot } from "../../../core/model/spot-backoff.ts";
import { currentJudgementVersion } from "../../../core/model/judgement-version.ts";
import type { LinearEvaluation, LinearFacts, StoredFacts } from "../../../core/model/evaluation.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { ebsPlaceOf } from "../../evaluation/ebs-standing.ts";
import { gatherInstanceLaunch, type LaunchAsked } from "../../evaluation/instance-launch.ts";
import { gatherCommands, withSurroundings } from "../../evaluation/instance-surroundings.ts";
import { ourTags } from "../../evaluation/our-tags.ts";
import { readLiveReading } from "../../evaluation/live-instance.ts";
import { isOneOfMany } from "../../evaluation/shared-reading.ts";
import { readModelStanding } from "../../judge/model-standing.ts";
import { findPlacement } from "../placement.ts";
import { withProgress, type LinearSession } from "../session.ts";
import { gatherLost } from "./lost.ts";

type CheckSession = LinearSession<
  "classicElb" | "ec2" | "elb" | "kms" | "marketEc2" | "serviceQuotas" | "ssm"
>;

interface Gathered extends LinearFacts {
  /** As EC2 showed it; absent with the instance. */
  readonly reading?: FirstReading;
}

const gatherOriginal = async (session: CheckSession): Promise<Gathered> => {
  // A disabled account is refused by the decision, and not called.
  if ((await session.account()).status === "DISABLED") return {};
  if (isRecovery(session.evaluation)) return gatherLost(session);
  const reading = await readLiveReading(session, session.evaluation.subject.instanceId);
  if (reading === undefined) return {};
  const { facts: found } = reading;
  const clients = await session.customer();
  const instance = await withSurroundings(clients, found);
  const marketEc2 = session.context.marketEc2(session.evaluation.region);
  const [originalType] = await readInstanceTypes(marketEc2, [instance.instanceType]);
  const commands = await gatherCommands(clients, instance.instanceId, session.evaluation.policy);
  const placedBy = await findPlacement(
    session.context.table,
    session.evaluation.targetId,
    instance,
  );
  return {
    instance,
    reading,
    ...(placedBy === undefined ? {} : { placedBy }),
    ...(originalType === undefined ? {} : { originalType }),
    ...(commands === undefined ? {} : { commands }),
  };
};

type CheckedFacts = StoredFacts<"LINEAR"> & Required<Pick<StoredFacts, "riskModel">>;

/** What stands against it, by what was found so far. */
const judge = async (session: CheckSession, facts: CheckedFacts): Promise<Eligibility> => {
  const { evaluation } = session;
  const { instance, originalType: type, riskModel, kind, placedBy, lost, commands, launch } = facts;
  return judgeEligibility({
    account: await session.account(),
    target: await session.target(),
    instance,
    type,
    policy: evaluation.policy,
    riskModel,
    deploymentId: evaluation.deploymentId,
    ...(kind === undefined ? {} : { kind }),
    ...(placedBy === undefined ? {} : { placedBy }),
    ...(lost === undefined ? {} : { lost }),
    ...(commands === undefined ? {} : { commands }),
    ...(launch === undefined ? {} : { launch }),
  });
};

const launchAsked = async (
  session: CheckSession,
  kind: EvaluationKind | undefined,
): Promise<LaunchAsked> => {
  const { policy, isShadowMode } = session.evaluation;
  return {
    clients: await session.customer(),
    place: await ebsPlaceOf(session),
    policy,
    isShadowMode,
    tags: ourTags(session.evaluation),
    ...(kind !== undefined && { kind }),
  };
};

/** What stands on Spot already by one of its switches may move; who asked for a place says so. */
const kindFor = (
  { kind }: Pick<LinearEvaluation, "kind">,
  { placedBy }: Pick<LinearFacts, "placedBy">,
): EvaluationKind | undefined => (kind === undefined && placedBy !== undefined ? "MOVE" : kind);

/** Of one that may move. */
const recommendedIn = async ({
  context,
  evaluation,
  now,
}: CheckSession): Promise<Pick<FactsBesideSpot, "isRecommended">> => {
  const { policy, subject } = evaluation;
  if (policy.onRebalanceRecommendation === "ignore") return {};
  const since = heardSince(now.toISOString());
  const told = await listRecommended(context.table, evaluation, since);
  return told.has(subject.instanceId) ? { isRecommended: true } : {};
};

/** What the target has met with on Spot, and whether it may leave that. Who asks, and what EC2 takes, waits for neither. */
const gatherPast = async (
  session: CheckSession,
  kind: EvaluationKind | undefined,
): Promise<FactsBesideSpot> => {
  if (kind === "FALL_BACK" || kind === "RECOVER") return {};
  const { context, evaluation } = session;
  const backoff = await getSpotBackoff(context.table, evaluation, evaluation.targetId);
  const account = await session.account();
  return {
    ...(backoff !== undefined && { backoff }),
    ...(kind === "MOVE" && {
      ...fallbackIn({ account, target: await session.target() }),
      ...(await recommendedIn(session)),
    }),
  };
};

/** A launch is asked about only where nothing else stands against it. */
const gatherFacts = async (session: CheckSession): Promise<CheckedFacts> => {
  const { context, evaluation, now } = session;
  const riskModel = await readModelStanding(context.table, evaluation.modelVersion);
  const { reading, ...original } = await gatherOriginal(session);
  const kind = kindFor(evaluation, original);
  const facts = {
    observedAt: now.toISOString(),
    ...(kind === undefined ? {} : { kind }),
    riskModel,
    deploymentId: evaluation.deploymentId,
    ...original,
    ...(await gatherPast(session, kind)),
  };
  const { instance, originalType } = original;
  if (instance === undefined || reading === undefined) return facts;
  if ((await judge(session, facts)).kind === "INELIGIBLE") return facts;
  return {
    ...facts,
    ...(await gatherInstanceLaunch(await launchAsked(session, kind), {
      ...reading,
      instance,
      originalType,
    })),
  };
};

const whatCan: Readonly<Record<EvaluationKind, string>> = {
  SWITCH: "be switched",
  FALL_BACK: "go back to On-Demand",
  MOVE: "leave its Spot pool",
  RECOVER: "be launched anew",
  RESPOND: "be answered for",
};

/** Downtime counts from there. */
const withLoss = ({ lost }: CheckedFacts): ((record: LinearEvaluation) => LinearEvaluation) =>
  lost === undefined ? (record) => record : withProgress({ takenAt: lost.downSince });

export const checkEligibilityStep = defineEvaluationStep({
  name: "check-eligibility",
  clients: ["classicElb", "ec2", "elb", "kms", "marketEc2", "serviceQuotas", "ssm"],
  mode: "LINEAR",
  input: evaluationInputSchema,
  output: z.object({ kind: z.enum(["ELIGIBLE", "STAY", "REFUSE"]), summary: z.string() }),
  run: async (session) => {
    const { context, evaluation } = session;
    const [account, target] = [await session.account(), await session.target()];
    const sharing = (await isOneOfMany(session)) ? ({ sharesReadings: true } as const) : {};
    const facts = await gatherFacts({ ...session, evaluation: { ...evaluation, ...sharing } });
    await saveFacts(context.table, evaluation.evaluationId, facts, { isFirst: true });
    const judged = await judge(session, facts);
    const { externalId: _withheld, ...shown } = account;
    const noteRegistered = (record: LinearEvaluation): LinearEvaluation => ({
      ...withLoss(facts)(record),
      ...sharing,
      ...(facts.kind !== undefined && { kind: facts.kind }),
      registered: { account: shown, target },
    });
    if (judged.kind === "ELIGIBLE") {
      return {
        change: noteRegistered,
        output: {
          kind: "ELIGIBLE" as const,
          summary: `${evaluation.subject.instanceId} can ${whatCan[kindOf(facts)]} (${evaluation.policy.consistency}).`,
        },
      };
    }
    const verdict = refusal({
      objections: judged.objections,
      modelVersion: evaluation.modelVersion,
      judgementVersion: currentJudgementVersion,
      policyVersion: evaluation.policyVersion,
      judgedAt: facts.observedAt,
    });
    return {
      output: {
        kind: verdict.kind === "STAY" ? ("STAY" as const) : ("REFUSE" as const),
        summary: verdict.sentence,
      },
      change: (record) => ({ ...noteRegistered(record), verdict }),
    };
  },
});

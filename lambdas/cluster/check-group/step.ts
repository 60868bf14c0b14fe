/** Check group: what the group is, what it would launch, how its risk model stands, and whether it may be converted, and now. */
import { readGroup, type GroupReading } from "../../../adapters/aws/autoscaling/group.ts";
import { readInstanceTypes } from "../../../adapters/aws/ec2/market.ts";
import { readStopProtected } from "../../../adapters/aws/ec2/protections.ts";
import { saveFacts } from "../../../adapters/store/evaluations.ts";
import { listRecommended } from "../../../adapters/store/spot-events.ts";
import {
  judgeGroupEligibility,
  type GroupEligibility,
} from "../../../core/decide/cluster/eligibility.ts";
import { heededMembers } from "../../../core/decide/switch/group/recommended.ts";
import { counted } from "../../../core/decide/offers/figures.ts";
import { fallbackIn } from "../../../core/decide/switch/registration.ts";
import { heardSince } from "../../../core/decide/switch/recommendation.ts";
import { kindOf, type EvaluationKind } from "../../../core/model/evaluation-kind.ts";
import type { StoredFacts } from "../../../core/model/evaluation.ts";
import { isOnDemand, type GroupFacts } from "../../../core/model/group.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { answerOfGate, gateOutputSchema } from "../../evaluation/gate-answer.ts";
import { linearTargetsAmong } from "../../evaluation/linear-targets.ts";
import { gatherLaunch } from "../../evaluation/member-launch.ts";
import { isOneOfMany } from "../../evaluation/shared-reading.ts";
import { readModelStanding } from "../../judge/model-standing.ts";
import { policyOf } from "../group.ts";
import { seenBeforeBatch } from "../sight.ts";
import { wholeClients, type ClusterSession } from "../session.ts";
import { readRaiseBefore } from "../standing-raise.ts";
import { awaitTaken } from "./await-taken.ts";
import { placedAmong } from "./placed.ts";

const clients = [...wholeClients, "kms", "marketEc2"] as const;

type CheckSession = ClusterSession<(typeof clients)[number]>;

const readWithPlaced = async (session: CheckSession): Promise<GroupReading | undefined> => {
  const { evaluation } = session;
  const { accountId, region, subject } = evaluation;
  const { asgName } = subject;
  const customer = await session.customer();
  const reading = await readGroup(customer, { asgName, accountId, region, linearTargets: [] });
  if (reading === undefined) return undefined;
  const linearTargets = await linearTargetsAmong(session.context.table, reading.facts.members);
  const { table } = session.context;
  const placed = await placedAmong({ table, deploymentId: evaluation.deploymentId }, reading.facts);
  return { ...reading, facts: { ...reading.facts, linearTargets, placed } };
};

const gatherGroup = async (session: CheckSession): Promise<GroupReading | undefined> => {
  // A disabled account is refused by the decision, and not called.
  if ((await session.account()).status === "DISABLED") return undefined;
  const reading = await readWithPlaced(session);
  if (reading === undefined) return undefined;
  return (await awaitTaken(session, reading.facts)) ? readWithPlaced(session) : reading;
};

type CheckedFacts = StoredFacts<"CLUSTER"> & Required<Pick<StoredFacts, "riskModel">>;

const judge = async (session: CheckSession, facts: CheckedFacts): Promise<GroupEligibility> => {
  const { policy, deploymentId } = session.evaluation;
  const { group, templateType: type, launch, riskModel, observedAt: at, kind, standing } = facts;
  return judgeGroupEligibility({
    account: await session.account(),
    target: await session.target(),
    ...(standing === undefined ? {} : { standing }),
    policy,
    riskModel,
    deploymentId,
    group,
    type,
    at,
    ...(kind === undefined ? {} : { kind }),
    ...(launch === undefined ? {} : { launch }),
  });
};

const typeOf = async (
  { context, evaluation }: CheckSession,
  instanceType: string | undefined,
): Promise<Pick<CheckedFacts, "templateType">> => {
  if (instanceType === undefined) return {};
  const [type] = await readInstanceTypes(context.marketEc2(evaluation.region), [instanceType]);
  return type === undefined ? {} : { templateType: type };
};

/** A call for each member: asked only where originals are to be kept stopped. */
const stopProtectedIn = async (
  session: CheckSession,
  group: GroupFacts,
): Promise<Pick<GroupFacts, "stopProtected">> => {
  if (policyOf(session, group).keepOriginalsHours === 0) return {};
  const { ec2 } = await session.customer();
  const onDemand = group.members.filter(isOnDemand).map(({ instanceId }) => instanceId);
  return { stopProtected: await readStopProtected(ec2, onDemand) };
};

/** Of a switch: what else an evaluation brings about is not about where a member stands best. */
const recommendedIn = async (
  session: CheckSession,
  group: GroupFacts,
): Promise<Pick<CheckedFacts, "recommended">> => {
  const { context, evaluation, now } = session;
  const policy = policyOf(session, group);
  if (policy.onRebalanceRecommendation === "ignore" || kindOf(evaluation) !== "SWITCH") return {};
  const at = now.toISOString();
  const told = await listRecommended(context.table, evaluation, heardSince(at));
  const brought = (group.placed ?? []).map(({ instanceId }) => instanceId);
  const recommended = heededMembers({ group, policy, told, brought, at });
  return recommended.length === 0 ? {} : { recommended };
};

/** A launch is asked about only where nothing else stands against it. */
const gatherFacts = async (session: CheckSession): Promise<CheckedFacts> => {
  const { context, evaluation, now } = session;
  const { modelVersion, deploymentId, kind } = evaluation;
  const riskModel = await readModelStanding(context.table, modelVersion);
  const standing = await readRaiseBefore(session);
  const reading = await gatherGroup(session);
  const facts = {
    observedAt: now.toISOString(),
    ...(kind === undefined ? {} : { kind }),
    ...fallbackIn({ account: await session.account(), target: await session.target() }),
    ...(standing === undefined ? {} : { standing }),
    riskModel,
    deploymentId,
  };
  if (reading === undefined) return facts;
  const { facts: group, template } = reading;
  const known = { ...facts, group, ...(await typeOf(session, template?.facts.instanceType)) };
  if ((await judge(session, known)).kind !== "ELIGIBLE") return known;
  return {
    ...known,
    ...(await recommendedIn(session, group)),
    group: { ...group, ...(await stopProtectedIn(session, group)) },
    launch: await gatherLaunch(session, reading),
  };
};

const whatCan: Readonly<Record<EvaluationKind, string>> = {
  SWITCH: "be converted",
  FALL_BACK: "go back to On-Demand",
  MOVE: "move to other pools",
  RECOVER: "get others for those that EC2 takes back",
  RESPOND: "get another for the one that EC2 takes back",
};

export const checkGroupStep = defineEvaluationStep({
  name: "check-group",
  clients,
  mode: "CLUSTER",
  input: evaluationInputSchema,
  output: gateOutputSchema,
  run: async (session) => {
    const { context, evaluation } = session;
    const facts = await gatherFacts(session);
    await saveFacts(context.table, evaluation.evaluationId, facts);
    const judged = await judge(session, facts);
    const { members = [] } = facts.group ?? {};
    const what = whatCan[kindOf(evaluation)];
    const eligible = `Group ${evaluation.subject.asgName} with ${counted(members.length, "member")} can ${what}.`;
    const sharesReadings = await isOneOfMany(session);
    const { observedAt: judgedAt } = facts;
    const answer = await answerOfGate(session, judged, { judgedAt, eligible, sharesReadings });
    if (facts.group === undefined) return answer;
    return { ...answer, sight: { capacity: [await seenBeforeBatch(session, facts.group)] } };
  },
});

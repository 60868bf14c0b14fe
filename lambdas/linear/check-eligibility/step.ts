/** Check eligibility: what the instance is, how its risk model stands, and whether it may be switched. */
import * as z from "zod";
import { readClassicLoadBalancersOf } from "../../../adapters/aws/classic-elb.ts";
import { readTargetGroupsOf, readUnenrolledGroups } from "../../../adapters/aws/elb.ts";
import { readUnenrolledAddresses } from "../../../adapters/aws/ec2/network.ts";
import { withLoadBalancers } from "../../../adapters/aws/load-balancers.ts";
import type { FirstReading } from "../../../adapters/aws/ec2/instances.ts";
import { readInstanceTypes } from "../../../adapters/aws/ec2/market.ts";
import { readDirectoryDomain, readDocument, readPingStatus } from "../../../adapters/aws/ssm.ts";
import { saveFacts } from "../../../adapters/store/evaluations.ts";
import { updateTarget } from "../../../adapters/store/targets.ts";
import { judgeEligibility, type Eligibility } from "../../../core/decide/linear/eligibility.ts";
import { launchesOf } from "../../../core/decide/linear/owners-starts.ts";
import { refusal } from "../../../core/decide/switch/objection.ts";
import type { CommandFacts } from "../../../core/model/command.ts";
import { kindOf } from "../../../core/model/evaluation-kind.ts";
import { currentJudgementVersion } from "../../../core/model/judgement-version.ts";
import type { LinearEvaluation, LinearFacts, StoredFacts } from "../../../core/model/evaluation.ts";
import type { InstanceFacts } from "../../../core/model/instance.ts";
import type { Target } from "../../../core/model/target.ts";
import { documentsOf } from "../../../core/policy/policy.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { readLiveReading } from "../../evaluation/live-instance.ts";
import { readModelStanding } from "../../judge/model-standing.ts";
import { findPlacement } from "../placement.ts";
import { type LinearSession } from "../session.ts";
import { gatherLaunch } from "./launch.ts";

type CheckSession = LinearSession<
  "classicElb" | "ec2" | "elb" | "kms" | "marketEc2" | "serviceQuotas" | "ssm"
>;

/** Documents that a hook or a proof runs on the instance; undefined where the policy names none. */
const gatherCommands = async (
  session: CheckSession,
  instanceId: string,
): Promise<CommandFacts | undefined> => {
  const names = documentsOf(session.evaluation.policy);
  if (names.length === 0) return undefined;
  const { ssm } = await session.customer();
  const ping = await readPingStatus(ssm, instanceId);
  const documents = await Promise.all(names.map((name) => readDocument(ssm, name)));
  return { ...(ping === undefined ? {} : { ping }), documents };
};

/** What EC2 does not know of a Windows guest, and its agent reports where Systems Manager manages it. */
const readDomain = async (
  session: CheckSession,
  { instanceId, platformDetails }: InstanceFacts,
): Promise<Partial<Pick<InstanceFacts, "domainJoined" | "directoryDomain">>> => {
  if (!platformDetails.startsWith("Windows")) return {};
  const { ssm } = await session.customer();
  const directoryDomain = await readDirectoryDomain(ssm, instanceId);
  return directoryDomain === undefined ? {} : { domainJoined: true, directoryDomain };
};

const addressesOf = ({ networkInterfaces }: InstanceFacts): readonly string[] =>
  networkInterfaces
    .flatMap(({ privateAddresses }) => privateAddresses)
    .flatMap(({ allocationId }) => allocationId ?? []);

interface Gathered extends LinearFacts {
  /** As EC2 showed it; absent with the instance. */
  readonly reading?: FirstReading;
}

const gatherOriginal = async (session: CheckSession): Promise<Gathered> => {
  // A disabled account is refused by the decision, and not called.
  if ((await session.account()).status === "DISABLED") return {};
  const reading = await readLiveReading(session, session.evaluation.subject.instanceId);
  if (reading === undefined) return {};
  const { facts: found } = reading;
  const clients = await session.customer();
  const targetGroups = await withLoadBalancers(
    clients,
    await readTargetGroupsOf(clients.elb, found.instanceId),
  );
  const instance = {
    ...found,
    ...(await readDomain(session, found)),
    targetGroups,
    classicLoadBalancers: await readClassicLoadBalancersOf(clients.classicElb, found.instanceId),
    unenrolled: [
      ...(found.unenrolled ?? []),
      ...(await readUnenrolledAddresses(clients.ec2, addressesOf(found))),
      ...(await readUnenrolledGroups(clients.elb, [
        ...new Set(targetGroups.map(({ arn }) => arn)),
      ])),
    ],
  };
  const marketEc2 = session.context.marketEc2(session.evaluation.region);
  const [originalType] = await readInstanceTypes(marketEc2, [instance.instanceType]);
  const commands = await gatherCommands(session, instance.instanceId);
  const placedBy = await findPlacement(session, instance);
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
  const { instance, originalType: type, riskModel, kind, placedBy, commands, launch } = facts;
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
    ...(commands === undefined ? {} : { commands }),
    ...(launch === undefined ? {} : { launch }),
  });
};

/** A launch is asked about only where nothing else stands against it. */
const gatherFacts = async (session: CheckSession): Promise<CheckedFacts> => {
  const { context, evaluation, now } = session;
  const riskModel = await readModelStanding(context.table, evaluation.modelVersion);
  const { reading, ...original } = await gatherOriginal(session);
  const { kind } = evaluation;
  const facts = {
    observedAt: now.toISOString(),
    ...(kind === undefined ? {} : { kind }),
    riskModel,
    deploymentId: evaluation.deploymentId,
    ...original,
  };
  const { instance, originalType } = original;
  if (instance === undefined || reading === undefined) return facts;
  if ((await judge(session, facts)).kind === "INELIGIBLE") return facts;
  return { ...facts, ...(await gatherLaunch(session, { ...reading, instance, originalType })) };
};

/** For whom it is judged later: EC2 forgets a launch with the next one. */
const noteLaunch = async (
  { context }: CheckSession,
  instance: InstanceFacts | undefined,
  { targetId, launchesSeen }: Target,
): Promise<void> => {
  if (instance === undefined || launchesSeen?.includes(instance.launchedAt) === true) return;
  await updateTarget(context.table, targetId, (target) =>
    target.instanceId === instance.instanceId
      ? { ...target, launchesSeen: [...launchesOf(instance, target)] }
      : target,
  );
};

export const checkEligibilityStep = defineEvaluationStep({
  name: "check-eligibility",
  clients: ["classicElb", "ec2", "elb", "kms", "marketEc2", "serviceQuotas", "ssm"],
  mode: "LINEAR",
  input: evaluationInputSchema,
  output: z.object({ kind: z.enum(["ELIGIBLE", "STAY", "REFUSE"]), summary: z.string() }),
  run: async (session) => {
    const { context, evaluation } = session;
    const [account, target] = [await session.account(), await session.target()];
    const facts = await gatherFacts(session);
    await saveFacts(context.table, evaluation.evaluationId, facts, { isFirst: true });
    await noteLaunch(session, facts.instance, target);
    const judged = await judge(session, facts);
    const { externalId: _withheld, ...shown } = account;
    const noteRegistered = (record: LinearEvaluation): LinearEvaluation => ({
      ...record,
      registered: { account: shown, target },
    });
    if (judged.kind === "ELIGIBLE") {
      return {
        change: noteRegistered,
        output: {
          kind: "ELIGIBLE" as const,
          summary: `${evaluation.subject.instanceId} can ${kindOf(evaluation) === "SWITCH" ? "be switched" : "go back to On-Demand"} (${evaluation.policy.consistency}).`,
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

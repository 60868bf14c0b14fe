/**
 * Reads what a verdict on nodes rests on, in three stages: what EKS and Auto Scaling say; the cluster itself; what is only tried where
 * nothing else stands against it, evictions and a launch. What stands against it after one stage is not worth the calls of the next.
 */
import { readGroup, type GroupReading } from "../../../adapters/aws/autoscaling/group.ts";
import { readClassicLoadBalancers } from "../../../adapters/aws/classic-elb.ts";
import { readInstanceTypes } from "../../../adapters/aws/ec2/market.ts";
import { readNodeGroup } from "../../../adapters/aws/eks.ts";
import { listRecommended } from "../../../adapters/store/spot-events.ts";
import { orAbsent } from "../../../adapters/aws/or-absent.ts";
import { withoutUndefined } from "../../../adapters/aws/without-undefined.ts";
import { readAccess } from "../../../adapters/kubernetes/access-review.ts";
import type { KubernetesClient } from "../../../adapters/kubernetes/client.ts";
import { tryEviction } from "../../../adapters/kubernetes/evictions.ts";
import { readViewForDrain } from "../../../adapters/kubernetes/view.ts";
import { heededMembers } from "../../../core/decide/switch/group/recommended.ts";
import { heardSince } from "../../../core/decide/switch/recommendation.ts";
import { kindOf } from "../../../core/model/evaluation-kind.ts";
import { candidateNodes } from "../../../core/decide/kubernetes/candidate-nodes.ts";
import { inFlight } from "../../../core/decide/kubernetes/drain/pace.ts";
import { podsToTry } from "../../../core/decide/kubernetes/pods/pods-to-try.ts";
import { trimView } from "../../../core/decide/kubernetes/trim-view.ts";
import type { ManagedNodeGroupFacts } from "../../../core/model/kubernetes/cluster.ts";
import type { EvictionTrial } from "../../../core/model/kubernetes/eviction.ts";
import type { NodeFacts } from "../../../core/model/kubernetes/node.ts";
import type { KubernetesFacts } from "../../../core/model/kubernetes/facts.ts";
import { linearTargetsAmong } from "../../evaluation/linear-targets.ts";
import { gatherLaunch } from "../../evaluation/member-launch.ts";
import { connect, type KubernetesSession } from "../session.ts";

export const gateClients = [
  "autoScaling",
  "classicElb",
  "cloudFormation",
  "cloudWatch",
  "ec2",
  "eks",
  "elb",
  "kms",
  "kubernetes",
  "marketEc2",
] as const;
type GateClientName = (typeof gateClients)[number];
export type GateSession = KubernetesSession<GateClientName>;

/** With what a gate reads: a session of its evaluation has it, and who asks before there is any makes it. */
export interface NodesAsked extends Pick<GateSession, "account" | "target" | "customer"> {
  readonly context: Pick<GateSession["context"], "marketEc2" | "now" | "table">;
  readonly evaluation: Pick<
    GateSession["evaluation"],
    "accountId" | "region" | "subject" | "policy" | "kind" | "deploymentId"
  >;
}

/** The cluster's own answers, with the client by which more is asked. */
export interface Stage {
  readonly facts: KubernetesFacts;
  readonly client?: KubernetesClient;
  readonly reading?: GroupReading;
}

const readManaged = async (
  session: NodesAsked,
  nodeGroup: string | undefined,
): Promise<ManagedNodeGroupFacts | undefined> => {
  if (nodeGroup === undefined || nodeGroup === "") return undefined;
  const { eks } = await session.customer();
  const { clusterName } = session.evaluation.subject;
  return readNodeGroup(eks, { clusterName, nodeGroup });
};

/** With the LINEAR targets among its members: two evaluations would work on one instance. */
const readGroupOf = async (
  session: NodesAsked,
  asgName: string | undefined,
): Promise<GroupReading | undefined> => {
  if (asgName === undefined) return undefined;
  const { context, evaluation } = session;
  const { accountId, region } = evaluation;
  const customer = await session.customer();
  const reading = await readGroup(customer, { asgName, accountId, region, linearTargets: [] });
  if (reading === undefined) return undefined;
  const linearTargets = await linearTargetsAmong(context.table, reading.facts.members);
  return { ...reading, facts: { ...reading.facts, linearTargets } };
};

const typeOf = async (
  { context, evaluation }: NodesAsked,
  reading: GroupReading | undefined,
): Promise<KubernetesFacts["templateType"]> => {
  const { facts: { instanceType } = {} } = reading?.template ?? {};
  if (instanceType === undefined) return undefined;
  const [type] = await readInstanceTypes(context.marketEc2(evaluation.region), [instanceType]);
  return type;
};

interface Groups extends Pick<Stage, "reading"> {
  readonly facts: Pick<KubernetesFacts, "nodeGroup" | "spotNodeGroup" | "group" | "spotGroup">;
}

/** The node group, that on Spot which its policy names, and the Auto Scaling groups behind both. */
const readGroups = async (session: NodesAsked): Promise<Groups> => {
  const { subject, policy } = session.evaluation;
  const { asgName } = subject;
  const nodeGroup =
    asgName === undefined ? await readManaged(session, subject.nodeGroup) : undefined;
  const spotNodeGroup =
    nodeGroup === undefined ? undefined : await readManaged(session, policy.spotNodeGroup);
  const reading = await readGroupOf(session, asgName ?? nodeGroup?.asgNames[0]);
  const spot = await readGroupOf(session, spotNodeGroup?.asgNames[0]);
  return withoutUndefined({
    reading,
    facts: withoutUndefined({
      nodeGroup,
      spotNodeGroup,
      group: reading?.facts,
      spotGroup: spot?.facts,
    }),
  });
};

/** EKS answers a recommendation of its own nodes by itself. Whatever has come to the group within hours rests, whoever brought it. */
const recommendedIn = async (
  { context, evaluation }: NodesAsked,
  { group, nodeGroup }: Pick<KubernetesFacts, "group" | "nodeGroup">,
): Promise<Pick<KubernetesFacts, "recommended">> => {
  const { policy } = evaluation;
  const isHeeded = policy.onRebalanceRecommendation === "move" && kindOf(evaluation) === "SWITCH";
  if (!isHeeded || group === undefined || nodeGroup !== undefined) return {};
  const at = context.now().toISOString();
  const recommended = heededMembers({
    group,
    policy,
    told: await listRecommended(context.table, evaluation, heardSince(at)),
    brought: group.members.map(({ instanceId }) => instanceId),
    at,
  });
  return recommended.length === 0 ? {} : { recommended };
};

/** What AWS says. The cluster is not asked. */
export const gatherFromAws = async (session: NodesAsked): Promise<Stage> => {
  const { kind, deploymentId } = session.evaluation;
  const { node, instanceId } = await session.target();
  const onlyInstance = node.scope === "ONE" ? instanceId : undefined;
  const known: KubernetesFacts = withoutUndefined({ kind, deploymentId, onlyInstance });
  // A disabled account is refused by the decision, and not called.
  if ((await session.account()).status === "DISABLED") return { facts: known };
  const connection = await orAbsent(() => connect(session));
  if (connection === undefined) return { facts: known };
  const { cluster, client } = connection;
  const { reading, facts: groups } = await readGroups(session);
  const templateType = await typeOf(session, reading);
  const recommended = await recommendedIn(session, groups);
  const facts: KubernetesFacts = withoutUndefined({
    ...known,
    ...recommended,
    cluster,
    ...groups,
    templateType,
  });
  return withoutUndefined({ client, reading, facts });
};

/** Of nodes that are asked for: their controllers take a node out of these as out of target groups, and nobody shows how long its requests may still last. */
const readClassicOf = async (
  session: NodesAsked,
  nodes: readonly NodeFacts[],
): Promise<Pick<KubernetesFacts, "classicLoadBalancers">> => {
  const { classicElb } = await session.customer();
  const ids = new Set<string | undefined>(nodes.map(({ instanceId }) => instanceId));
  const classicLoadBalancers = (await readClassicLoadBalancers(classicElb)).flatMap(
    ({ name, instanceIds }) => {
      const own = instanceIds.filter((id) => ids.has(id));
      return own.length === 0 ? [] : [{ name, instanceIds: own }];
    },
  );
  return classicLoadBalancers.length === 0 ? {} : { classicLoadBalancers };
};

/** What the cluster says: whom it takes us for, and what runs on the nodes in question. */
export const gatherFromCluster = async (
  session: NodesAsked,
  { facts, client, ...stage }: Stage,
): Promise<Stage> => {
  if (client === undefined) return { facts, ...stage };
  const { deletePodsAtDeadline: deletes } = session.evaluation.policy;
  const access = await readAccess(client, { deletes });
  if (access.missing.length > 0) return { ...stage, client, facts: { ...facts, access } };
  const view = await readViewForDrain(client);
  const nodes = candidateNodes({ view, facts, target: await session.target() });
  const trimmed = trimView(
    view,
    nodes.map(({ name }) => name),
  );
  const classic = await readClassicOf(session, nodes);
  return { ...stage, client, facts: { ...facts, access, view: trimmed, ...classic } };
};

/** Of many nodes the next ones: each is looked at again before its turn. */
const triedNodes = 3;

/**
 * A webhook that does not answer keeps each try for ten seconds (admissionregistration API, timeoutSeconds), and the function has a minute: what is not tried
 * by then shows when it is meant.
 */
const tryingMs = 20_000;

export const tryEvictions = async (
  session: NodesAsked,
  { facts, client }: Stage,
): Promise<readonly EvictionTrial[]> => {
  const { view } = facts;
  if (client === undefined || view === undefined) return [];
  const { context } = session;
  const nodes = candidateNodes({ view, facts, target: await session.target() });
  const pods = podsToTry({ view, nodes: nodes.slice(0, triedNodes) });
  const until = context.now().getTime() + tryingMs;
  const trials: EvictionTrial[] = [];
  for (let first = 0; first < pods.length && context.now().getTime() < until; first += inFlight) {
    const some = pods.slice(first, first + inFlight);
    trials.push(
      ...(await Promise.all(
        some.map(async (pod) => ({ ...pod, reply: await tryEviction(client, pod) })),
      )),
    );
  }
  return trials;
};

/** EKS launches what joins a managed node group. */
export const gatherTrials = async (session: GateSession, stage: Stage): Promise<Stage> => {
  const { facts, reading } = stage;
  const trials = await tryEvictions(session, stage);
  const launch =
    reading === undefined || facts.nodeGroup !== undefined
      ? {}
      : { launch: await gatherLaunch(session, reading) };
  return { ...stage, facts: { ...facts, trials, ...launch } };
};

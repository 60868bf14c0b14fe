/** Drains by the step of the workflow itself, tick by tick: its store is in memory, EC2 and EKS say what they would, the cluster is real. */
import { setTimeout as delay } from "node:timers/promises";
import {
  DescribeInstancesCommand,
  DescribeInstanceStatusCommand,
  DescribeSpotInstanceRequestsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { DescribeClusterCommand, EKSClient } from "@aws-sdk/client-eks";
import { mockClient } from "aws-sdk-client-mock";
import { clusterOpener, type KubernetesClient } from "../../adapters/kubernetes/client.ts";
import { changeNode, listNodes } from "../../adapters/kubernetes/nodes.ts";
import { httpsTransport } from "../../adapters/kubernetes/transport.ts";
import { createAccount } from "../../adapters/store/accounts.ts";
import { createEvaluation, getEvaluation, loadEffects } from "../../adapters/store/evaluations.ts";
import { planIntent } from "../../adapters/store/intents.ts";
import { acquireLease } from "../../adapters/store/leases.ts";
import { updateSwap } from "../../adapters/store/swaps.ts";
import type { Table } from "../../adapters/store/table.ts";
import { createTarget } from "../../adapters/store/targets.ts";
import {
  claimAnnotation,
  exclusionLabel,
  exclusionValue,
} from "../../core/decide/kubernetes/claims.ts";
import type { KubernetesEvaluation } from "../../core/model/evaluation.ts";
import type { Intent } from "../../core/model/intent.ts";
import type { InstanceId } from "../../core/model/ids.ts";
import { instanceIdSchema } from "../../core/model/ids.ts";
import type { NodeName } from "../../core/model/kubernetes/progress.ts";
import type { Swap } from "../../core/model/swap.ts";
import { effectivePolicy } from "../../core/policy/policy.ts";
import { drainPollStep } from "../../lambdas/kubernetes/drain-poll/step.ts";
import { runStep } from "../../lambdas/runtime/step.ts";
import type { DrainTask } from "../../local/kube/drain-measure.ts";
import { createMemoryTable } from "../../local/platform/memory-table.ts";
import {
  connected,
  kubernetesEvaluation,
  kubernetesTarget,
  pool,
} from "../adapters/store/stored-items/samples.ts";

const claim = "evl-1#1";
const swapId = "swap-1";
const region = "eu-west-1";

/** What EC2 shows of the instance behind the new node: running, and wanted by nobody. */
const ec2With = (instanceId: InstanceId): EC2Client => {
  const ec2 = mockClient(EC2Client);
  const SpotInstanceRequestId = "sir-1";
  const instance = {
    InstanceId: instanceId,
    State: { Name: "running" as const },
    InstanceLifecycle: "spot" as const,
    SpotInstanceRequestId,
  };
  const request = { SpotInstanceRequestId, InstanceId: instanceId, Status: { Code: "fulfilled" } };
  ec2.on(DescribeInstancesCommand).resolves({ Reservations: [{ Instances: [instance] }] });
  ec2.on(DescribeInstanceStatusCommand).resolves({
    InstanceStatuses: [{ InstanceId: instanceId, InstanceState: { Name: "running" } }],
  });
  ec2.on(DescribeSpotInstanceRequestsCommand).resolves({ SpotInstanceRequests: [request] });
  return ec2 as unknown as EC2Client;
};

const eksWith = ({ access, clusterName }: DrainTask): EKSClient => {
  const eks = mockClient(EKSClient);
  eks.on(DescribeClusterCommand).resolves({
    cluster: {
      name: clusterName,
      arn: `arn:aws:eks:${region}:111122223333:cluster/${clusterName}`,
      status: "ACTIVE",
      version: "1.35",
      endpoint: access.url,
      certificateAuthority: { data: Buffer.from(access.authority).toString("base64") },
    },
  });
  return eks as unknown as EKSClient;
};

const nodeOf = async (client: KubernetesClient, name: string): Promise<NodeName> => {
  const node = (await listNodes(client)).find((each) => each.name === name);
  return { name, uid: node?.uid ?? "", instanceId: instanceIdSchema.parse(node?.instanceId) };
};

interface Nodes {
  readonly original: NodeName;
  readonly joined: NodeName;
}

const recordOf = (clusterName: string, { original, joined }: Nodes): KubernetesEvaluation => {
  const { endedAt: _ended, verdict: _verdict, progress: _progress, ...head } = kubernetesEvaluation;
  return {
    ...head,
    status: "RUNNING",
    kind: "SWITCH",
    region,
    policy: effectivePolicy("KUBERNETES"),
    subject: { ...kubernetesEvaluation.subject, clusterName },
    progress: { round: 1, original, joined },
  };
};

const swapOf = ({ original, joined }: Nodes): Swap => ({
  swapId,
  originalId: original.instanceId,
  stage: "JOINED",
  sentence: "The new node has joined.",
  failed: [],
  batch: 1,
  replacement: { instanceId: joined.instanceId, pool, launchedAt: new Date().toISOString() },
});

const cordonIntent = (clusterName: string, { original }: Nodes): Intent => ({
  id: `cordon-${swapId}`,
  status: "ACTED",
  swapId,
  fence: 1,
  plannedAt: new Date().toISOString(),
  before: { unschedulable: false, [exclusionLabel]: null },
  change: {
    kind: "CORDON_NODE",
    clusterName,
    nodeName: original.name,
    nodeUid: original.uid,
    instanceId: original.instanceId,
    claim,
  },
});

/** As the steps before have left it. */
const storeFor = async (clusterName: string, nodes: Nodes): Promise<Table> => {
  const table = createMemoryTable();
  const record = recordOf(clusterName, nodes);
  const owner = record.evaluationId;
  await createAccount(table, { ...connected, status: "ACTIVE" });
  await createTarget(table, kubernetesTarget);
  const leases = [];
  for (const { resource } of record.leases) {
    const acquired = await acquireLease(table, { resource, owner, now: new Date(), seconds: 900 });
    if (acquired.kind !== "HELD") throw new Error(`The lease ${resource} is taken.`);
    const { fence, expiresAt } = acquired;
    leases.push({ resource, fence, expiresAt });
  }
  const [first, ...others] = leases;
  if (first === undefined) throw new Error("The record has no lease.");
  await createEvaluation(table, { ...record, leases: [first, ...others] });
  await updateSwap(table, { evaluationId: owner, swapId, change: () => swapOf(nodes) });
  await planIntent(table, owner, cordonIntent(clusterName, nodes));
  return table;
};

export interface StepDrain {
  readonly ticks: number;
  readonly summary: string;
  /** Kinds of the intents that stand, and actions of the effects. */
  readonly intents: readonly string[];
  readonly effects: readonly string[];
  /** The longest tick. */
  readonly longestSeconds: number;
}

export const drainByStep = async (task: DrainTask): Promise<StepDrain> => {
  const { access, clusterName, credentials } = task;
  const open = clusterOpener(httpsTransport)(region, credentials);
  const { url: endpoint, authority } = access;
  const { roleArn } = connected;
  const client = await open({ endpoint, authority, clusterName, roleArn, now: new Date() });
  await changeNode(client, task.nodeName, () => ({
    isUnschedulable: true,
    annotations: { [claimAnnotation]: claim },
    labels: { [exclusionLabel]: exclusionValue },
  }));
  const nodes = {
    original: await nodeOf(client, task.nodeName),
    joined: await nodeOf(client, task.replacement),
  };
  const table = await storeFor(clusterName, nodes);
  const clients = {
    // The group is asked where a place was added to it, and none was.
    autoScaling: mockClient(AutoScalingClient) as unknown as AutoScalingClient,
    ec2: ec2With(nodes.joined.instanceId),
    eks: eksWith(task),
    kubernetes: open,
  };
  const silent = (): void => undefined;
  const context = {
    now: () => new Date(),
    pause: (milliseconds: number) => delay(milliseconds),
    table,
    log: { info: silent, warn: silent, error: silent },
    fetch,
    connect: () => Promise.reject(new Error("Nothing else is connected to.")),
    advisorFeedUrl: "https://advisor.test/feed.json",
    customer: () => Promise.resolve(clients),
    openCustomer: () => Promise.resolve(clients),
    forgetSessions: silent,
  };
  const { evaluationId } = kubernetesEvaluation;
  let [ticks, longestSeconds] = [0, 0];
  for (;;) {
    const beganMs = performance.now();
    const {
      kind,
      summary,
      waitSeconds = 0,
    } = await runStep(drainPollStep, context, { evaluationId });
    ticks += 1;
    longestSeconds = Math.max(longestSeconds, (performance.now() - beganMs) / 1000);
    if (kind !== "DRAINING") {
      if (kind !== "DRAINED") throw new Error(summary);
      const calls = await loadEffects(table, evaluationId);
      const intents = calls.intents.map(({ intent }) => intent.change.kind);
      const effects = calls.intents.flatMap((each) => each.effects.map(({ action }) => action));
      const record = await getEvaluation(table, evaluationId);
      if (record?.endedAt !== undefined) throw new Error("The record was ended.");
      return { ticks, summary, intents, effects, longestSeconds };
    }
    await delay(waitSeconds * 1000);
  }
};

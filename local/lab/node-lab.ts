/**
 * The laboratory with an EKS cluster: one customer account on the whole product, in virtual time, with nodes and workloads. Its nodes are registered, its
 * pods, budgets and capacity are watched at each change, and an evaluation is run to its end.
 */
import { withoutUndefined } from "../../adapters/aws/without-undefined.ts";
import { getEvaluation, loadEffects, loadEvaluation } from "../../adapters/store/evaluations.ts";
import { listIntents } from "../../adapters/store/intents.ts";
import { isHeld, readLease } from "../../adapters/store/leases.ts";
import { findOut } from "../../core/decide/switch/found-out.ts";
import type { KubernetesEvaluation, ToldEffect } from "../../core/model/evaluation.ts";
import { evaluationIdSchema, type EvaluationId } from "../../core/model/ids.ts";
import type { Intent } from "../../core/model/intent.ts";
import type { Swap } from "../../core/model/swap.ts";
import type { GroupName, GroupSummary } from "../cloud/autoscaling/control.ts";
import type { Ec2Settings } from "../cloud/ec2/settings.ts";
import type { NodeObject } from "../cloud/kubernetes/objects.ts";
import type { KubeSettings } from "../cloud/kubernetes/settings.ts";
import type { Market } from "../cloud/market/market.ts";
import {
  addCluster,
  type ClusterDescription,
  type ClusterOfOwner,
} from "../platform/customer-cluster.ts";
import type { Platform } from "../platform/platform.ts";
import type { AccountOptions, LabAccount } from "./account.ts";
import { mirrorCluster, type ClusterMirror } from "./cluster-mirror.ts";
import type { FunctionRuns } from "./function-runs.ts";
import { watchNodeCapacity, type NodeCapacity } from "./node-capacity.ts";
import { watchInvariant, type InvariantWatch } from "./node-invariant.ts";
import { giveAccess, letDeletePods, registerNodes, type NodeRegistration } from "./node-subject.ts";
import { watchPods, type PodLedger } from "./pod-ledger.ts";
import type { Until } from "./recalled-runs.ts";
import { createAlike } from "./recordings.ts";
import { runToEnd } from "./run.ts";
import { findLeaks, type Secrets } from "./secrets.ts";
import { smallMarket } from "./small-market.ts";
import { startEvaluation } from "./subject.ts";
import { openWatchedAccount } from "./watched-account.ts";

const startMs = Date.parse("2026-03-02T09:00:00Z");
const clusterName = "shop";

export interface NodeLabOptions extends ClusterDescription, NodeRegistration {
  readonly settings?: Partial<Ec2Settings>;
  readonly kubernetes?: Partial<KubeSettings>;
  readonly market?: Market;
  readonly seed?: number;
  /** What stands around functions. Default: nothing. */
  readonly around?: AccountOptions["around"];
  /** The cluster's owner has mapped our role. Default: true. */
  readonly hasAccess?: boolean;
  /** The owner has let us delete pods. Default: false. */
  readonly mayDeletePods?: boolean;
  /** Nothing that the test does can be seen before: up to there functions are recalled from another to which the same applies. */
  readonly undisturbedUntil?: Exclude<Until, "END">;
}

/** What of an account the judge looks at, before and after. */
export interface NodeSnapshot {
  readonly nodes: readonly NodeObject[];
  readonly own: GroupSummary;
  readonly spot: GroupSummary;
}

export interface NodeEnding {
  readonly evaluationId: EvaluationId;
  readonly status: KubernetesEvaluation["status"];
  readonly evaluation: KubernetesEvaluation;
  readonly swaps: readonly Swap[];
  readonly intents: readonly Intent[];
  readonly effects: readonly ToldEffect[];
  readonly after: NodeSnapshot;
  /** Names of the places at which a secret can be read. */
  readonly leaks: readonly string[];
  readonly isLeaseHeld: boolean;
  readonly executionStatus: string;
}

/** What is seen of a cluster and its groups from the begin of the watch on. */
export interface NodeWatch {
  readonly platform: Platform;
  readonly cluster: ClusterOfOwner;
  readonly mirror: ClusterMirror;
  readonly pods: PodLedger;
  readonly capacity: NodeCapacity;
  readonly invariant: InvariantWatch;
  readonly before: NodeSnapshot;
  /** Places in the journals at which the watch began. */
  readonly begin: { readonly cloud: number; readonly kubernetes: number };
  snapshot(): NodeSnapshot;
}

export interface NodeLab extends NodeWatch {
  readonly account: LabAccount;
  readonly targetId: string;
  readonly secrets: Secrets;
  readonly logged: readonly string[];
  readonly mayDeletePods: boolean;
  run(): Promise<NodeEnding>;
  /** Runs the execution that stands in the record to its end: what a person decided goes on in one of its own. */
  finish(evaluationId: EvaluationId): Promise<NodeEnding>;
}

/** Less to poll for, and no answer that is behind: what a cluster does is tried here, not EC2's bad days. */
const quickSettings: Partial<Ec2Settings> = { bootMs: 8_000, checksMs: 30_000 };

const settleMs = 3 * 60_000;

const groupsOf = ({
  place,
  groupName,
  spotGroupName,
}: ClusterOfOwner): { readonly own: GroupName; readonly spot: GroupName } => ({
  own: { ...place, name: groupName },
  spot: { ...place, name: spotGroupName },
});

const snapshotOf = (platform: Platform, cluster: ClusterOfOwner): NodeSnapshot => {
  const { control } = platform.autoScaling;
  const names = groupsOf(cluster);
  const [own, spot] = [control.find(names.own), control.find(names.spot)];
  if (own === undefined || spot === undefined) {
    throw new Error(`A group of cluster ${cluster.name} is gone.`);
  }
  return { nodes: cluster.kubernetes.control.list("nodes"), own, spot };
};

const leaksOf = async (
  lab: Pick<NodeLab, "account" | "secrets" | "logged">,
  ending: Pick<NodeEnding, "evaluationId" | "evaluation" | "intents" | "effects">,
): Promise<readonly string[]> => {
  const { api, platform } = lab.account;
  const path = `/evaluations/${ending.evaluationId}`;
  const { text: answer } = await api.send({ method: "GET", path });
  return findLeaks(platform, { ...ending, answer }, lab);
};

const finish = async (lab: NodeLab, evaluationId: EvaluationId): Promise<NodeEnding> => {
  const { platform, table } = lab.account;
  const begun = await getEvaluation(table, evaluationId);
  const executionStatus = await runToEnd(lab.account, begun?.executionArn ?? "");
  const stored = await loadEvaluation(table, evaluationId);
  if (stored?.evaluation.mode !== "KUBERNETES") {
    throw new Error(`${evaluationId} is not of nodes.`);
  }
  const { evaluation, swaps } = stored;
  const [{ resource }] = evaluation.leases;
  const lease = await readLease(table, resource);
  const ending = {
    evaluationId,
    status: evaluation.status,
    evaluation,
    swaps,
    intents: await listIntents(table, evaluationId),
    effects: findOut({ ...(await loadEffects(table, evaluationId)), status: evaluation.status }),
    after: lab.snapshot(),
    isLeaseHeld: lease !== undefined && isHeld(lease, new Date(platform.clock.now())),
    executionStatus,
  };
  return { ...ending, leaks: await leaksOf(lab, ending) };
};

/** Until all pods run. */
export const letPodsRun = ({ clock }: LabAccount): Promise<void> =>
  clock.run({ atMostMs: clock.now() + settleMs });

/** An account whose cluster runs, and what was written and given out in secret so far. */
const openCluster = async (
  options: NodeLabOptions,
  runs?: FunctionRuns,
): Promise<Pick<NodeLab, "account" | "cluster" | "secrets" | "logged">> => {
  const { market = smallMarket, seed = 1, kubernetes, around = runs } = options;
  const watched = await openWatchedAccount(
    {
      ...{ market, seed, environment: "LAB", front: "direct", throttle: false },
      settings: { ...quickSettings, ...options.settings },
      ...withoutUndefined({ kubernetes, around }),
    },
    startMs,
  );
  const { account } = watched;
  const cluster = addCluster(account, clusterName, options);
  if (options.hasAccess !== false) await giveAccess(account, cluster);
  if (options.mayDeletePods === true) letDeletePods(cluster);
  await letPodsRun(account);
  return { ...watched, cluster };
};

/** From now on: its pods run. */
export const watchNodes = (
  platform: Platform,
  cluster: ClusterOfOwner,
  { mayDeletePods = false }: Pick<NodeLabOptions, "mayDeletePods"> = {},
): NodeWatch => {
  const { kubernetes, isManaged } = cluster;
  const mirror = mirrorCluster(kubernetes);
  return {
    platform,
    cluster,
    mirror,
    pods: watchPods(platform, { kubernetes, mirror, mayDeletePods }),
    capacity: watchNodeCapacity(platform, { ...groupsOf(cluster), isManaged }),
    invariant: watchInvariant(platform, { kubernetes, mirror }),
    before: snapshotOf(platform, cluster),
    begin: { cloud: platform.cloud.journal.length, kubernetes: kubernetes.journal.length },
    snapshot: () => snapshotOf(platform, cluster),
  };
};

const openNodeLab = async (options: NodeLabOptions, runs?: FunctionRuns): Promise<NodeLab> => {
  const { account, cluster, secrets, logged } = await openCluster(options, runs);
  const targetId = await registerNodes(account, cluster, options);
  const lab: NodeLab = {
    ...watchNodes(account.platform, cluster, options),
    account,
    targetId,
    secrets,
    logged,
    mayDeletePods: options.mayDeletePods === true,
    run: async () => {
      const started = await startEvaluation(account, targetId);
      return finish(lab, evaluationIdSchema.parse(started.evaluation_id));
    },
    finish: (evaluationId) => finish(lab, evaluationId),
  };
  return lab;
};

export const createNodeLab = (options: NodeLabOptions = {}): Promise<NodeLab> =>
  createAlike("nodes", options, openNodeLab);

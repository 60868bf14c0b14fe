/** A story of a node: its replacement through the real API, and what the simulated cloud and the cluster itself show afterwards. */
import type { EvaluationStatus } from "../../../core/model/evaluation.ts";
import type { EvaluationJson } from "../../../lambdas/api/schemas/evaluations.ts";
import { replaySchema } from "../../../lambdas/api/schemas/replay.ts";
import type { CapacitySample } from "../../lab/capacity-ledger.ts";
import type { LabAccount } from "../../lab/account.ts";
import { judgeEvictions } from "../../lab/eviction-conduct.ts";
import type { OnVisit } from "../../interpreter/visits.ts";
import { followExecution } from "../../lab/follow.ts";
import { changesOf, orphanNodes } from "../../lab/node-judge.ts";
import { letPodsRun, watchNodes, type NodeSnapshot, type NodeWatch } from "../../lab/node-lab.ts";
import { giveAccess, registerNodes } from "../../lab/node-subject.ts";
import type { BudgetHistory } from "../../lab/pod-ledger.ts";
import type { PodMove } from "../../lab/pod-moves.ts";
import { readEvaluation, startEvaluation } from "../../lab/subject.ts";
import { addCluster } from "../../platform/customer-cluster.ts";
import type { WorkloadDescription } from "../../platform/customer-workloads.ts";
import type { Expectation } from "../story.ts";

/** All that expectations are judged on. */
export interface NodeStoryEnding {
  readonly stage: LabAccount;
  readonly evaluation: EvaluationJson;
  readonly watch: NodeWatch;
  /** Name of the node that was to be replaced. */
  readonly original: string;
  readonly before: NodeSnapshot;
  /** Two minutes after the end. */
  readonly after: NodeSnapshot;
  readonly budgets: readonly BudgetHistory[];
  readonly moves: readonly PodMove[];
  readonly capacity: readonly CapacitySample[];
  /** What our calls broke. */
  readonly broken: readonly string[];
  /** Our changing calls by name, in the account and in the cluster. */
  readonly mutatingCalls: Readonly<Record<string, number>>;
  readonly isReplayIdentical: boolean;
  readonly orphans: readonly string[];
}

export interface NodeStory {
  /** Unique in a demo: names the story in the document. */
  readonly name: string;
  readonly title: string;
  readonly introduction: string;
  readonly workloads: readonly WorkloadDescription[];
  readonly policy: Readonly<Record<string, unknown>>;
  /** The cluster's owner has mapped our role. */
  readonly hasAccess: boolean;
  readonly status: EvaluationStatus;
  /** What goes wrong in this story. */
  readonly arrange?: (watch: NodeWatch) => void;
  readonly expect: (ending: NodeStoryEnding) => readonly Expectation[];
}

export interface NodeReport {
  readonly mode: "KUBERNETES";
  readonly name: string;
  readonly title: string;
  readonly expectations: readonly Expectation[];
  readonly ending?: NodeStoryEnding;
  /** The story could not be told to its end. */
  readonly error?: string;
}

type OpenStage = () => Promise<LabAccount>;

const clusterName = "shop";
/** What leaves last is gone, and its node with it. */
const settlingMs = 2 * 60_000;

interface Scene {
  readonly stage: LabAccount;
  readonly watch: NodeWatch;
  readonly original: string;
  readonly targetId: string;
}

/** The node of the database: its volume has to move with it. */
const nodeOfDatabase = ({ mirror, cluster }: NodeWatch): string => {
  const pod = mirror.pods().find(({ metadata }) => metadata.name === "db-0");
  const name = pod?.spec.nodeName ?? mirror.nodeOf(cluster.instanceIds[0] ?? "")?.metadata.name;
  if (name === undefined) throw new Error(`Cluster ${cluster.name} has no node.`);
  return name;
};

const instanceOf = ({ mirror }: NodeWatch, node: string): string =>
  mirror.node(node)?.spec.providerID?.split("/").at(-1) ?? "";

const setUp = async (story: NodeStory, openStage: OpenStage): Promise<Scene> => {
  const stage = await openStage();
  const cluster = addCluster(stage, clusterName, { workloads: story.workloads });
  if (story.hasAccess) await giveAccess(stage, cluster);
  await letPodsRun(stage);
  const watch = watchNodes(stage.platform, cluster);
  const original = nodeOfDatabase(watch);
  const { policy } = story;
  const node = instanceOf(watch, original);
  const targetId = await registerNodes(stage, cluster, { policy, node });
  return { stage, watch, original, targetId };
};

const countsOf = (names: readonly string[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

const brokenIn = ({ pods, invariant, capacity, cluster, begin }: NodeWatch): readonly string[] => [
  ...pods.broken,
  ...invariant.broken,
  ...capacity.broken(),
  ...judgeEvictions(cluster.kubernetes.journal.slice(begin.kubernetes)),
];

const perform = async (
  story: NodeStory,
  openStage: OpenStage,
  onVisit: OnVisit,
): Promise<NodeStoryEnding> => {
  const { stage, watch, original, targetId } = await setUp(story, openStage);
  const { clock, api } = stage;
  story.arrange?.(watch);
  const started = await startEvaluation(stage, targetId);
  await followExecution(stage, started.execution_arn, { onVisit, onTick: () => undefined });
  const evaluation = await readEvaluation(stage, started.evaluation_id);
  await clock.run({ atMostMs: clock.now() + settlingMs });
  const path = `/evaluations/${evaluation.evaluation_id}/replay`;
  const isJudged = evaluation.verdict !== undefined;
  const replay = isJudged ? await api.post(path, replaySchema, {}) : undefined;
  return {
    stage,
    evaluation,
    watch,
    original,
    before: watch.before,
    after: watch.snapshot(),
    budgets: watch.pods.budgets(),
    moves: watch.pods.moves(),
    capacity: watch.capacity.samples(),
    broken: brokenIn(watch),
    mutatingCalls: countsOf(changesOf(watch)),
    isReplayIdentical: replay?.identical ?? true,
    orphans: orphanNodes(watch),
  };
};

/** Never throws: what went wrong is part of the report. */
export const tellNodeStory = async (
  story: NodeStory,
  openStage: OpenStage,
  onVisit: OnVisit,
): Promise<NodeReport> => {
  const { name, title } = story;
  try {
    const ending = await perform(story, openStage, onVisit);
    return { mode: "KUBERNETES", name, title, ending, expectations: story.expect(ending) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { mode: "KUBERNETES", name, title, expectations: [], error: message };
  }
};

/**
 * Evaluations of nodes that make the functions of KUBERNETES take every path on which they call something: of a group that its owner manages and of one
 * that EKS does, replaced, given back, and adopted.
 */
import { getEvaluation, loadEvaluation, saveFacts } from "../../adapters/store/evaluations.ts";
import { getTarget } from "../../adapters/store/targets.ts";
import type { EvaluationStatus } from "../../core/model/evaluation.ts";
import {
  evaluationIdSchema,
  resolutionIdSchema,
  targetIdSchema,
  type EvaluationId,
} from "../../core/model/ids.ts";
import { startResponse } from "../../lambdas/evaluation/respond.ts";
import { beginResolution } from "../../lambdas/evaluation/resolve.ts";
import { giveAccess, registerNodes, type NodeRegistration } from "../../local/lab/node-subject.ts";
import { letPodsRun } from "../../local/lab/node-lab.ts";
import { startEvaluation } from "../../local/lab/subject.ts";
import { addCluster } from "../../local/platform/customer-cluster.ts";
import {
  before,
  bulk,
  denied,
  hourMs,
  letSwitchesBegin,
  lostUnanswered,
  type PathWalked,
  type Walk,
} from "./walk.ts";

interface NodePath extends NodeRegistration {
  readonly name: string;
  readonly isManaged?: boolean;
  /** What goes wrong; returns its end. */
  readonly arrange?: (walk: Walk) => () => void;
  readonly ends: EvaluationStatus;
}

/** An earlier attempt of the gate left something large: what it was stored in is deleted. */
const largeLeftovers = (walk: Walk): (() => void) =>
  before(walk, async (name, evaluationId) => {
    if (name !== "kubernetes-check-node") return;
    const facts = { observedAt: "", ...{ bulk } };
    await saveFacts(walk.stage.platform.table, evaluationId, facts);
  });

const onSpot = { spot_node_group: "spot" } as const;

const paths: readonly NodePath[] = [
  {
    name: "all nodes of a self-managed group",
    scope: "ALL",
    arrange: largeLeftovers,
    ends: "SWITCHED",
  },
  { name: "a node of a managed node group", isManaged: true, policy: onSpot, ends: "SWITCHED" },
  {
    name: "a node, the replacement of which is lost before the answer to its launch",
    arrange: lostUnanswered("kubernetes-launch"),
    ends: "SWITCHED",
  },
  {
    name: "a node whose pods have all moved, and which may not be ended: both are kept",
    arrange: denied("kubernetes-terminate", "TerminateInstanceInAutoScalingGroup"),
    ends: "NEEDS_OPERATOR",
  },
  {
    name: "a node, rolled back before its replacement is a member",
    arrange: denied("kubernetes-launch", "AttachInstances"),
    ends: "ROLLED_BACK",
  },
  {
    name: "a node of a managed node group, rolled back before it is cordoned",
    isManaged: true,
    policy: onSpot,
    arrange: denied("kubernetes-await-joined", "DescribeInstances"),
    ends: "ROLLED_BACK",
  },
];

let clusters = 0;

/** A cluster of its own, whose pods run. */
const begin = async ({ stage }: Walk, path: NodePath): Promise<string> => {
  clusters += 1;
  const { isManaged = false } = path;
  const cluster = addCluster(stage, `shop-${String(clusters)}`, {
    isManaged,
    // EKS launches where the Spot group has fewest.
    ...(isManaged && { nodes: { size: 3, min: 1, max: 6, zones: 1 } }),
  });
  await giveAccess(stage, cluster);
  await letPodsRun(stage);
  return registerNodes(stage, cluster, path);
};

const outcomeOf = async (
  { stage }: Walk,
  evaluationId: string,
  { name, ends }: Pick<NodePath, "name" | "ends">,
): Promise<PathWalked> => {
  const { table } = stage.platform;
  const evaluation = await getEvaluation(table, evaluationIdSchema.parse(evaluationId));
  const sentence = evaluation?.outcome?.sentence ?? "";
  return { name, ends, ended: evaluation?.status ?? "nowhere", sentence };
};

/** To its end. */
const evaluate = async (walk: Walk, path: NodePath): Promise<PathWalked> => {
  const { clock } = walk.stage;
  const targetId = await begin(walk, path);
  const release = path.arrange?.(walk);
  const { evaluation_id: id } = await startEvaluation(walk.stage, targetId);
  await clock.run({ atMostMs: clock.now() + 6 * hourMs });
  release?.();
  return outcomeOf(walk, id, path);
};

/** Somebody stops the execution by hand once the new node has joined, and nothing works on it for hours. */
const stopHalfWay = async (walk: Walk, path: NodePath): Promise<EvaluationId> => {
  const { clock, platform } = walk.stage;
  const targetId = await begin(walk, path);
  const started = await startEvaluation(walk.stage, targetId);
  const release = before(walk, async (step) => {
    if (step !== "kubernetes-drain-poll") return;
    const { execution_arn: executionArn } = started;
    await platform.interpreter.stop({ executionArn, error: undefined, cause: undefined });
    throw new Error("The execution was stopped.");
  });
  await clock.run({ atMostMs: clock.now() + 4 * hourMs });
  release();
  return evaluationIdSchema.parse(started.evaluation_id);
};

const resolve = async (
  { stage: { clock, platform } }: Walk,
  evaluationId: EvaluationId,
  kind: "ADOPT" | "ROLL_BACK",
): Promise<void> => {
  const stored = await loadEvaluation(platform.table, evaluationId);
  if (stored === undefined) throw new Error("Nothing was begun.");
  const { functions, workflowOf, table } = platform;
  await beginResolution(
    { now: functions.contextOf("api").now, table, sfn: functions.workflowsOf("api"), workflowOf },
    {
      evaluation: stored.evaluation,
      wish: { kind },
      resolutionId: resolutionIdSchema.parse("res-0000000002"),
      by: "arn:aws:iam::111122223333:user/operator",
      reason: "Both serve.",
    },
  );
  await clock.run({ atMostMs: clock.now() + 2 * hourMs });
};

/** A person takes both nodes as they stand. */
const adopt = async (walk: Walk): Promise<PathWalked> => {
  const path: NodePath = { name: "a node, adopted half-way", ends: "ADOPTED" };
  const evaluationId = await stopHalfWay(walk, path);
  await resolve(walk, evaluationId, "ADOPT");
  return outcomeOf(walk, evaluationId, path);
};

/** The janitor has our marks taken off, before a person looks. */
const takeOffMarks = async (walk: Walk): Promise<PathWalked> => {
  const path: NodePath = { name: "a node, left half-way for hours", ends: "ROLLED_BACK" };
  const { clock, platform } = walk.stage;
  const evaluationId = await stopHalfWay(walk, path);
  // What the other paths have left is due before it.
  for (let run = 0; run < 2; run += 1) await platform.functions.invoke("schedule-janitor", {});
  await clock.run({ atMostMs: clock.now() + hourMs });
  await resolve(walk, evaluationId, "ROLL_BACK");
  return outcomeOf(walk, evaluationId, path);
};

/** EC2 announces the end of a node on Spot, and takes it hours later only: it is ended by us once it is empty. */
const takeBack = async (walk: Walk): Promise<PathWalked> => {
  const path: NodePath = { name: "a node that EC2 takes back", ends: "FELL_BACK" };
  const { clock, platform } = walk.stage;
  const { functions, workflowOf, table, ec2 } = platform;
  const targetId = targetIdSchema.parse(await begin(walk, path));
  await startEvaluation(walk.stage, targetId);
  await clock.run({ atMostMs: clock.now() + 6 * hourMs });
  const target = await getTarget(table, targetId);
  if (target === undefined) throw new Error("The target is gone.");
  ec2.control.interrupt(target.instanceId, { noticeSeconds: 3 * 3600 });
  const started = await startResponse(
    {
      now: functions.contextOf("api").now,
      table,
      sfn: functions.workflowsOf("api"),
      workflowOf,
      randomId: () => "0".repeat(20),
    },
    target,
    {
      instanceId: target.instanceId,
      startedBy: "event",
      announcedAt: new Date(clock.now()).toISOString(),
    },
  );
  await clock.run({ atMostMs: clock.now() + 2 * hourMs });
  return outcomeOf(walk, started.kind === "STARTED" ? started.evaluationId : "", path);
};

export const walkNodes = async (walk: Walk): Promise<readonly PathWalked[]> => {
  const walked: PathWalked[] = [];
  for (const path of paths) {
    walked.push(await evaluate(walk, path));
    await letSwitchesBegin(walk.stage);
  }
  for (const path of [adopt, takeOffMarks, takeBack]) walked.push(await path(walk));
  await letSwitchesBegin(walk.stage);
  return walked;
};

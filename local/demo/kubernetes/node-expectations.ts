/** What must be true at the end of a story of a node, each read from the simulated cloud and the cluster itself. */
import type { EvaluationStatus } from "../../../core/model/evaluation.ts";
import { isReady, type NodeObject } from "../../cloud/kubernetes/objects.ts";
import { isReadyNode } from "../../lab/cluster-mirror.ts";
import { changedNodes } from "../../lab/node-judge.ts";
import { leastSpare } from "../../lab/pod-ledger.ts";
import { counted } from "../../terminal/figures.ts";
import { countOf } from "../../cli/report/course.ts";
import type { Expectation } from "../story.ts";
import type { NodeStoryEnding } from "./node-story.ts";

const all = (rule: string, complaints: readonly string[], found: string): Expectation => ({
  rule,
  held: complaints.length === 0,
  found: complaints.length === 0 ? found : complaints.join("; "),
});

export const nodeEndsAs = (
  { evaluation }: NodeStoryEnding,
  status: EvaluationStatus,
): Expectation => ({
  rule: "it ends as this story must",
  held: evaluation.status === status,
  found: [evaluation.verdict?.kind ?? [], evaluation.status].flat().join(", "),
});

/** Those that were not there before. */
const newNodes = ({ before, after }: NodeStoryEnding): readonly NodeObject[] => {
  const known = new Set(before.nodes.map(({ metadata }) => metadata.uid));
  return after.nodes.filter(({ metadata }) => !known.has(metadata.uid));
};

const lifecycleOf = ({ stage }: NodeStoryEnding, node: NodeObject): string | undefined =>
  stage.platform.ec2.control.find(node.spec.providerID?.split("/").at(-1) ?? "")?.lifecycle;

export const nodeWasReplaced = (ending: NodeStoryEnding): Expectation => {
  const { original, after, before } = ending;
  const added = newNodes(ending);
  const names = after.nodes.map(({ metadata }) => metadata.name);
  return all(
    "one Spot node stands in the place of the original, which has gone",
    [
      ...(names.includes(original) ? [`${original} is there`] : []),
      ...(added.length === 1 ? [] : [`${String(added.length)} nodes are new`]),
      ...(names.length === before.nodes.length ? [] : [counted(names.length, "node")]),
      ...added
        .filter((node) => !isReadyNode(node) || lifecycleOf(ending, node) !== "spot")
        .map(({ metadata }) => `${metadata.name} is not a Spot node that is Ready`),
    ],
    `${original} by ${added.map(({ metadata }) => metadata.name).join(", ")}`,
  );
};

export const noBudgetWasViolated = ({ budgets, watch: { pods } }: NodeStoryEnding): Expectation => {
  const spare = leastSpare(budgets);
  const isShort = spare !== undefined && spare < 0;
  return all(
    "at no instant fewer pods of a budget were healthy than must be",
    [...pods.broken, ...(isShort ? [`${String(-spare)} too few`] : [])],
    spare === undefined ? "no budget" : `${String(spare)} above it at the least`,
  );
};

export const noPodWasLost = ({ watch: { pods }, moves }: NodeStoryEnding): Expectation =>
  all(
    "no pod was on a node when its instance was told to end, agents aside",
    pods.lost.map(({ pod, node }) => `${pod} on ${node}`),
    counted(moves.length, "pod move"),
  );

export const ourCallsBrokeNothing = ({ broken, mutatingCalls }: NodeStoryEnding): Expectation =>
  all(
    "before each of our calls that takes something away, what takes over was Ready; no pod was evicted twice",
    broken,
    counted(mutatingCalls["create pods/eviction"] ?? 0, "eviction"),
  );

/** Each has its successor, which is Ready; that of a StatefulSet has its name. */
export const podsMoved = (
  { moves, original }: NodeStoryEnding,
  names: readonly string[],
): Expectation => {
  const left = moves.filter(({ from }) => from === original);
  const missing = names.filter((name) => !left.some(({ pod }) => pod.startsWith(name)));
  return all(
    "each pod that left the node runs elsewhere",
    [
      ...missing.map((name) => `${name} has not left`),
      ...left
        .filter(({ readyMs, to }) => readyMs === undefined || to === original)
        .map(({ pod }) => `nothing runs for ${pod}`),
    ],
    left.map(({ pod, successor }) => (pod === successor ? `${pod} again` : pod)).join(", "),
  );
};

export const agentsRunOnEachNode = ({ after, watch: { mirror } }: NodeStoryEnding): Expectation => {
  const agents = mirror
    .pods()
    .filter((pod) => pod.metadata.labels?.["app"] === "agent" && isReady(pod));
  const places = new Set(agents.map(({ spec }) => spec.nodeName));
  return {
    rule: "the DaemonSet's agent runs on each node",
    held: after.nodes.every(({ metadata }) => places.has(metadata.name)),
    found: `${String(agents.length)} of ${String(after.nodes.length)}`,
  };
};

export const nodesAreAsBefore = ({ watch, after, evaluation }: NodeStoryEnding): Expectation =>
  all(
    "sizes, cordons, labels, annotations and taints are as their owner set them",
    changedNodes(watch, after, evaluation.swaps.filter(({ stage }) => stage === "DONE").length),
    counted(after.nodes.length, "node"),
  );

export const reasonNames = ({ evaluation }: NodeStoryEnding, text: string): Expectation => {
  const sentence = evaluation.outcome?.sentence ?? "";
  const held = sentence.includes(text);
  return { rule: `the reason names ${text}`, held, found: held ? "it does" : sentence };
};

export const nothingWasChanged = ({ mutatingCalls }: NodeStoryEnding): Expectation => ({
  rule: "nothing was changed, in the account or in the cluster",
  held: countOf(mutatingCalls) === 0,
  found: `${String(countOf(mutatingCalls))} changing calls`,
});

export const nodeLeftNothing = ({ orphans }: NodeStoryEnding): Expectation =>
  all("nothing is left over", orphans, "no orphan");

export const nodeReplayAgrees = ({ isReplayIdentical }: NodeStoryEnding): Expectation => ({
  rule: "the stored facts give the same verdict again",
  held: isReplayIdentical,
  found: isReplayIdentical ? "identical" : "different",
});

/** What everybody should have seen once of a node: replaced, held back by a budget, and out of reach. */
import type { WorkloadDescription } from "../../platform/customer-workloads.ts";
import type { NodeWatch } from "../../lab/node-lab.ts";
import { isOurCall } from "../../lab/cluster-mirror.ts";
import {
  agentsRunOnEachNode,
  nodeEndsAs,
  nodeLeftNothing,
  nodeReplayAgrees,
  nodesAreAsBefore,
  nodeWasReplaced,
  noBudgetWasViolated,
  noPodWasLost,
  nothingWasChanged,
  ourCallsBrokeNothing,
  podsMoved,
  reasonNames,
} from "./node-expectations.ts";
import type { NodeStory, NodeStoryEnding } from "./node-story.ts";

/** A shop of three nodes. */
const workloads: readonly WorkloadDescription[] = [
  { kind: "Deployment", name: "web", replicas: 9, cpu: "200m", budget: { maxUnavailable: 1 } },
  {
    kind: "StatefulSet",
    name: "db",
    memory: "512Mi",
    hasVolume: true,
    endSeconds: 5,
    readySeconds: 8,
  },
  { kind: "DaemonSet", name: "agent", namespace: "kube-system", cpu: "50m", memory: "64Mi" },
  { kind: "Job", name: "report", replicas: 3, cpu: "100m", runSeconds: 7200 },
];

/** A report that begins anew costs time, and nothing else. */
const policy = { allow_job_restarts: true } as const;

/** Whatever comes of it. */
const always = (ending: NodeStoryEnding) => [
  noBudgetWasViolated(ending),
  noPodWasLost(ending),
  ourCallsBrokeNothing(ending),
  agentsRunOnEachNode(ending),
  nodesAreAsBefore(ending),
  nodeLeftNothing(ending),
  nodeReplayAgrees(ending),
];

const replacedStory: NodeStory = {
  name: "node",
  title: "A node of three: its pods leave one by one, as their budget allows",
  introduction:
    "A shop on EKS: three On-Demand m5.large nodes with a Deployment under a budget of one disruption at a time, a database " +
    "(StatefulSet) with its volume, an agent on each node (DaemonSet) and a Job that is at work. The database's node is replaced.",
  workloads,
  policy,
  hasAccess: true,
  status: "SWITCHED",
  expect: (ending) => [
    nodeEndsAs(ending, "SWITCHED"),
    nodeWasReplaced(ending),
    podsMoved(ending, ["default/web-", "default/db-0"]),
    ...always(ending),
  ],
};

/** Before the first pod leaves. */
const tightenBudget = ({ cluster: { kubernetes } }: NodeWatch): void => {
  const release = kubernetes.faults.before((call) => {
    if (call.resource !== "pods/eviction" || call.isDryRun || !isOurCall(call)) return;
    release();
    const name = { namespace: "default", name: "web" };
    const budget = kubernetes.control.get("poddisruptionbudgets", name);
    if (budget === undefined) throw new Error("There is no budget web.");
    const { maxUnavailable: _, ...spec } = budget.spec;
    kubernetes.control.change("poddisruptionbudgets", {
      ...budget,
      metadata: { ...budget.metadata, generation: (budget.metadata.generation ?? 1) + 1 },
      spec: { ...spec, maxUnavailable: 0 },
    });
  });
};

const blockedStory: NodeStory = {
  name: "node-blocked",
  title: "A budget that lets nobody go: the node stays, and what was begun is undone",
  introduction:
    "The same shop. As the first pod is about to leave, the web tier's owner allows no more disruptions (maxUnavailable: 0). " +
    "The drain comes to no end; it is given up: the node takes pods again, and the new one is emptied and ended.",
  workloads,
  policy,
  hasAccess: true,
  status: "ROLLED_BACK",
  arrange: tightenBudget,
  expect: (ending) => [
    nodeEndsAs(ending, "ROLLED_BACK"),
    reasonNames(ending, "default/web"),
    ...always(ending),
  ],
};

const noAccessStory: NodeStory = {
  name: "node-no-access",
  title: "The cluster doesn't know our role: nothing is done, and the remedy is told",
  introduction:
    "The same shop, before its owner has made the access entry for our role. Nothing falls back to a guess: what can't be " +
    "read isn't judged.",
  workloads,
  policy,
  hasAccess: false,
  status: "DEGRADED",
  expect: (ending) => [
    nodeEndsAs(ending, "DEGRADED"),
    reasonNames(ending, "aws eks create-access-entry"),
    nothingWasChanged(ending),
    nodesAreAsBefore(ending),
  ],
};

export const nodeStories: readonly NodeStory[] = [replacedStory, blockedStory, noAccessStory];

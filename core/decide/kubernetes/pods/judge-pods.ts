/** What the pods of a node say of its replacement: who stands against it, who will be waited for, and what its owner should know beforehand. */
import {
  currentJudgementVersion,
  type JudgementVersion,
} from "../../../model/judgement-version.ts";
import type { ClusterView } from "../../../model/kubernetes/cluster.ts";
import type { EvictionTrial } from "../../../model/kubernetes/eviction.ts";
import type { NodeFacts } from "../../../model/kubernetes/node.ts";
import type { PodFacts } from "../../../model/kubernetes/pod.ts";
import type { NodeName } from "../../../model/kubernetes/progress.ts";
import type { Policy } from "../../../policy/policy.ts";
import type { NodeBlocker } from "../blocker.ts";
import { nameOfBudget, waitsFor } from "../budgets.ts";
import {
  capacityTypeKey,
  expectedNode,
  whyNotOnNew,
  type ExpectedGroups,
  type ExpectedNode,
} from "../new-node.ts";
import { nodeNamed } from "../capacity.ts";
import { toleratesCordon } from "../fits.ts";
import { whyTopologyBlocks } from "../topology.ts";
import { classifyPod } from "./classify.ts";
import { nameOfPod } from "./kind-of-pod.ts";
import { noteOn } from "./notes.ts";
import type { HeldPod, PodStanding } from "./standing.ts";
import { blockerOfTrial } from "./trials.ts";

export interface JudgePodsInput {
  readonly view: ClusterView;
  readonly node: NodeFacts;
  readonly policy: Policy;
  readonly groups: ExpectedGroups;
  /** That which has come for it. Absent: it is to come. */
  readonly joined?: NodeName;
  readonly trials: readonly EvictionTrial[];
  /** Default: the current one. */
  readonly judgementVersion?: JudgementVersion;
  /** ISO 8601 */
  readonly at: string;
}

/** It will be waited for, as any drain waits. */
interface PodWait {
  /** `namespace/name` */
  readonly pod: string;
  readonly sentence: string;
  readonly budget?: string;
  /** RFC 3339 */
  readonly since?: string;
}

export interface PodsJudgement {
  readonly blockers: readonly NodeBlocker[];
  readonly waits: readonly PodWait[];
  /** Sentences. */
  readonly notes: readonly string[];
}

interface Classified {
  readonly pod: PodFacts;
  readonly standing: PodStanding;
}

const partsOf = ({ sentence, budget, since }: HeldPod, pod: PodFacts): PodWait => ({
  sentence,
  pod: nameOfPod(pod),
  ...(budget === undefined ? {} : { budget }),
  ...(since === undefined ? {} : { since }),
});

const ofHeld = (pod: PodFacts, held: HeldPod): NodeBlocker | undefined => {
  if (held.code === "POD_INITIALIZING") return undefined;
  const parts = partsOf(held, pod);
  return held.code === "POD_NOT_TO_DISRUPT_YET"
    ? { kind: "PASSES", code: held.code, ...parts }
    : { kind: "REFUSES", code: held.code, ...parts };
};

/** Labels by which pods ask for capacity that is not taken back. */
const capacityKeys: readonly string[] = [
  capacityTypeKey,
  "karpenter.sh/capacity-type",
  "node.kubernetes.io/lifecycle",
];

const ofPlace = (pod: PodFacts, { view, node }: JudgePodsInput, expected: ExpectedNode) => {
  const misfit = whyNotOnNew(pod, expected, view);
  if (misfit === undefined) return undefined;
  const name = nameOfPod(pod);
  const isOnDemand = capacityKeys.includes(misfit.key ?? "");
  return {
    kind: "REFUSES" as const,
    code: isOnDemand ? ("PODS_NEED_ON_DEMAND" as const) : ("PODS_DO_NOT_FIT" as const),
    sentence: `Pod ${name} would find no place on what replaces node ${node.name}: it wants ${misfit.because}. Take that out of the pod, or keep the node On-Demand.`,
    pod: name,
  };
};

const ofTopology = (pod: PodFacts, { view, node }: JudgePodsInput, expected: ExpectedNode) => {
  const why = whyTopologyBlocks(pod, { view, node, expected });
  return why === undefined
    ? undefined
    : {
        kind: "REFUSES" as const,
        code: "TOPOLOGY_WOULD_BLOCK" as const,
        sentence: `${why}.`,
        pod: nameOfPod(pod),
      };
};

/**
 * The scheduler may place what is made for it on the node that is drained, the emptiest of all by then, which would be emptied of it again and again. Sources: cilium #28549,
 * tigera/operator #2537, calico #6136.
 */
const ofCordon = (
  pod: PodFacts,
  { node, judgementVersion = currentJudgementVersion }: JudgePodsInput,
) => {
  if (judgementVersion < 9 || !toleratesCordon(pod.placement)) return undefined;
  const name = nameOfPod(pod);
  const owner = `${pod.owner?.kind ?? "the pod"} ${pod.owner?.name ?? pod.name}`;
  return {
    kind: "REFUSES" as const,
    code: "POD_TOLERATES_CORDON" as const,
    sentence: `Pod ${name} tolerates the cordon of its node (taint node.kubernetes.io/unschedulable), so that one made for it may come back to node ${node.name} as often as it is evicted: name in the tolerations of ${owner} the taints that it is to tolerate, and not all (operator Exists without a key).`,
    pod: name,
  };
};

/** One reason for each pod: what would have to be changed first. */
const blockerOf = (
  { pod, standing }: Classified,
  input: JudgePodsInput,
  expected: ExpectedNode,
): NodeBlocker | undefined => {
  if (standing.kind === "HELD") return ofHeld(pod, standing);
  if (standing.kind !== "EVICTABLE") return undefined;
  const trial = input.trials.find(({ uid }) => uid === pod.uid);
  return (
    (trial === undefined ? undefined : blockerOfTrial(trial)) ??
    ofPlace(pod, input, expected) ??
    ofTopology(pod, input, expected) ??
    ofCordon(pod, input)
  );
};

const waitOf = ({ pod, standing }: Classified, view: ClusterView): PodWait | undefined => {
  if (standing.kind === "HELD") {
    return standing.code === "POD_INITIALIZING" ? partsOf(standing, pod) : undefined;
  }
  if (standing.kind === "TERMINATING") {
    const sentence = `Pod ${nameOfPod(pod)} is terminating.`;
    return { pod: nameOfPod(pod), sentence, since: pod.deletionTimestamp ?? standing.overdueAt };
  }
  const budget = standing.kind === "EVICTABLE" && standing.takesSlot ? standing.budget : undefined;
  const wait = budget === undefined ? undefined : waitsFor(budget, view.pods);
  if (budget === undefined || wait === undefined) return undefined;
  return {
    ...wait,
    pod: nameOfPod(pod),
    sentence: `Pod ${nameOfPod(pod)} waits: ${wait.sentence}.`,
    budget: nameOfBudget(budget),
  };
};

/** Of pods that are alike one is told. */
const distinct = (
  blockers: readonly NodeBlocker[],
  pods: readonly Classified[],
): readonly NodeBlocker[] => {
  const owners = new Map(pods.map(({ pod }) => [nameOfPod(pod), pod.owner?.uid ?? pod.uid]));
  const seen = new Map(
    blockers
      .toReversed()
      .map((blocker) => [`${blocker.code}#${owners.get(blocker.pod ?? "") ?? ""}`, blocker]),
  );
  return blockers.filter((blocker) => [...seen.values()].includes(blocker));
};

/** As it will be, or as it is. */
const newNode = ({ view, node, groups, joined }: JudgePodsInput): ExpectedNode =>
  (joined === undefined ? undefined : nodeNamed(view.nodes, joined)) ??
  expectedNode(node, groups, node.labels["node.kubernetes.io/instance-type"]);

export const judgePods = (input: JudgePodsInput): PodsJudgement => {
  const { view, node, policy, at: now } = input;
  const expected = newNode(input);
  const pods = view.pods
    .filter(({ nodeName }) => nodeName === node.name)
    .map((pod): Classified => ({ pod, standing: classifyPod(pod, { view, policy, now }) }));
  const moving = pods.filter(({ standing }) => standing.kind === "EVICTABLE");
  const blockers = pods.flatMap((one) => blockerOf(one, input, expected) ?? []);
  return {
    blockers: distinct(blockers, pods),
    waits: pods.flatMap((one) => waitOf(one, view) ?? []),
    notes: moving.flatMap(({ pod }) => noteOn(pod, view, input.judgementVersion)),
  };
};

/** May this node be replaced? All that stands against it, whoever asks: the gate, each step before it changes something, and the preflight of a fleet. */
import type { DeploymentId } from "../../model/ids.ts";
import type { JudgementVersion } from "../../model/judgement-version.ts";
import type { ClusterView, EksClusterFacts } from "../../model/kubernetes/cluster.ts";
import type { EvictionTrial } from "../../model/kubernetes/eviction.ts";
import type { NodeFacts } from "../../model/kubernetes/node.ts";
import type { NodeName } from "../../model/kubernetes/progress.ts";
import type { Policy } from "../../policy/policy.ts";
import type { NodeBlocker } from "./blocker.ts";
import { nodeKindRules } from "./eligibility/node-kind.ts";
import type { NodeRuleFacts } from "./eligibility/node-rule.ts";
import { nodeStateRules } from "./eligibility/node-state.ts";
import type { ExpectedGroups } from "./new-node.ts";
import { judgePods, type PodsJudgement } from "./pods/judge-pods.ts";

export interface JudgeNodeInput {
  readonly view: ClusterView;
  readonly nodeName: string;
  /** That which applies, defaults filled in. */
  readonly policy: Policy;
  readonly cluster: Pick<EksClusterFacts, "name" | "version">;
  /** ISO 8601: the time of the view. */
  readonly at: string;
  /** Whose claims are our own. */
  readonly deploymentId?: DeploymentId;
  /** Evictions of its pods that were tried and not made. */
  readonly trials?: readonly EvictionTrial[];
  /** To which its pods would go. Absent: a clone in the same group. */
  readonly groups?: ExpectedGroups;
  /** Its replacement, which is in the view. Absent: none has joined. */
  readonly joined?: NodeName;
  /** Default: the current one. */
  readonly judgementVersion?: JudgementVersion;
}

/** Blockers that are empty: it may be replaced. The most telling first. */
export type NodeJudgement = PodsJudgement;

/** Soft: it may be taken off again. */
const candidateTaint = "DeletionCandidateOfClusterAutoscaler";

const nodeNotes = ({ name, taints }: NodeFacts): readonly string[] =>
  taints.some(({ key }) => key === candidateTaint)
    ? [`Cluster Autoscaler thinks of removing node ${name} (taint ${candidateTaint}).`]
    : [];

const notFound = ({ nodeName, cluster }: JudgeNodeInput): NodeBlocker => ({
  kind: "REFUSES",
  code: "NODE_NOT_FOUND",
  sentence: `Cluster ${cluster.name} has no node ${nodeName}.`,
});

export const judgeNode = (input: JudgeNodeInput): NodeJudgement => {
  const node = input.view.nodes.find(({ name }) => name === input.nodeName);
  if (node === undefined) return { blockers: [notFound(input)], waits: [], notes: [] };
  const facts: NodeRuleFacts = { ...input, node };
  const kind = nodeKindRules.flatMap((rule) => rule(facts) ?? []).slice(0, 1);
  const state = nodeStateRules.flatMap((rule) => rule(facts) ?? []);
  const { groups = {}, trials = [] } = input;
  const pods = judgePods({ ...input, node, groups, trials });
  return {
    blockers: [...kind, ...state, ...pods.blockers],
    waits: pods.waits,
    notes: [...nodeNotes(node), ...pods.notes],
  };
};

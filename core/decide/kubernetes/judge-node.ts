/** May this node be replaced? All that stands against it, whoever asks: the gate, each step before it changes something, and the preflight of a fleet. */
import type { DeploymentId } from "../../model/ids.ts";
import type { ClusterView, EksClusterFacts } from "../../model/kubernetes/cluster.ts";
import type { EvictionTrial } from "../../model/kubernetes/eviction.ts";
import type { Policy } from "../../policy/policy.ts";
import type { NodeBlocker } from "./blocker.ts";
import { nodeKindRules } from "./eligibility/node-kind.ts";
import type { NodeRuleFacts } from "./eligibility/node-rule.ts";
import { nodeStateRules } from "./eligibility/node-state.ts";

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
}

export interface NodeJudgement {
  /** Empty: it may be replaced. The most telling first. */
  readonly blockers: readonly NodeBlocker[];
}

const notFound = ({ nodeName, cluster }: JudgeNodeInput): NodeBlocker => ({
  kind: "REFUSES",
  code: "NODE_NOT_FOUND",
  sentence: `Cluster ${cluster.name} has no node ${nodeName}.`,
});

export const judgeNode = (input: JudgeNodeInput): NodeJudgement => {
  const node = input.view.nodes.find(({ name }) => name === input.nodeName);
  if (node === undefined) return { blockers: [notFound(input)] };
  const facts: NodeRuleFacts = { ...input, node };
  const kind = nodeKindRules.flatMap((rule) => rule(facts) ?? []).slice(0, 1);
  const state = nodeStateRules.flatMap((rule) => rule(facts) ?? []);
  return { blockers: [...kind, ...state] };
};

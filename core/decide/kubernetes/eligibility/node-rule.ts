/** What a rule about one node is: it looks at one thing of it, and finds nothing, or what stands against its replacement. */
import type { DeploymentId } from "../../../model/ids.ts";
import type { ClusterView, EksClusterFacts } from "../../../model/kubernetes/cluster.ts";
import type { NodeFacts } from "../../../model/kubernetes/node.ts";
import type { Policy } from "../../../policy/policy.ts";
import type { NodeBlocker } from "../blocker.ts";

export interface NodeRuleFacts {
  readonly node: NodeFacts;
  readonly view: ClusterView;
  readonly policy: Policy;
  readonly cluster: Pick<EksClusterFacts, "name" | "version">;
  /** Whose claims are our own. */
  readonly deploymentId?: DeploymentId;
}

export type NodeRule = (facts: NodeRuleFacts) => NodeBlocker | undefined;

/** What a rule about a node group is: it looks at one thing that AWS shows of it, and finds nothing, a reason against, or one to wait for. */
import type { FactsOn } from "../../../model/evaluation.ts";
import type { EksClusterFacts } from "../../../model/kubernetes/cluster.ts";
import type { TargetOf } from "../../../model/target.ts";
import type { Postponement } from "../../../model/verdict.ts";
import type { Objection, RegistrationFacts } from "../../switch/objection.ts";

export interface NodeGroupRuleFacts extends RegistrationFacts {
  readonly target: TargetOf<"KUBERNETES">;
  readonly facts: FactsOn<"KUBERNETES">;
  readonly cluster: EksClusterFacts;
}

export type NodeGroupRule = (facts: NodeGroupRuleFacts) => Objection | undefined;

/** Nothing is to be changed: it passes. */
export type NodeGroupDelay = (facts: NodeGroupRuleFacts) => Postponement | undefined;

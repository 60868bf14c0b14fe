/** Which nodes of a node group are asked for: the one that the target names, or all that stand On-Demand, oldest first. */
import type { GroupMember } from "../../model/group.ts";
import { isOnDemand } from "../../model/group.ts";
import type { ClusterView } from "../../model/kubernetes/cluster.ts";
import type { KubernetesFacts } from "../../model/kubernetes/facts.ts";
import type { NodeFacts } from "../../model/kubernetes/node.ts";
import type { TargetOf } from "../../model/target.ts";
import { identityOf } from "./node-identity.ts";

export interface CandidateInput {
  readonly view: Pick<ClusterView, "nodes">;
  readonly facts: Pick<KubernetesFacts, "group">;
  readonly target: Pick<TargetOf<"KUBERNETES">, "node" | "instanceId">;
}

/** The members of the group that are asked for, whether they have joined the cluster or not. */
export const membersInScope = ({
  facts,
  target,
}: Pick<CandidateInput, "facts" | "target">): readonly GroupMember[] => {
  const members = facts.group?.members ?? [];
  return target.node.scope === "ALL"
    ? members
    : members.filter(({ instanceId }) => instanceId === target.instanceId);
};

/** @returns none where no node, or more than one, says that it is that instance */
export const nodeOfInstance = (
  { nodes }: Pick<ClusterView, "nodes">,
  instanceId: string,
): NodeFacts | undefined => {
  const found = nodes.filter((node) => {
    const identity = identityOf(node);
    return identity.kind === "INSTANCE" && identity.instanceId === instanceId;
  });
  return found.length === 1 ? found[0] : undefined;
};

const byAge = (one: GroupMember, other: GroupMember): number => {
  const [left, right] = [one.instance?.launchedAt ?? "", other.instance?.launchedAt ?? ""];
  if (left !== right) return left < right ? -1 : 1;
  return one.instanceId < other.instanceId ? -1 : 1;
};

/** ONE: the node of the target's instance, however it stands. ALL: those of On-Demand members. */
export const candidateNodes = ({ view, facts, target }: CandidateInput): readonly NodeFacts[] =>
  membersInScope({ facts, target })
    .filter((member) => target.node.scope === "ONE" || isOnDemand(member))
    .toSorted(byAge)
    .flatMap(({ instanceId }) => nodeOfInstance(view, instanceId) ?? []);

/** Which nodes of a node group are asked for: the one that the target names, or all that stand On-Demand, oldest first. */
import { isOnDemand, type GroupMember } from "../../model/group.ts";
import type { ClusterView } from "../../model/kubernetes/cluster.ts";
import type { KubernetesFacts } from "../../model/kubernetes/facts.ts";
import type { NodeFacts } from "../../model/kubernetes/node.ts";
import type { TargetOf } from "../../model/target.ts";
import { identityOf } from "./node-identity.ts";

/** What of a group is asked for. */
export interface NodeScope {
  readonly scope: "ONE" | "ALL";
  /** Of ONE. */
  readonly instanceId: string;
}

export const scopeOfTarget = ({
  node: { scope },
  instanceId,
}: Pick<TargetOf<"KUBERNETES">, "node" | "instanceId">): NodeScope => ({ scope, instanceId });

/** For judgements that know the facts alone. */
export const scopeOfFacts = ({
  onlyInstance,
}: Pick<KubernetesFacts, "onlyInstance">): NodeScope => ({
  scope: onlyInstance === undefined ? "ALL" : "ONE",
  instanceId: onlyInstance ?? "",
});

/** The members of the group that are asked for, whether they have joined the cluster or not. */
export const membersInScope = (
  { group }: Pick<KubernetesFacts, "group">,
  { scope, instanceId }: NodeScope,
): readonly GroupMember[] =>
  (group?.members ?? []).filter((member) => scope === "ALL" || member.instanceId === instanceId);

/** It stands On-Demand, or EC2 recommends leaving it. */
export const isToReplace = (
  member: GroupMember,
  { recommended = [] }: Pick<KubernetesFacts, "recommended">,
): boolean => isOnDemand(member) || recommended.includes(member.instanceId);

/** More than one where somebody has made a Node object by hand, or a node was renamed and the old object stayed. */
export const nodesOfInstance = (
  { nodes }: Pick<ClusterView, "nodes">,
  instanceId: string,
): readonly NodeFacts[] =>
  nodes.filter((node) => {
    const identity = identityOf(node);
    return identity.kind === "INSTANCE" && identity.instanceId === instanceId;
  });

/** @returns none where no node, or more than one, says that it is that instance */
export const nodeOfInstance = (
  view: Pick<ClusterView, "nodes">,
  instanceId: string,
): NodeFacts | undefined => {
  const [node, ...others] = nodesOfInstance(view, instanceId);
  return others.length === 0 ? node : undefined;
};

const byAge = (one: GroupMember, other: GroupMember): number => {
  const [left, right] = [one.instance?.launchedAt ?? "", other.instance?.launchedAt ?? ""];
  if (left !== right) return left < right ? -1 : 1;
  return one.instanceId < other.instanceId ? -1 : 1;
};

export interface CandidateNode {
  readonly member: GroupMember;
  readonly node: NodeFacts;
}

/** With the members that they are. ONE: however it stands. ALL: members to be replaced that have joined. */
export const candidatesAmong = (
  view: Pick<ClusterView, "nodes">,
  facts: Pick<KubernetesFacts, "group" | "recommended">,
  scope: NodeScope,
): readonly CandidateNode[] =>
  membersInScope(facts, scope)
    .filter((member) => scope.scope === "ONE" || isToReplace(member, facts))
    .toSorted(byAge)
    .flatMap((member) => {
      // Where several say that they are it, the first is refused for that.
      const [node] = nodesOfInstance(view, member.instanceId);
      return node === undefined ? [] : [{ member, node }];
    });

/** For what is read of the cluster. */
export const candidateNodes = ({
  view,
  facts,
  target,
}: {
  readonly view: Pick<ClusterView, "nodes">;
  readonly facts: Pick<KubernetesFacts, "group" | "recommended">;
  readonly target: Pick<TargetOf<"KUBERNETES">, "node" | "instanceId">;
}): readonly NodeFacts[] =>
  candidatesAmong(view, facts, scopeOfTarget(target)).map(({ node }) => node);

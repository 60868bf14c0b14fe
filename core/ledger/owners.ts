/** Which target an instance stands for, as far as the reading alone tells. What an evaluation has launched and no target names yet, its record tells. */
import type { TargetId } from "../model/ids.ts";
import type { ShownInstance } from "../model/ledger/shown.ts";
import { memberTags } from "../model/tags.ts";
import type { Target, TargetOf } from "../model/target.ts";
import { effectivePolicy } from "../policy/policy.ts";

/** Of one instance, whose place stays its own while it is relieved. */
export const isSingle = (target: Target): boolean =>
  target.pipelineMode === "LINEAR" ||
  (target.pipelineMode === "KUBERNETES" && target.node.scope === "ONE");

const groupName = (asgName: string): string => `group ${asgName}`;
const nodesName = (clusterName: string, nodeGroup: string): string =>
  `nodes ${clusterName} ${nodeGroup}`;

/** A moved node of a managed group stands in the one on Spot. */
const namesOfNodes = ({ node, policyOverrides }: TargetOf<"KUBERNETES">): readonly string[] => {
  const { asgName, clusterName, nodeGroup } = node;
  if (asgName !== undefined) return [groupName(asgName)];
  const { spotNodeGroup } = effectivePolicy("KUBERNETES", policyOverrides);
  return [nodeGroup, spotNodeGroup]
    .filter((name) => name !== "")
    .map((name) => nodesName(clusterName, name));
};

const namesOf = (target: Target): readonly string[] => {
  if (isSingle(target)) return [target.instanceId];
  if (target.pipelineMode === "CLUSTER") return [groupName(target.group.asgName)];
  return target.pipelineMode === "KUBERNETES" ? namesOfNodes(target) : [];
};

/** A target of one instance is asked before that of its group. The tags are AWS's own, and find no more than a member. */
const namesOfShown = ({ instanceId, tags }: ShownInstance): readonly string[] => {
  const {
    [memberTags.asgName]: asgName,
    [memberTags.clusterName]: clusterName,
    [memberTags.nodeGroup]: nodeGroup,
  } = tags;
  return [
    instanceId,
    ...(asgName === undefined ? [] : [groupName(asgName)]),
    ...(clusterName === undefined || nodeGroup === undefined
      ? []
      : [nodesName(clusterName, nodeGroup)]),
  ];
};

/** @param targets of the place, all of them */
export const ownersOf = (
  targets: readonly Target[],
): ((shown: ShownInstance) => TargetId | undefined) => {
  const owners = new Map(
    targets.flatMap((target) => namesOf(target).map((name) => [name, target.targetId] as const)),
  );
  return (shown) =>
    namesOfShown(shown)
      .map((name) => owners.get(name))
      .find((targetId) => targetId !== undefined);
};

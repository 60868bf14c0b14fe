/** Rules about the node group itself: its state, what it buys, and the room between its minimum and its maximum. */
import type { ManagedNodeGroupFacts } from "../../../model/kubernetes/cluster.ts";
import { limitName } from "../../../policy/limit-name.ts";
import { codeOwnerOf } from "../../switch/owner-lists.ts";
import { listed } from "../../switch/objection.ts";
import type { NodeGroupDelay, NodeGroupRule } from "./rule.ts";
import { soon } from "./soon.ts";

/** Source: Amazon EKS API reference, Nodegroup, status. */
const passingStatuses: readonly string[] = ["CREATING", "UPDATING"];

const isWell = ({ status }: ManagedNodeGroupFacts): boolean =>
  status === "ACTIVE" || passingStatuses.includes(status);

const groupsOf = ({ facts }: Parameters<NodeGroupRule>[0]): readonly ManagedNodeGroupFacts[] =>
  [facts.nodeGroup, facts.spotNodeGroup].filter((group) => group !== undefined);

const areWell: NodeGroupRule = (input) => {
  const ill = groupsOf(input).find((group) => !isWell(group));
  if (ill === undefined) return undefined;
  const { name, status, healthIssues } = ill;
  const issues = healthIssues.length === 0 ? "" : ` (${listed(healthIssues)})`;
  return {
    code: "NODE_GROUP_UNHEALTHY",
    sentence: `Node group ${name} of cluster ${input.cluster.name} is ${status}${issues}: mend it first (aws eks describe-nodegroup).`,
  };
};

const areNotUpdating: NodeGroupDelay = (input) => {
  const busy = groupsOf(input).find(({ status }) => passingStatuses.includes(status));
  return busy === undefined
    ? undefined
    : soon(input.facts, {
        reason: "NODE_GROUP_UPDATING",
        sentence: `Node group ${busy.name} of cluster ${input.cluster.name} is ${busy.status}: EKS adds, drains and ends nodes of it itself. Nothing is done until that has ended.`,
      });
};

/** Source: Amazon EKS API reference, capacityTypes. */
const isOnDemandGroup: NodeGroupRule = ({ cluster, facts: { nodeGroup } }) => {
  if (nodeGroup === undefined || nodeGroup.capacityType === "ON_DEMAND") return undefined;
  const { name, capacityType } = nodeGroup;
  return capacityType === "SPOT"
    ? {
        code: "NODES_ALREADY_SPOT",
        sentence: `Node group ${name} of cluster ${cluster.name} buys Spot: there is nothing to replace.`,
        isThereAlready: true,
      }
    : {
        code: "CAPACITY_BLOCK_NODE_GROUP",
        sentence: `Node group ${name} of cluster ${cluster.name} runs in capacity of type ${capacityType}, which is paid already: delete the target.`,
      };
};

/** We attach one before one leaves. Raising the maximum is its owner's: Cluster Autoscaler would take the room. */
const hasRoom: NodeGroupRule = ({ facts: { nodeGroup, group } }) => {
  if (nodeGroup !== undefined || group === undefined) return undefined;
  const { asgName, desiredCapacity, maxSize } = group;
  return desiredCapacity < maxSize
    ? undefined
    : {
        code: "NODE_GROUP_AT_MAXIMUM",
        sentence: `Group ${asgName} is at its maximum of ${String(maxSize)}, and a new node stands beside the old one for a while: raise it by one (aws autoscaling update-auto-scaling-group --auto-scaling-group-name ${asgName} --max-size ${String(desiredCapacity + 1)}).`,
      };
};

/** Its node leaves with its place, for the new one stands in another group. Source: TerminateInstanceInAutoScalingGroup: never below the minimum. */
const mayShrink: NodeGroupRule = ({ cluster, target, facts: { nodeGroup, group } }) => {
  if (nodeGroup === undefined) return undefined;
  const { name, minSize, maxSize } = nodeGroup;
  // EKS learns later than the group behind it what an autoscaler has taken.
  const desiredSize = Math.min(nodeGroup.desiredSize, group?.desiredCapacity ?? Infinity);
  // Without a node there is none that could leave.
  if (desiredSize > minSize || desiredSize === 0) return undefined;
  const config = `minSize=${String(Math.max(0, desiredSize - 1))},maxSize=${String(maxSize)},desiredSize=${String(desiredSize)}`;
  return {
    code: "NODE_GROUP_AT_MINIMUM",
    sentence: `Node group ${name} of cluster ${cluster.name} is at its minimum of ${String(minSize)}, and Auto Scaling takes no node away below it: lower the minimum (aws eks update-nodegroup-config --region ${target.region} --cluster-name ${cluster.name} --nodegroup-name ${name} --scaling-config ${config}).`,
  };
};

/** Its own tags: those of the Auto Scaling group behind it are EKS's. */
const isDriftAccepted: NodeGroupRule = (input) => {
  if (input.policy.acceptIacDrift) return undefined;
  const found = groupsOf(input).flatMap(({ name, tags = {} }) => {
    const owner = codeOwnerOf(tags);
    return owner === undefined ? [] : [{ ...owner, group: name }];
  })[0];
  return found === undefined
    ? undefined
    : {
        code: "IAC_MANAGED",
        sentence: `Node group ${found.group} was made by ${found.name} (tag ${found.tag}), whose next run may set its sizes and end Spot nodes: set ${limitName("acceptIacDrift")} if its owner agrees.`,
      };
};

export const nodeGroupRules: readonly NodeGroupRule[] = [
  isOnDemandGroup,
  areWell,
  hasRoom,
  mayShrink,
  isDriftAccepted,
];
export const nodeGroupDelays: readonly NodeGroupDelay[] = [areNotUpdating];

/**
 * What an instance that was found in an account is registered as: by itself, or as the group or node group that its tags name. Always
 * in shadow mode: only a person ends that.
 */
import type { FoundInstance } from "../../model/found-instance.ts";
import type { AccountId, TargetId } from "../../model/ids.ts";
import { hasEnded } from "../../model/instance.ts";
import { memberTags } from "../../model/tags.ts";
import type { Target, TargetOf } from "../../model/target.ts";
import type { Objection } from "./objection.ts";
import { platformOwners } from "./ownership.ts";
import { tagOf } from "./owner-lists.ts";

type Tags = Readonly<Record<string, string>>;

/** On the nodes of a cluster, its name behind it: whoever manages them sets it. Source: EKS user guide, Launch self-managed nodes. */
const clusterTagPrefix = "kubernetes.io/cluster/";

const isNodeOwner = ({ code }: (typeof platformOwners)[number]): boolean => code === "EKS_NODE";

/** What it is a part of, as its target has it; undefined for a node of which no group is named. */
type Belonging =
  | { readonly pipelineMode: "LINEAR" }
  | Pick<TargetOf<"CLUSTER">, "pipelineMode" | "group">
  | Pick<TargetOf<"KUBERNETES">, "pipelineMode" | "node">;

const clusterOf = (tags: Tags): string | undefined =>
  tags[memberTags.clusterName] ??
  Object.keys(tags)
    .filter((key) => key.startsWith(clusterTagPrefix))
    .sort()[0]
    ?.slice(clusterTagPrefix.length);

const nodeGroupOf = (tags: Tags): Belonging | undefined => {
  const clusterName = clusterOf(tags);
  if (clusterName === undefined) return undefined;
  const nodeGroup = tags[memberTags.nodeGroup];
  if (nodeGroup !== undefined) {
    return { pipelineMode: "KUBERNETES", node: { clusterName, nodeGroup, scope: "ALL" } };
  }
  // Managed by its owner, who gave no other name than that of the Auto Scaling group behind it.
  const asgName = tags[memberTags.asgName];
  return asgName === undefined
    ? undefined
    : {
        pipelineMode: "KUBERNETES",
        node: { clusterName, nodeGroup: asgName, scope: "ALL", asgName },
      };
};

const belongingOf = (tags: Tags): Belonging | undefined => {
  if (platformOwners.some((owner) => isNodeOwner(owner) && tagOf(tags, owner) !== undefined)) {
    return nodeGroupOf(tags);
  }
  const asgName = tags[memberTags.asgName];
  return asgName === undefined
    ? { pipelineMode: "LINEAR" }
    : { pipelineMode: "CLUSTER", group: { asgName } };
};

const withoutGroup = ({ instanceId, tags }: FoundInstance): string => {
  const owner = platformOwners.find(isNodeOwner);
  const tag = owner === undefined ? undefined : tagOf(tags, owner);
  return `Instance ${instanceId} is a Kubernetes node (tag ${tag ?? "unknown"}), and no node group of EKS or Auto Scaling group is named on it: what launches its nodes has to choose Spot.`;
};

/**
 * @param by `targetId`: of the new target. `now`: ISO 8601
 * @returns the sentence says why it can't be registered
 */
export const foundTarget = (
  found: FoundInstance,
  by: {
    readonly accountId: AccountId;
    readonly region: string;
    readonly targetId: TargetId;
    readonly now: string;
  },
): Target | Pick<Objection, "sentence"> => {
  const { instanceId, instanceType, zoneName, state, tags } = found;
  if (hasEnded(state)) return { sentence: `Instance ${instanceId} is ${state}.` };
  const belonging = belongingOf(tags);
  if (belonging === undefined) return { sentence: withoutGroup(found) };
  const { accountId, region, targetId, now } = by;
  return {
    targetId,
    accountId,
    region,
    instanceId,
    instanceType,
    availabilityZone: zoneName,
    isShadowMode: true,
    policyOverrides: {},
    createdAt: now,
    updatedAt: now,
    ...belonging,
  };
};

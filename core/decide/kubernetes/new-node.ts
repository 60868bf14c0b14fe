/** What the replacement of a node will look like to the scheduler: by this its pods are asked beforehand whether they could go there. */
import type { ClusterView, ManagedNodeGroupFacts } from "../../model/kubernetes/cluster.ts";
import type { KubernetesFacts } from "../../model/kubernetes/facts.ts";
import type { NodeFacts } from "../../model/kubernetes/node.ts";
import type { Labels, Taint } from "../../model/kubernetes/object.ts";
import type { PodFacts } from "../../model/kubernetes/pod.ts";
import { againstTerms, whyNotOn, type Misfit } from "./fits.ts";
import { hostnameKey, volumesOf } from "./pods/volumes.ts";

export type ExpectedNode = Pick<NodeFacts, "name" | "labels" | "taints">;

/** A name that no node has yet. */
const newName = "(new)";

const typeKeys = ["node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type"] as const;
export const capacityTypeKey = "eks.amazonaws.com/capacityType";

/** Of the old node's own group, and not of the new one's. Source: Amazon EKS, labels of managed node groups. */
const groupKeys: readonly string[] = [
  "eks.amazonaws.com/nodegroup",
  "eks.amazonaws.com/nodegroup-image",
  "eks.amazonaws.com/sourceLaunchTemplateId",
  "eks.amazonaws.com/sourceLaunchTemplateVersion",
];

/** EKS spells effects otherwise than Kubernetes. */
const effects: Readonly<Record<string, string>> = {
  NO_SCHEDULE: "NoSchedule",
  NO_EXECUTE: "NoExecute",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
};

const spelledAsKubernetes = ({ effect, ...taint }: Taint): Taint => ({
  ...taint,
  effect: effects[effect] ?? effect,
});

/** What comes and goes with a node's state, or with whoever drains it. */
const stateTaints: readonly string[] = [
  "node.kubernetes.io/",
  "node.cloudprovider.kubernetes.io/",
  "ToBeDeletedByClusterAutoscaler",
  "DeletionCandidateOfClusterAutoscaler",
];

const isOfState = ({ key }: Taint): boolean => stateTaints.some((start) => key.startsWith(start));

const without = (labels: Labels, keys: readonly string[]): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([key]) => !keys.includes(key)));

export interface ExpectedGroups {
  /** Absent: a clone in the same group. */
  readonly nodeGroup?: ManagedNodeGroupFacts;
  readonly spotNodeGroup?: ManagedNodeGroupFacts;
}

export const groupsOf = ({ nodeGroup, spotNodeGroup }: KubernetesFacts): ExpectedGroups =>
  nodeGroup === undefined
    ? {}
    : { nodeGroup, ...(spotNodeGroup === undefined ? {} : { spotNodeGroup }) };

/** In the zone of the old one. @param instanceType absent: not decided yet, and no pod may name one */
export const expectedNode = (
  old: NodeFacts,
  { nodeGroup, spotNodeGroup }: ExpectedGroups,
  instanceType?: string,
): ExpectedNode => {
  const base = without(old.labels, [hostnameKey, ...typeKeys]);
  const typed =
    instanceType === undefined
      ? {}
      : Object.fromEntries(typeKeys.map((key) => [key, instanceType]));
  const ownTaints = old.taints.filter((taint) => !isOfState(taint));
  if (spotNodeGroup === undefined) {
    return { name: newName, labels: { ...base, ...typed }, taints: ownTaints };
  }
  const ofOldGroup = [...groupKeys, ...Object.keys(nodeGroup?.labels ?? {})];
  return {
    name: newName,
    labels: {
      ...without(base, ofOldGroup),
      ...spotNodeGroup.labels,
      "eks.amazonaws.com/nodegroup": spotNodeGroup.name,
      [capacityTypeKey]: "SPOT",
      ...typed,
    },
    taints: spotNodeGroup.taints.map(spelledAsKubernetes),
  };
};

/** With those that stay on the old node until they are evicted themselves it would never get there. */
const againstCompany = ({ placement }: PodFacts): Misfit | undefined =>
  placement.podAffinity?.some(({ topologyKey }) => topologyKey === hostnameKey) === true
    ? { key: hostnameKey, because: "the node of pods that are on the old one (podAffinity)" }
    : undefined;

/** Its volumes can't be mounted there. */
export const againstVolumes = (
  pod: PodFacts,
  view: Pick<ClusterView, "volumes">,
  node: ExpectedNode,
): Misfit | undefined =>
  volumesOf(pod, view).flatMap(({ name, nodeSelectorTerms }) => {
    const misfit =
      nodeSelectorTerms.length === 0 ? undefined : againstTerms(nodeSelectorTerms, node);
    return misfit === undefined
      ? []
      : [{ ...misfit, because: `${misfit.because}, for its volume ${name} is there` }];
  })[0];

/** Resources apart: these are summed. */
export const whyNotOnNew = (
  pod: PodFacts,
  node: ExpectedNode,
  view: Pick<ClusterView, "volumes">,
): Misfit | undefined =>
  whyNotOn(pod.placement, node) ?? againstCompany(pod) ?? againstVolumes(pod, view, node);

/** Rules about how a node stands: its owner's wishes, whom it belongs to at the moment, and whether it serves. */
import { conditionOf } from "../../../model/kubernetes/object.ts";
import type { NodeFacts } from "../../../model/kubernetes/node.ts";
import { limitName } from "../../../policy/limit-name.ts";
import { claimAnnotation, claimIn } from "../claims.ts";
import type { NodeRule } from "./node-rule.ts";

const isClaimedBy = ({ annotations }: NodeFacts, deploymentId: string | undefined): boolean =>
  deploymentId !== undefined &&
  annotations[claimAnnotation]?.startsWith(`${deploymentId}#`) === true;

const isNotClaimedByOthers: NodeRule = ({ node, deploymentId }) => {
  const claim = claimIn(node);
  return claim === undefined || isClaimedBy(node, deploymentId)
    ? undefined
    : {
        kind: "REFUSES",
        code: "FOREIGN_CLAIM",
        sentence: `Another deployment of Spot Optimizer works on node ${node.name} (annotation ${claimAnnotation}=${claim}): register it with one of them, and take the annotation off if that one no longer exists.`,
      };
};

/** Under these somebody else drains it, ends it, or is about to. Sources: Cluster Autoscaler; KEP-5683. */
const removalTaint = "ToBeDeletedByClusterAutoscaler";
const workConditions = ["DrainInProgress", "MaintenancePlanned", "MaintenanceInProgress"] as const;

const isNotUnderMaintenance: NodeRule = ({ node }) => {
  const taint = node.taints.find(({ key }) => key === removalTaint);
  const condition = workConditions
    .map((type) => conditionOf(node, type))
    .find((found) => found?.status === "True");
  if (taint === undefined && condition === undefined) return undefined;
  const sign = taint === undefined ? `condition ${condition?.type ?? ""}` : `taint ${taint.key}`;
  const since = condition?.lastTransitionTime;
  return {
    kind: "PASSES",
    code: "NODE_UNDER_MAINTENANCE",
    sentence: `Somebody else is at work on node ${node.name} (${sign}): it is left alone until that has passed.`,
    ...(since === undefined ? {} : { since }),
  };
};

const zoneOf = ({ labels }: NodeFacts): string | undefined => labels["topology.kubernetes.io/zone"];

/** EKS cordons all nodes of a zone from which it shifts away. Source: Amazon EKS user guide, "zonal shift". */
const isZoneCordoned: NodeRule = ({ node, view, deploymentId }) => {
  const peers = view.nodes.filter((other) => zoneOf(other) === zoneOf(node));
  const isShifted =
    node.isUnschedulable &&
    !isClaimedBy(node, deploymentId) &&
    peers.length > 1 &&
    peers.every(({ isUnschedulable }) => isUnschedulable);
  return isShifted
    ? {
        kind: "PASSES",
        code: "EKS_ZONAL_SHIFT",
        sentence: `All ${String(peers.length)} nodes of zone ${zoneOf(node) ?? "unknown"} are cordoned, as in a zonal shift: node ${node.name} is left alone until that has ended.`,
      }
    : undefined;
};

const isNotCordoned: NodeRule = (facts) => {
  const { node, deploymentId } = facts;
  if (!node.isUnschedulable || isClaimedBy(node, deploymentId)) return undefined;
  return isZoneCordoned(facts) === undefined
    ? {
        kind: "REFUSES",
        code: "NODE_CORDONED",
        sentence: `Somebody has cordoned node ${node.name}: it is his until it is uncordoned (kubectl uncordon ${node.name}).`,
      }
    : undefined;
};

const isReady: NodeRule = ({ node }) => {
  const ready = conditionOf(node, "Ready");
  if (ready?.status === "True") return undefined;
  const since = ready?.lastTransitionTime;
  const why = ready?.message ?? ready?.reason ?? "its kubelet has told nothing";
  return {
    kind: "PASSES",
    code: "NODE_NOT_READY",
    sentence: `Node ${node.name} is not Ready (${why.replace(/\.$/, "")}): pods that are evicted from it may never end. It is left alone until it is Ready, or its group has replaced it.`,
    ...(since === undefined ? {} : { since }),
  };
};

/** Sources: Karpenter, node-level controls; Cluster Autoscaler FAQ. */
const wishes = [
  "karpenter.sh/do-not-disrupt",
  "cluster-autoscaler.kubernetes.io/scale-down-disabled",
] as const;

const mayBeDisrupted: NodeRule = ({ node, policy }) => {
  const wish = policy.allowDoNotDisrupt
    ? undefined
    : wishes.find((key) => node.annotations[key] === "true");
  return wish === undefined
    ? undefined
    : {
        kind: "REFUSES",
        code: "NODE_NOT_TO_DISRUPT",
        sentence: `Node ${node.name} asks not to be disrupted (annotation ${wish}=true): take it off, or set ${limitName("allowDoNotDisrupt")} if its owner agrees.`,
      };
};

/** `1.35`, `v1.35.4-eks-1a2b3c4` */
const minorOf = (version: string): number | undefined => {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  return major === undefined || minor === undefined
    ? undefined
    : Number(major) * 1000 + Number(minor);
};

/** Source: Kubernetes, "Version Skew Policy": a kubelet is never newer than the API server. */
const isNotAhead: NodeRule = ({ node, cluster }) => {
  const [kubelet, server] = [minorOf(node.kubeletVersion), minorOf(cluster.version)];
  const isKnown = kubelet !== undefined && server !== undefined;
  if (isKnown && kubelet <= server) return undefined;
  return {
    kind: "REFUSES",
    code: "KUBELET_AHEAD",
    sentence: `Node ${node.name} runs kubelet ${node.kubeletVersion} under version ${cluster.version} of cluster ${cluster.name}, and one like it may not join: ${isKnown ? "update the cluster, or give the node group an older image" : "one of the two can't be read"}.`,
  };
};

const excluded = "node.kubernetes.io/exclude-from-external-load-balancers";

const isBalanced = (node: NodeFacts): boolean =>
  !node.isUnschedulable &&
  !(excluded in node.labels) &&
  conditionOf(node, "Ready")?.status === "True";

/** A new one is known to load balancers some time after it has joined. */
const isNotAlone: NodeRule = ({ node, view }) =>
  view.nodes.some((other) => other.name !== node.name && isBalanced(other))
    ? undefined
    : {
        kind: "REFUSES",
        code: "ONLY_BALANCED_NODE",
        sentence: `Node ${node.name} is the only one to which load balancers may send traffic (Ready, not cordoned, without label ${excluded}): add a node, so that there is always one.`,
      };

export const nodeStateRules: readonly NodeRule[] = [
  isNotClaimedByOthers,
  isNotUnderMaintenance,
  isZoneCordoned,
  isNotCordoned,
  isReady,
  mayBeDisrupted,
  isNotAhead,
  isNotAlone,
];

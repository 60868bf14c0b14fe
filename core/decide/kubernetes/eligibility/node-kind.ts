/** Rules about what a node is: those that no instance of a node group stands behind, or that another provisioner brings and takes. */
import { identityOf } from "../node-identity.ts";
import type { NodeRule } from "./node-rule.ts";

/** Sources: Amazon EKS user guide, "AWS Fargate", "EKS Auto Mode", "Hybrid nodes"; SageMaker HyperPod labels by eks-node-monitoring-agent. */
const computeType = "eks.amazonaws.com/compute-type";
const sagemakerComputeType = "sagemaker.amazonaws.com/compute-type";

const isNotFargate: NodeRule = ({ node }) =>
  node.labels[computeType] === "fargate" || identityOf(node).kind === "FARGATE"
    ? {
        kind: "REFUSES",
        code: "FARGATE_NODE",
        sentence: `Node ${node.name} is one of Fargate (${node.providerID ?? "no provider id"}), on which nothing is bought by us: give its pods a node group if they are to run on Spot.`,
      }
    : undefined;

const isNotHybrid: NodeRule = ({ node }) =>
  node.labels[computeType] === "hybrid" || identityOf(node).kind === "HYBRID"
    ? {
        kind: "REFUSES",
        code: "HYBRID_NODE",
        sentence: `Node ${node.name} is a hybrid node (${node.providerID ?? "no provider id"}), a machine of its owner's: there is nothing to buy on Spot.`,
      }
    : undefined;

const isNotHyperPod: NodeRule = ({ node }) =>
  node.labels[sagemakerComputeType] === "hyperpod"
    ? {
        kind: "REFUSES",
        code: "HYPERPOD_NODE",
        sentence: `Node ${node.name} belongs to SageMaker HyperPod (label ${sagemakerComputeType}=hyperpod), which replaces its nodes itself: choose its capacity there.`,
      }
    : undefined;

const isNotAutoMode: NodeRule = ({ node }) =>
  node.labels[computeType] === "auto"
    ? {
        kind: "REFUSES",
        code: "AUTO_MODE_NODE",
        sentence: `Node ${node.name} is one of EKS Auto Mode (label ${computeType}=auto): allow spot in the requirement karpenter.sh/capacity-type of its NodePool (${node.labels["karpenter.sh/nodepool"] ?? "unknown"}) instead.`,
      }
    : undefined;

/** A NodeClaim may stand alone, without a NodePool. Source: Karpenter, labels.go and taints.go. */
const karpenterLabels = [
  "karpenter.sh/nodepool",
  "karpenter.sh/registered",
  "karpenter.sh/initialized",
] as const;
const karpenterFinalizer = "karpenter.sh/termination";
const karpenterTaints = ["karpenter.sh/disrupted", "karpenter.sh/unregistered"] as const;

const isNotOfKarpenter: NodeRule = ({ node }) => {
  const [sign] = [
    ...karpenterLabels.filter((key) => key in node.labels).map((key) => `label ${key}`),
    ...node.finalizers
      .filter((found) => found === karpenterFinalizer)
      .map((key) => `finalizer ${key}`),
    ...karpenterTaints
      .filter((key) => node.taints.some((taint) => taint.key === key))
      .map((key) => `taint ${key}`),
  ];
  return sign === undefined
    ? undefined
    : {
        kind: "REFUSES",
        code: "KARPENTER_NODE",
        sentence: `Node ${node.name} is one of Karpenter's (${sign}), which would replace what we launch: allow spot in the requirement karpenter.sh/capacity-type of its NodePool (${node.labels["karpenter.sh/nodepool"] ?? "none"}) instead.`,
      };
};

const isInstance: NodeRule = ({ node, view }) => {
  const identity = identityOf(node);
  if (identity.kind !== "INSTANCE") {
    return {
      kind: "REFUSES",
      code: "NODE_NOT_IDENTIFIED",
      sentence: `Node ${node.name} has ${node.providerID === undefined ? "no provider id" : `provider id ${node.providerID}`}, which is not that of an EC2 instance (aws:///<zone>/<instance id>): nobody can say which machine it is.`,
    };
  }
  const twins = view.nodes.filter((other) => {
    const found = identityOf(other);
    return found.kind === "INSTANCE" && found.instanceId === identity.instanceId;
  });
  return twins.length < 2
    ? undefined
    : {
        kind: "REFUSES",
        code: "NODE_NOT_IDENTIFIED",
        sentence: `Nodes ${twins.map(({ name }) => name).join(" and ")} both say that they are instance ${identity.instanceId}: delete the Node object that is not.`,
      };
};

export const nodeKindRules: readonly NodeRule[] = [
  isNotFargate,
  isNotHybrid,
  isNotHyperPod,
  isNotAutoMode,
  isNotOfKarpenter,
  isInstance,
];

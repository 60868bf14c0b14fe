/** Limits of nodes of an EKS cluster: whose pods may be moved, to what, and how long it may take. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { limit } from "./limit.ts";

/** Source: Amazon EKS API reference, CreateNodegroup. */
const nodeGroupName = atFirstUse(() =>
  z
    .string()
    .max(63)
    .regex(/^([0-9A-Za-z][\w-]*)?$/, "must be the name of a managed node group, or empty"),
);

/** What its owner must agree to by name. */
const consents = atFirstUse(() => ({
  allowUnmanagedPods: limit(z.boolean().default(false), {
    unit: "yes/no",
    reason: "A pod without a controller is not made again once it is evicted.",
    modes: ["KUBERNETES"],
  }),
  allowEmptyDir: limit(z.boolean().default(true), {
    unit: "yes/no",
    reason: "What a pod keeps in an emptyDir volume is lost when it is evicted.",
    modes: ["KUBERNETES"],
  }),
  allowDoNotDisrupt: limit(z.boolean().default(false), {
    unit: "yes/no",
    reason:
      "Nodes and pods whose annotations ask not to be disrupted (karpenter.sh/do-not-disrupt, cluster-autoscaler.kubernetes.io/…) are left alone, unless their owner has agreed.",
    modes: ["KUBERNETES"],
  }),
  allowGangs: limit(z.boolean().default(false), {
    unit: "yes/no",
    reason: "One pod of a gang that is evicted restarts all of it, or sends it back to a queue.",
    modes: ["KUBERNETES"],
  }),
  allowJobRestarts: limit(z.boolean().default(false), {
    unit: "yes/no",
    reason: "A pod of a Job that is evicted begins anew, and may be the Job's last try.",
    modes: ["KUBERNETES"],
  }),
  deletePodsAtDeadline: limit(z.boolean().default(false), {
    unit: "yes/no",
    reason:
      "At the deadline of a node, pods that only their budgets still hold are deleted past these, one of a workload at a time, instead of giving the node back. Needs a ClusterRole of its own.",
    modes: ["KUBERNETES"],
  }),
}));

export const kubernetesLimits = atFirstUse(() => ({
  ...consents(),
  spotNodeGroup: limit(nodeGroupName().default(""), {
    unit: "name of a managed node group; empty: none",
    reason:
      "Nodes of a managed node group are replaced by nodes of this one, which sells Spot: EKS lets none have both. It must exist, with the zones, labels, taints and image type of the first.",
    modes: ["KUBERNETES"],
  }),
  localVolumeDrivers: limit(z.array(z.string().min(1).max(63)).max(20).default([]), {
    unit: "names of CSI drivers",
    reason:
      "Besides those of TopoLVM and OpenEBS: their volumes are on the node itself, and its pods would wait for ever, and lose them.",
    modes: ["KUBERNETES"],
  }),
  joinDeadlineMinutes: limit(z.int().min(2).max(60).default(10), {
    unit: "minutes",
    reason: "Within so long a new node is Ready with all its agents, or is given up.",
    modes: ["KUBERNETES"],
  }),
  nodeDeadlineMinutes: limit(z.int().min(5).max(360).default(30), {
    unit: "minutes",
    reason:
      "Within so long a node is empty, or the largest grace of its pods and ten minutes where that is longer; then it is given back.",
    modes: ["KUBERNETES"],
  }),
  noProgressMinutes: limit(z.int().min(2).max(120).default(15), {
    unit: "minutes",
    reason: "With no pod gone and no eviction accepted for so long the node is given back.",
    modes: ["KUBERNETES"],
  }),
}));

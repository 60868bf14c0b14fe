/** One pod of a DaemonSet for each node that it is for. Source: Kubernetes documentation, "DaemonSet", taints and tolerations. */
import { isDeepStrictEqual } from "node:util";
import { nameEnd, type KubeContext } from "../context.ts";
import { isReady, type NodeObject, type Pod, type PodSpec, type Workload } from "../objects.ts";
import { isSelectedNode } from "../scheduling/affinity.ts";
import { repelling } from "../scheduling/taints.ts";
import { change } from "../writing.ts";
import { createPod, isActive, podsOwnedBy } from "./pods.ts";

/** It runs on nodes that are cordoned, not ready or under pressure. */
const added = [
  { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/disk-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/pid-pressure", operator: "Exists", effect: "NoSchedule" },
];

const specFor = ({ spec }: Workload, { metadata }: NodeObject): PodSpec => {
  const { template } = spec;
  const named = { key: "metadata.name", operator: "In", values: [metadata.name] };
  return {
    ...template.spec,
    tolerations: [...(template.spec.tolerations ?? []), ...added],
    affinity: {
      ...template.spec.affinity,
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchFields: [named] }],
        },
      },
    },
  };
};

/** Its template as a pod there, for the questions that the scheduler asks. */
const isFor = (workload: Workload, node: NodeObject): boolean => {
  const { template } = workload.spec;
  const pod = { spec: specFor(workload, node) } as Pod;
  const plain = { spec: template.spec } as Pod;
  return isSelectedNode(plain, node) && repelling(pod, node) === undefined;
};

/** Of a pod that is placed, and of one that waits for its node. */
const nodeOf = ({ spec }: Pod): string | undefined => {
  const terms =
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return spec.nodeName ?? terms?.[0]?.matchFields?.[0]?.values?.[0];
};

export const syncDaemonSet = (context: KubeContext, workload: Workload): boolean => {
  const wanted = context.store.list("nodes").filter((node) => isFor(workload, node));
  const pods = podsOwnedBy(context, workload);
  const served = new Set(pods.map(nodeOf));
  let isRefused = false;
  for (const node of wanted) {
    if (served.has(node.metadata.name)) continue;
    const name = `${workload.metadata.name}-${nameEnd(context)}`;
    if (!createPod(context, workload, { name, spec: specFor(workload, node) })) isRefused = true;
  }
  const status = {
    desiredNumberScheduled: wanted.length,
    currentNumberScheduled: pods.filter(isActive).length,
    numberReady: pods.filter(isReady).length,
    numberAvailable: pods.filter(isReady).length,
    numberMisscheduled: 0,
    observedGeneration: workload.metadata.generation ?? 1,
  };
  if (!isDeepStrictEqual(workload.status, status)) {
    change(context, "daemonsets", { ...workload, status });
  }
  return isRefused;
};

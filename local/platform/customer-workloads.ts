/** Workloads of a customer's cluster, given as data: what keeps them up, what they ask of a node, and their budgets. */
import type { KubeCluster } from "../cloud/kubernetes/cluster.ts";
import type { Labels, LabelSelector, Pdb, PodSpec } from "../cloud/kubernetes/objects.ts";

export interface WorkloadDescription {
  /** A Pod has no owner that makes it again. */
  readonly kind: "Deployment" | "StatefulSet" | "DaemonSet" | "Job" | "Pod";
  readonly name: string;
  /** Default: default. */
  readonly namespace?: string;
  /** Of a Job: at a time, and in all. Default 1. */
  readonly replicas?: number;
  /** Of each pod. Default 250m and 256Mi. */
  readonly cpu?: string;
  readonly memory?: string;
  /** Each pod of a StatefulSet has an EBS volume. */
  readonly hasVolume?: boolean;
  /** Without a selector: of these very pods. */
  readonly budget?: Omit<Pdb["spec"], "selector">;
  /** From placement to Ready; `never`. Default: the cluster's. */
  readonly readySeconds?: number | "never";
  /** From eviction to gone, its grace at most; `stuck` for ever. Default: the cluster's. */
  readonly endSeconds?: number | "never" | "stuck";
  /** From Ready to done. */
  readonly runSeconds?: number;
  readonly annotations?: Labels;
  readonly pod?: Partial<PodSpec>;
}

type Described = WorkloadDescription & { readonly namespace: string; readonly labels: Labels };

const simulated = ({ readySeconds, endSeconds, runSeconds }: WorkloadDescription): Labels => ({
  ...(readySeconds !== undefined && { "simulation.local/ready-seconds": String(readySeconds) }),
  ...(endSeconds !== undefined && { "simulation.local/end-seconds": String(endSeconds) }),
  ...(runSeconds !== undefined && { "simulation.local/run-seconds": String(runSeconds) }),
});

const annotationsOf = (described: Described): { readonly annotations?: Labels } => {
  const annotations = { ...simulated(described), ...described.annotations };
  return Object.keys(annotations).length === 0 ? {} : { annotations };
};

const podSpecOf = ({ cpu = "250m", memory = "256Mi", pod }: Described): PodSpec => ({
  containers: [{ name: "main", image: "example/app:1", resources: { requests: { cpu, memory } } }],
  ...pod,
});

const selectorOf = ({ labels }: Described): LabelSelector => ({ matchLabels: labels });

/** What a Deployment and a StatefulSet have of it alike. */
const baseOf = (described: Described) => {
  const { name, namespace, labels } = described;
  return {
    metadata: { name, namespace, labels },
    spec: {
      selector: selectorOf(described),
      template: {
        metadata: { labels, ...annotationsOf(described) },
        spec: podSpecOf(described),
      },
    },
  };
};

const add = (control: KubeCluster["control"], described: Described): void => {
  const { metadata, spec } = baseOf(described);
  const { kind, name, replicas = 1, hasVolume = false } = described;
  switch (kind) {
    case "Deployment":
      control.add("deployments", { metadata, spec: { ...spec, replicas } });
      break;
    case "StatefulSet": {
      const volumeClaimTemplates = hasVolume ? [{ metadata: { name: "data" } }] : [];
      control.add("statefulsets", { metadata, spec: { ...spec, replicas, volumeClaimTemplates } });
      break;
    }
    case "DaemonSet":
      control.add("daemonsets", { metadata, spec });
      break;
    case "Job":
      control.add("jobs", {
        metadata,
        spec: { ...spec, parallelism: replicas, completions: replicas },
      });
      break;
    case "Pod":
      control.add("pods", {
        metadata: { ...metadata, ...annotationsOf(described), name },
        spec: spec.template.spec,
      });
      break;
  }
};

/** As their owner deploys them; their pods run once the controllers and kubelets have done their part. */
export const addWorkloads = (
  { control }: KubeCluster,
  workloads: readonly WorkloadDescription[],
): void => {
  for (const workload of workloads) {
    const { name, namespace = "default", budget } = workload;
    const described = { ...workload, namespace, labels: { app: name } };
    add(control, described);
    if (budget === undefined) continue;
    control.add("poddisruptionbudgets", {
      metadata: { name, namespace },
      spec: { selector: selectorOf(described), ...budget },
    });
  }
};

/** A Deployment under a budget, a database with its volume, and an agent on each node. */
export const starterWorkloads: readonly WorkloadDescription[] = [
  { kind: "Deployment", name: "web", replicas: 6, budget: { maxUnavailable: 1 } },
  { kind: "StatefulSet", name: "db", memory: "512Mi", hasVolume: true },
  { kind: "DaemonSet", name: "agent", namespace: "kube-system", cpu: "50m", memory: "64Mi" },
];

/** A cluster of machines, and workloads on it. */
import type { VirtualClock } from "../../../../local/cloud/clock.ts";
import type { KubeCluster } from "../../../../local/cloud/kubernetes/cluster.ts";
import type { Joining, Machine } from "../../../../local/cloud/kubernetes/kubelets/machines.ts";
import type { Pod, PodSpec, Workload } from "../../../../local/cloud/kubernetes/objects.ts";
import type { KubeSettings } from "../../../../local/cloud/kubernetes/settings.ts";
import { virtualCluster } from "./cluster-fixture.ts";

const machineOf = (nodeName: string, given: Partial<Machine> = {}): Machine => ({
  instanceId: `i-${nodeName}`,
  nodeName,
  providerId: `aws:///eu-west-1a/i-${nodeName}`,
  privateIp: "10.0.0.7",
  labels: { "topology.kubernetes.io/zone": "eu-west-1a", "kubernetes.io/arch": "amd64" },
  taints: [],
  cpu: 4,
  memoryMib: 16_384,
  maxPods: 58,
  volumes: 24,
  ...given,
});

export interface Workloads {
  readonly cluster: KubeCluster;
  join(nodeName: string, given?: Partial<Machine>, joining?: Joining): void;
  deploy(
    plural: "deployments" | "statefulsets" | "daemonsets" | "jobs",
    name: string,
    spec?: Partial<Workload["spec"]> & {
      readonly pod?: Partial<PodSpec>;
      readonly annotations?: Readonly<Record<string, string>>;
    },
  ): void;
  pods(): readonly Pod[];
  /** `web@one`: the app of each pod and its node; `!` behind one that is going. */
  places(): readonly string[];
}

export interface World extends Workloads {
  readonly clock: VirtualClock;
  /** So many seconds go by. */
  pass(seconds: number): Promise<void>;
}

const placeOf = ({ metadata, spec }: Pod): string => {
  const isGoing = metadata.deletionTimestamp !== undefined;
  return `${metadata.labels?.app ?? ""}@${spec.nodeName ?? "nowhere"}${isGoing ? "!" : ""}`;
};

export const workloadsOn = (cluster: KubeCluster): Workloads => ({
  cluster,
  join: (nodeName, given, joining = { joinMs: 1000, readyMs: 1000 }) => {
    cluster.control.join(machineOf(nodeName, given), joining);
  },
  deploy: (plural, name, { pod, annotations, ...spec } = {}) => {
    cluster.control.add(plural, {
      metadata: { name, namespace: "default" },
      spec: {
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name }, ...(annotations !== undefined && { annotations }) },
          spec: { containers: [{ name: "main" }], ...pod },
        },
        ...spec,
      },
    });
  },
  pods: () => cluster.control.list("pods"),
  places: () => cluster.control.list("pods").map(placeOf).sort(),
});

export const worldOf = (settings: Partial<KubeSettings> = {}): World => {
  const { clock, cluster } = virtualCluster({ settings });
  return {
    ...workloadsOn(cluster),
    clock,
    pass: (seconds) => clock.run({ atMostMs: clock.now() + seconds * 1000 }),
  };
};

export const cpu = (amount: string): Partial<PodSpec> => ({
  containers: [{ name: "main", resources: { requests: { cpu: amount } } }],
});

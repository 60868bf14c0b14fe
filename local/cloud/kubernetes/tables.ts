/** The columns that `kubectl get` prints: it asks the server for a Table. Source: Kubernetes documentation, "API concepts", "Receiving resources as Tables". */
import type { Plural } from "./kinds.ts";
import {
  conditionOf,
  isReady,
  isTerminating,
  type KubeObject,
  type NodeObject,
  type Pdb,
  type Pod,
  type WebhookConfiguration,
  type Workload,
} from "./objects.ts";

interface Column {
  readonly name: string;
  /** Printed only with `-o wide`. */
  readonly isWide?: boolean;
  readonly value: (object: KubeObject, nowMs: number) => string | number;
}

/** As kubectl shortens it: two units below a few hours and days, one above. */
const ageOf = (fromMs: number, nowMs: number): string => {
  const seconds = Math.max(0, Math.floor((nowMs - fromMs) / 1000));
  const [minutes, hours, days] = [60, 3600, 86_400].map((unit) => Math.floor(seconds / unit)) as [
    number,
    number,
    number,
  ];
  if (seconds < 120) return `${String(seconds)}s`;
  if (minutes < 10) {
    const rest = seconds % 60;
    return `${String(minutes)}m${rest === 0 ? "" : `${String(rest)}s`}`;
  }
  if (minutes < 180) return `${String(minutes)}m`;
  if (hours < 48) return `${String(hours)}h`;
  return `${String(days)}d`;
};

const name: Column = { name: "Name", value: ({ metadata }) => metadata.name };
const age: Column = {
  name: "Age",
  value: ({ metadata }, nowMs) => ageOf(Date.parse(metadata.creationTimestamp), nowMs),
};

const nodeStatus = (object: KubeObject): string => {
  const { spec, status } = object as NodeObject;
  const ready = conditionOf(status.conditions, "Ready")?.status === "True" ? "Ready" : "NotReady";
  return spec.unschedulable === true ? `${ready},SchedulingDisabled` : ready;
};

const nodeAddress = (object: KubeObject): string =>
  (object as NodeObject).status.addresses?.find(({ type }) => type === "InternalIP")?.address ??
  "<none>";

const podStatus = (object: KubeObject): string => {
  const pod = object as Pod;
  if (isTerminating(pod)) return "Terminating";
  return pod.status.reason ?? (pod.status.phase === "Succeeded" ? "Completed" : pod.status.phase);
};

const podReadiness = (object: KubeObject): string => {
  const pod = object as Pod;
  const count = pod.spec.containers.length;
  return `${String(isReady(pod) ? count : 0)}/${String(count)}`;
};

const replicas = (object: KubeObject): string => {
  const { spec, status } = object as Workload & { status?: { readyReplicas?: number } };
  return `${String(status?.readyReplicas ?? 0)}/${String(spec.replicas ?? 0)}`;
};

const statusNumber =
  (member: string) =>
  (object: KubeObject): number => {
    const value = (object.status as Readonly<Record<string, unknown>> | undefined)?.[member];
    return typeof value === "number" ? value : 0;
  };

const budget = (object: KubeObject): Pdb => object as Pdb;

const webhooks: readonly Column[] = [
  name,
  {
    name: "Webhooks",
    value: (object) => (object as WebhookConfiguration).webhooks?.length ?? 0,
  },
  age,
];

const replicated: readonly Column[] = [name, { name: "Ready", value: replicas }, age];

const columns: Readonly<Partial<Record<Plural, readonly Column[]>>> = {
  nodes: [
    name,
    { name: "Status", value: nodeStatus },
    { name: "Roles", value: () => "<none>" },
    age,
    {
      name: "Version",
      value: (object) => (object as NodeObject).status.nodeInfo?.kubeletVersion ?? "",
    },
    { name: "Internal-IP", isWide: true, value: nodeAddress },
  ],
  pods: [
    name,
    { name: "Ready", value: podReadiness },
    { name: "Status", value: podStatus },
    {
      name: "Restarts",
      value: (object) => (object as Pod).status.containerStatuses?.[0]?.restartCount ?? 0,
    },
    age,
    { name: "IP", isWide: true, value: (object) => (object as Pod).status.podIP ?? "<none>" },
    { name: "Node", isWide: true, value: (object) => (object as Pod).spec.nodeName ?? "<none>" },
  ],
  poddisruptionbudgets: [
    name,
    { name: "Min Available", value: (object) => budget(object).spec.minAvailable ?? "N/A" },
    { name: "Max Unavailable", value: (object) => budget(object).spec.maxUnavailable ?? "N/A" },
    { name: "Allowed Disruptions", value: statusNumber("disruptionsAllowed") },
    age,
  ],
  deployments: replicated,
  replicasets: replicated,
  statefulsets: replicated,
  daemonsets: [
    name,
    { name: "Desired", value: statusNumber("desiredNumberScheduled") },
    { name: "Ready", value: statusNumber("numberReady") },
    age,
  ],
  validatingwebhookconfigurations: webhooks,
  mutatingwebhookconfigurations: webhooks,
  jobs: [name, { name: "Succeeded", value: statusNumber("succeeded") }, age],
};

export const wantsTable = (accept: string | undefined): boolean =>
  accept?.includes("as=Table") === true;

/** @param listMetadata of the list; of one object nothing */
export const tableOf = (
  plural: Plural,
  objects: readonly KubeObject[],
  { nowMs, listMetadata = {} }: { readonly nowMs: number; readonly listMetadata?: object },
): object => {
  const own = columns[plural] ?? [name, age];
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: listMetadata,
    columnDefinitions: own.map((column) => ({
      name: column.name,
      type: "string",
      format: column.name === "Name" ? "name" : "",
      description: "",
      priority: column.isWide === true ? 1 : 0,
    })),
    rows: objects.map((object) => ({
      cells: own.map(({ value }) => value(object, nowMs)),
      object: {
        kind: "PartialObjectMetadata",
        apiVersion: "meta.k8s.io/v1",
        metadata: object.metadata,
      },
    })),
  };
};

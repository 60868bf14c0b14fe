/** Which resources the simulated API server keeps, and how discovery tells of them. */
import type {
  ConfigMap,
  CsiNode,
  KubeObject,
  Namespace,
  NodeObject,
  Pdb,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  Role,
  RoleBinding,
  Service,
  VolumeAttachment,
  WebhookConfiguration,
  Workload,
} from "./objects.ts";

/** By plural, which is unique here. */
export interface Objects {
  readonly namespaces: Namespace;
  readonly nodes: NodeObject;
  readonly pods: Pod;
  readonly persistentvolumes: PersistentVolume;
  readonly persistentvolumeclaims: PersistentVolumeClaim;
  readonly services: Service;
  readonly serviceaccounts: KubeObject;
  readonly configmaps: ConfigMap;
  readonly events: KubeObject;
  readonly deployments: Workload;
  readonly replicasets: Workload;
  readonly statefulsets: Workload;
  readonly daemonsets: Workload;
  readonly jobs: Workload;
  readonly poddisruptionbudgets: Pdb;
  readonly volumeattachments: VolumeAttachment;
  readonly csinodes: CsiNode;
  readonly clusterroles: Role;
  readonly clusterrolebindings: RoleBinding;
  readonly roles: Role;
  readonly rolebindings: RoleBinding;
  readonly leases: KubeObject;
  readonly priorityclasses: KubeObject;
  readonly resourceclaims: KubeObject;
  readonly validatingwebhookconfigurations: WebhookConfiguration;
  readonly mutatingwebhookconfigurations: WebhookConfiguration;
}

export type Plural = keyof Objects;

export interface Kind {
  /** Empty: the core group. */
  readonly group: string;
  readonly plural: Plural;
  readonly kind: string;
  readonly isNamespaced: boolean;
  /** Spec and status are written apart from each other. */
  readonly hasStatus: boolean;
  /** Its generation counts the changes of the spec. */
  readonly hasGeneration: boolean;
  readonly shortNames: readonly string[];
}

type Row = readonly [
  group: string,
  plural: Plural,
  kind: string,
  /** n: namespaced, s: with a status, g: with a generation. */
  traits: string,
  ...shortNames: string[],
];

const rows: readonly Row[] = [
  ["", "namespaces", "Namespace", "s", "ns"],
  ["", "nodes", "Node", "s", "no"],
  ["", "pods", "Pod", "nsg", "po"],
  ["", "persistentvolumes", "PersistentVolume", "s", "pv"],
  ["", "persistentvolumeclaims", "PersistentVolumeClaim", "ns", "pvc"],
  ["", "services", "Service", "ns", "svc"],
  ["", "serviceaccounts", "ServiceAccount", "n", "sa"],
  ["", "configmaps", "ConfigMap", "n", "cm"],
  ["", "events", "Event", "n", "ev"],
  ["apps", "deployments", "Deployment", "nsg", "deploy"],
  ["apps", "replicasets", "ReplicaSet", "nsg", "rs"],
  ["apps", "statefulsets", "StatefulSet", "nsg", "sts"],
  ["apps", "daemonsets", "DaemonSet", "nsg", "ds"],
  ["batch", "jobs", "Job", "nsg"],
  ["policy", "poddisruptionbudgets", "PodDisruptionBudget", "nsg", "pdb"],
  ["storage.k8s.io", "volumeattachments", "VolumeAttachment", "s"],
  ["storage.k8s.io", "csinodes", "CSINode", ""],
  ["rbac.authorization.k8s.io", "clusterroles", "ClusterRole", ""],
  ["rbac.authorization.k8s.io", "clusterrolebindings", "ClusterRoleBinding", ""],
  ["rbac.authorization.k8s.io", "roles", "Role", "n"],
  ["rbac.authorization.k8s.io", "rolebindings", "RoleBinding", "n"],
  ["coordination.k8s.io", "leases", "Lease", "n"],
  ["scheduling.k8s.io", "priorityclasses", "PriorityClass", "", "pc"],
  ["resource.k8s.io", "resourceclaims", "ResourceClaim", "ns"],
  [
    "admissionregistration.k8s.io",
    "validatingwebhookconfigurations",
    "ValidatingWebhookConfiguration",
    "",
  ],
  [
    "admissionregistration.k8s.io",
    "mutatingwebhookconfigurations",
    "MutatingWebhookConfiguration",
    "",
  ],
];

export const kinds: readonly Kind[] = rows.map(([group, plural, kind, traits, ...shortNames]) => ({
  group,
  plural,
  kind,
  isNamespaced: traits.includes("n"),
  hasStatus: traits.includes("s"),
  hasGeneration: traits.includes("g"),
  shortNames,
}));

const byPlural: ReadonlyMap<string, Kind> = new Map(kinds.map((kind) => [kind.plural, kind]));

export const findKind = (group: string, plural: string): Kind | undefined => {
  const kind = byPlural.get(plural);
  return kind?.group === group ? kind : undefined;
};

export const kindOf = (plural: Plural): Kind => {
  const kind = byPlural.get(plural);
  if (kind === undefined) throw new Error(`The simulated API server has no ${plural}.`);
  return kind;
};

/** `v1`, `apps/v1`: all that is kept here is of version v1. */
export const apiVersionOf = ({ group }: Pick<Kind, "group">): string =>
  group === "" ? "v1" : `${group}/v1`;

/** As messages name it: `pods`, `deployments.apps`. */
export const qualifiedName = ({
  group,
  plural,
}: {
  readonly group: string;
  readonly plural: string;
}): string => (group === "" ? plural : `${plural}.${group}`);

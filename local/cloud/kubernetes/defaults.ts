/** What the server fills in where a client left it out. Source: API reference, defaults of each kind. */
import type { Plural } from "./kinds.ts";
import type { KubeObject, Pod, PodSpec, Workload } from "./objects.ts";

/** Source: API reference, Pod: 30 s of grace, restart Always. */
const podSpec = (spec: PodSpec): PodSpec => ({
  ...spec,
  restartPolicy: spec.restartPolicy ?? "Always",
  terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? 30,
});

/** Every pod tolerates a node that is lost for five minutes. Source: "Taints and Tolerations", DefaultTolerationSeconds. */
const lostNode = ["not-ready", "unreachable"].map((name) => ({
  key: `node.kubernetes.io/${name}`,
  operator: "Exists",
  effect: "NoExecute",
  tolerationSeconds: 300,
}));

const pod = (object: KubeObject): Pod => {
  const { spec, metadata } = object as Pod;
  const tolerations = [
    ...(spec.tolerations ?? []),
    ...lostNode.filter(({ key }) => spec.tolerations?.some((each) => each.key === key) !== true),
  ];
  return {
    ...object,
    metadata,
    spec: { ...podSpec(spec), tolerations },
    status: { phase: "Pending" },
  };
};

const workload =
  (status: object, spec: object) =>
  (object: KubeObject): Workload => {
    const given = (object as Workload).spec;
    const template = { ...given.template, spec: podSpec(given.template.spec) };
    return { ...object, spec: { ...spec, ...given, template }, status };
  };

const rolling = {
  type: "RollingUpdate",
  rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" },
};

const byPlural: Readonly<Partial<Record<Plural, (object: KubeObject) => KubeObject>>> = {
  pods: pod,
  deployments: workload({}, { replicas: 1, strategy: rolling, progressDeadlineSeconds: 600 }),
  replicasets: workload({ replicas: 0 }, { replicas: 1 }),
  statefulsets: workload({ replicas: 0 }, { replicas: 1, podManagementPolicy: "OrderedReady" }),
  daemonsets: workload({}, {}),
  jobs: workload({}, { parallelism: 1, completions: 1, backoffLimit: 6 }),
  namespaces: (object) => ({
    ...object,
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  }),
  nodes: (object) => ({ ...object, spec: object.spec ?? {}, status: object.status ?? {} }),
  persistentvolumeclaims: (object) => ({ ...object, status: { phase: "Pending" } }),
};

export const withDefaults = (plural: Plural, object: KubeObject): KubeObject =>
  byPlural[plural]?.(object) ?? object;

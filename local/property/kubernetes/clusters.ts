/** Draws a cluster: its nodes and zones, what runs there, under which budgets, and how long its pods take to come and go. */
import { oneOf, type Random } from "../../cloud/random.ts";
import type { NodeLabOptions } from "../../lab/node-lab.ts";
import type { WorkloadDescription } from "../../platform/customer-workloads.ts";

export interface DrawnCluster {
  /** For whoever repeats the case. */
  readonly sentence: string;
  readonly options: NodeLabOptions;
}

type Budget = NonNullable<WorkloadDescription["budget"]>;
type Draw<Drawn> = (random: Random) => Drawn;

/** One in eight never allows a disruption. */
const drawBudget = (random: Random, replicas: number): Budget | undefined => {
  const drawn = random.next();
  if (drawn < 0.25) return undefined;
  if (drawn < 0.37) return oneOf(random, [{ minAvailable: replicas }, { maxUnavailable: 0 }]);
  return oneOf<Budget>(random, [
    { maxUnavailable: 1 },
    { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" },
    { maxUnavailable: "25%" },
    { minAvailable: Math.max(0, replicas - 1) },
    { minAvailable: "50%" },
  ]);
};

const withBudget = (random: Random, replicas: number): Pick<WorkloadDescription, "budget"> => {
  const budget = drawBudget(random, replicas);
  return budget === undefined ? {} : { budget };
};

/** One in twenty-five does not come up, or does not end. */
const drawTimes = (random: Random): Pick<WorkloadDescription, "readySeconds" | "endSeconds"> => {
  const drawn = random.next();
  if (drawn < 0.02) return { endSeconds: "stuck" };
  if (drawn < 0.04) return { readySeconds: "never" };
  return {
    readySeconds: oneOf(random, [1, 2, 10, 30]),
    endSeconds: oneOf(random, [1, 3, 20, "never" as const]),
  };
};

const drawAnnotations = (random: Random): Pick<WorkloadDescription, "annotations"> =>
  random.next() < 0.04
    ? { annotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" } }
    : {};

const deployment: Draw<WorkloadDescription> = (random) => {
  const replicas = random.integer(1, 6);
  return {
    kind: "Deployment",
    name: "",
    replicas,
    cpu: oneOf(random, ["50m", "100m", "200m"]),
    ...withBudget(random, replicas),
    ...drawTimes(random),
    ...drawAnnotations(random),
    ...(random.next() < 0.15 && { pod: { volumes: [{ name: "scratch", emptyDir: {} }] } }),
  };
};

const statefulSet: Draw<WorkloadDescription> = (random) => {
  const replicas = random.integer(1, 3);
  return {
    kind: "StatefulSet",
    name: "",
    replicas,
    cpu: "100m",
    hasVolume: random.next() < 0.7,
    ...withBudget(random, replicas),
    ...drawTimes(random),
  };
};

const job: Draw<WorkloadDescription> = (random) => ({
  kind: "Job",
  name: "",
  replicas: random.integer(1, 3),
  cpu: "50m",
  runSeconds: oneOf(random, [20, 400, 7200]),
});

const kinds: readonly Draw<WorkloadDescription>[] = [
  deployment,
  deployment,
  deployment,
  statefulSet,
  job,
];

/** Nobody makes it again: a refusal. */
const alone: WorkloadDescription = { kind: "Pod", name: "alone", cpu: "50m" };

const agent: WorkloadDescription = {
  kind: "DaemonSet",
  name: "agent",
  namespace: "kube-system",
  cpu: "50m",
  memory: "64Mi",
};

const drawWorkloads = (random: Random): readonly WorkloadDescription[] => {
  const drawn = Array.from({ length: random.integer(1, 4) }, (_, index) => ({
    ...oneOf(random, kinds)(random),
    name: `load-${String(index + 1)}`,
  }));
  return [agent, ...drawn, ...(random.next() < 0.03 ? [alone] : [])];
};

const tellWorkload = ({ kind, replicas, budget, readySeconds, endSeconds }: WorkloadDescription) =>
  [
    `${kind}${replicas === undefined ? "" : ` of ${String(replicas)}`}`,
    ...(budget === undefined ? [] : [JSON.stringify(budget)]),
    ...(readySeconds === undefined ? [] : [`ready ${String(readySeconds)}`]),
    ...(endSeconds === undefined ? [] : [`end ${String(endSeconds)}`]),
  ].join(" ");

export const drawCluster = (random: Random): DrawnCluster => {
  const size = random.integer(2, 4);
  const zones = random.integer(1, 2);
  const isManaged = random.next() < 0.35;
  const scope = random.next() < 0.25 ? ("ALL" as const) : ("ONE" as const);
  // Beside the old node there must be room for a new one; and one less must be allowed.
  const max = size + oneOf(random, [0, 1, 1, 1, 2, 2, 3, 3, 4, 4]);
  const min = oneOf(random, [0, 0, 0, 1, 1, 1, 1, 1, 1, size]);
  const workloads = drawWorkloads(random.fork("workloads"));
  const mayDeletePods = random.fork("deletions").next() < 0.1;
  return {
    sentence: [
      `${String(size)} nodes (${String(min)} to ${String(max)}) in ${String(zones)} zones`,
      isManaged ? "managed" : "self-managed",
      scope,
      ...(mayDeletePods ? ["pods may be deleted at the deadline"] : []),
      ...workloads.map(tellWorkload),
    ].join("; "),
    options: {
      nodes: { size, min, max, zones },
      isManaged,
      scope,
      workloads,
      mayDeletePods,
      seed: random.integer(1, 1_000_000),
      policy: {
        allow_job_restarts: true,
        ...(isManaged ? { spot_node_group: "spot" } : {}),
        ...(mayDeletePods
          ? { delete_pods_at_deadline: true, node_deadline_minutes: 5, no_progress_minutes: 60 }
          : {}),
      },
    },
  };
};

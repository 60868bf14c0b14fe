/**
 * Sums up by workload how many of its pods were evicted, made again and have settled. Pods of a Deployment belong together, whichever of its
 * ReplicaSets made them: a roll-out in the middle of a drain makes the next ones by another.
 */
import type { NodeName } from "../../../model/kubernetes/progress.ts";
import type { DrainedWorkload, DrainState } from "../../../model/kubernetes/drain.ts";
import type { PodFacts } from "../../../model/kubernetes/pod.ts";
import { isReady } from "../budgets.ts";
import { isOver } from "../pods/kind-of-pod.ts";

/** The name of a ReplicaSet is that of its Deployment, and the hash. */
const hashLabel = "pod-template-hash";

/** `namespace/Kind/name`. Undefined: nobody makes it again. */
export const workloadOf = ({ namespace, owner, labels }: PodFacts): string | undefined => {
  if (owner === undefined) return undefined;
  const suffix = `-${labels[hashLabel] ?? ""}`;
  const isOfDeployment =
    owner.kind === "ReplicaSet" && suffix.length > 1 && owner.name.endsWith(suffix);
  return isOfDeployment
    ? `${namespace}/Deployment/${owner.name.slice(0, -suffix.length)}`
    : `${namespace}/${owner.kind}/${owner.name}`;
};

const isTerminating = ({ deletionTimestamp }: PodFacts): boolean => deletionTimestamp !== undefined;

/** Neither over nor on its way out. */
const isLiving = (pod: PodFacts): boolean => !isTerminating(pod) && !isOver(pod);

export const secondsSince = (now: string, instant: string): number =>
  (Date.parse(now) - Date.parse(instant)) / 1000;

/** A new pod that is not Ready after this is one more that is not Ready: who set no budget does not have the others wait for it. */
const settlesWithinSeconds = 60;

export const isSettled = (pod: PodFacts, now: string): boolean =>
  isReady(pod) || secondsSince(now, pod.createdAt) >= settlesWithinSeconds;

/** Kubernetes tells instants in whole seconds. */
const startOfSecond = (instant: string): number => Math.floor(Date.parse(instant) / 1000) * 1000;

/** How one workload stands at a look. */
export interface WorkloadLook {
  readonly key: string;
  /** Of all nodes. */
  readonly living: readonly PodFacts[];
  /** Of these, what was made since the drain began: for pods that were evicted, as far as anybody can tell. */
  readonly made: readonly PodFacts[];
  /** On their way out from the node that is drained. */
  readonly leaving: readonly PodFacts[];
}

export const lookAtWorkloads = (
  pods: readonly PodFacts[],
  node: Pick<NodeName, "name">,
  { beganAt }: Pick<DrainState, "beganAt">,
): ReadonlyMap<string, WorkloadLook> => {
  const owned = pods.filter((pod) => workloadOf(pod) !== undefined);
  const groups = Map.groupBy(owned, (pod) => workloadOf(pod) ?? "");
  const began = startOfSecond(beganAt);
  return new Map(
    [...groups].map(([key, some]) => {
      const living = some.filter(isLiving);
      const made = living.filter(
        ({ createdAt, nodeName }) => Date.parse(createdAt) >= began && nodeName !== node.name,
      );
      const leaving = some.filter((pod) => pod.nodeName === node.name && isTerminating(pod));
      return [key, { key, living, made, leaving }];
    }),
  );
};

/** Pods of a Job that are done are not made again. */
const makesAnew = (key: string): boolean => key.split("/")[1] !== "Job";

/**
 * What was once made counts for ever: a workload that is scaled down later lacks nothing. One that makes its pods only after the old ones have ended
 * lacks none before.
 */
const reckonOne = (
  { missingSince, ...before }: DrainedWorkload,
  look: WorkloadLook | undefined,
  now: string,
): DrainedWorkload => {
  const made = look?.made ?? [];
  const atMost = (count: number): number => Math.min(before.evicted, count);
  const created = atMost(Math.max(before.created, made.length));
  const settledNow = made.filter((pod) => isSettled(pod, now)).length;
  const settled = atMost(Math.max(before.settled, settledNow));
  const missing = before.evicted - created - (look?.leaving.length ?? 0);
  return {
    ...before,
    created,
    settled,
    ...(missing > 0 && makesAnew(before.key) ? { missingSince: missingSince ?? now } : {}),
  };
};

export const reckonWorkloads = (
  { workloads }: Pick<DrainState, "workloads">,
  looks: ReadonlyMap<string, WorkloadLook>,
  now: string,
): readonly DrainedWorkload[] =>
  workloads.map((workload) => reckonOne(workload, looks.get(workload.key), now));

/** An eviction was accepted. */
export const countEviction = (
  workloads: readonly DrainedWorkload[],
  { workload: key, goesSingly }: { readonly workload?: string; readonly goesSingly?: true },
  now: string,
): readonly DrainedWorkload[] => {
  if (key === undefined) return workloads;
  const before = workloads.find((workload) => workload.key === key);
  const one = before ?? { key, evicted: 0, created: 0, settled: 0 };
  const after = { ...one, evicted: one.evicted + 1, evictedAt: now };
  return [
    ...workloads.filter((workload) => workload !== before),
    goesSingly === undefined ? after : { ...after, goesSingly },
  ];
};

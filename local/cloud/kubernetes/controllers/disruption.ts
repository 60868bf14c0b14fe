/**
 * The disruption controller: how many disruptions each budget allows now. Source: Kubernetes documentation, "Specifying a Disruption
 * Budget" (percentages round up, arbitrary workloads); KEP-85; replies as the controller of 1.35 writes them (spec: tried).
 */
import type { KubeContext } from "../context.ts";
import { apiVersionOf, kinds, qualifiedName, type Plural } from "../kinds.ts";
import {
  controllerOf,
  isReady,
  isTerminating,
  withCondition,
  type IntOrPercent,
  type OwnerReference,
  type Pdb,
  type Pod,
  type Workload,
} from "../objects.ts";
import { selects } from "../selectors.ts";
import { change } from "../writing.ts";

/** A granted eviction of which nothing is seen gives its place back. Source: the controller's deletion timeout, 2 minutes. */
const confirmationMs = 120_000;

const percentPattern = /^(\d+)%$/;

/** Percentages round up, whichever of the two they stand in. */
const scaled = (value: IntOrPercent, of: number): number => {
  if (typeof value === "number") return value;
  const [, percent] = percentPattern.exec(value) ?? [];
  return percent === undefined ? Number(value) : Math.ceil((Number(percent) * of) / 100);
};

const isPercent = (value: IntOrPercent | undefined): boolean => typeof value === "string";

/** What the controller counts its replicas by; a Job and a DaemonSet have no scale. */
const scalable: Readonly<Record<string, Plural>> = {
  ReplicaSet: "replicasets",
  Deployment: "deployments",
  StatefulSet: "statefulsets",
};

class SyncFailed extends Error {}

/** † Of a custom resource that is defined the real one says that it does not implement it; none is defined here. */
const whyNoScale = ({ kind, apiVersion }: OwnerReference): string => {
  const known = kinds.find((each) => each.kind === kind && apiVersionOf(each) === apiVersion);
  return known === undefined
    ? `no matches for kind "${kind}" in version "${apiVersion}"`
    : `${qualifiedName(known)} does not implement the scale subresource`;
};

/** Replicas of the pods' owners together. @throws SyncFailed for an owner that has no scale */
const expectedScale = (context: KubeContext, pods: readonly Pod[]): number => {
  const owners = new Map<string, number>();
  for (const pod of pods) {
    const owner = controllerOf(pod);
    // Counted for nothing.
    if (owner === undefined || owners.has(owner.uid)) continue;
    const plural = scalable[owner.kind];
    if (plural === undefined) throw new SyncFailed(whyNoScale(owner));
    owners.set(owner.uid, replicasOf(context, plural, { pod, name: owner.name }));
  }
  return [...owners.values()].reduce((sum, replicas) => sum + replicas, 0);
};

/** Of a ReplicaSet those of its Deployment. */
const replicasOf = (
  { store }: KubeContext,
  plural: Plural,
  { pod, name }: { readonly pod: Pod; readonly name: string },
): number => {
  const { namespace } = pod.metadata;
  const owner = store.get(plural, { namespace, name }) as Workload | undefined;
  if (owner === undefined) return 0;
  const above = controllerOf(owner);
  const deployment =
    above?.kind === "Deployment"
      ? store.get("deployments", { namespace, name: above.name })
      : undefined;
  return (deployment ?? owner).spec.replicas ?? 1;
};

interface Need {
  readonly expectedPods: number;
  readonly desiredHealthy: number;
}

const needOf = (context: KubeContext, { spec }: Pdb, pods: readonly Pod[]): Need => {
  const { minAvailable, maxUnavailable } = spec;
  if (maxUnavailable !== undefined) {
    const expectedPods = expectedScale(context, pods);
    return {
      expectedPods,
      desiredHealthy: Math.max(0, expectedPods - scaled(maxUnavailable, expectedPods)),
    };
  }
  if (minAvailable === undefined) return { expectedPods: 0, desiredHealthy: 0 };
  const expectedPods = isPercent(minAvailable) ? expectedScale(context, pods) : pods.length;
  return { expectedPods, desiredHealthy: scaled(minAvailable, expectedPods) };
};

/** Granted evictions that are not confirmed yet, with the time at which the next of them lapses. */
const stillDisrupted = (
  { time }: KubeContext,
  { status }: Pdb,
  pods: readonly Pod[],
): {
  readonly disruptedPods: Readonly<Record<string, string>>;
  readonly lapseInMs: number | undefined;
} => {
  const present = new Map(pods.map((pod) => [pod.metadata.name, pod]));
  const waiting = Object.entries(status?.disruptedPods ?? {}).filter(([name, grantedAt]) => {
    const pod = present.get(name);
    if (pod === undefined || isTerminating(pod)) return false;
    return Date.parse(grantedAt) + confirmationMs > time.now();
  });
  const lapses = waiting.map(([, at]) => Date.parse(at) + confirmationMs - time.now());
  return {
    disruptedPods: Object.fromEntries(waiting),
    lapseInMs: lapses.length === 0 ? undefined : Math.max(0, Math.min(...lapses)),
  };
};

const isHealthy = (pod: Pod, disrupted: Readonly<Record<string, string>>): boolean =>
  !isTerminating(pod) && disrupted[pod.metadata.name] === undefined && isReady(pod);

const allowedStatus = (
  context: KubeContext,
  budget: Pdb,
  seen: { readonly pods: readonly Pod[]; readonly disruptedPods: Readonly<Record<string, string>> },
): Pdb["status"] => {
  const { expectedPods, desiredHealthy } = needOf(context, budget, seen.pods);
  const currentHealthy = seen.pods.filter((pod) => isHealthy(pod, seen.disruptedPods)).length;
  const spare = currentHealthy - desiredHealthy;
  const disruptionsAllowed = expectedPods > 0 && spare > 0 ? spare : 0;
  const observedGeneration = budget.metadata.generation ?? 1;
  const condition = {
    type: "DisruptionAllowed",
    status: disruptionsAllowed > 0 ? "True" : "False",
    reason: disruptionsAllowed > 0 ? "SufficientPods" : "InsufficientPods",
    message: "",
    observedGeneration,
  } as const;
  return {
    disruptionsAllowed,
    currentHealthy,
    desiredHealthy,
    expectedPods,
    observedGeneration,
    ...(Object.keys(seen.disruptedPods).length > 0 && { disruptedPods: seen.disruptedPods }),
    conditions: withCondition(budget.status?.conditions, condition, context.time.now()),
  };
};

/** What can't be counted allows nothing. Its generation stays unobserved: evictions are told to come again in 10 s, for ever. */
const failedStatus = (
  context: KubeContext,
  { metadata, status }: Pdb,
  message: string,
): Pdb["status"] => ({
  currentHealthy: 0,
  desiredHealthy: 0,
  expectedPods: 0,
  ...status,
  disruptionsAllowed: 0,
  conditions: withCondition(
    status?.conditions,
    {
      type: "DisruptionAllowed",
      status: "False",
      reason: "SyncFailed",
      message,
      observedGeneration: metadata.generation ?? 1,
    },
    context.time.now(),
  ),
});

/** @returns in how many milliseconds it is to be looked at again, where time alone will change it */
export const syncBudget = (
  context: KubeContext,
  name: { readonly namespace: string; readonly name: string },
): number | undefined => {
  const budget = context.store.get("poddisruptionbudgets", name);
  if (budget === undefined) return undefined;
  const pods = context.store
    .list("pods", name.namespace)
    .filter(({ metadata }) => selects(budget.spec.selector, metadata.labels));
  const { disruptedPods, lapseInMs } = stillDisrupted(context, budget, pods);
  let status: Pdb["status"];
  try {
    status = allowedStatus(context, budget, { pods, disruptedPods });
  } catch (error) {
    if (!(error instanceof SyncFailed)) throw error;
    status = failedStatus(context, budget, error.message);
  }
  if (status !== undefined) change(context, "poddisruptionbudgets", { ...budget, status });
  return lapseInMs;
};

/**
 * The controllers that keep up what was asked for: replicas, one pod for each node, jobs until they are done. Source: Kubernetes
 * documentation, "Workload Management".
 */
import { isDeepStrictEqual } from "node:util";
import { addObject } from "../bootstrap.ts";
import { nameEnd, type KubeContext } from "../context.ts";
import { kindOf, type Plural } from "../kinds.ts";
import { controllerOf, isReady, type KubeObject, type Pod, type Workload } from "../objects.ts";
import { remove } from "../deleting.ts";
import { change } from "../writing.ts";
import { syncDaemonSet } from "./daemonsets.ts";
import { createPod, isActive, ownedBy, podsOwnedBy } from "./pods.ts";

export type WorkloadPlural = "deployments" | "replicasets" | "statefulsets" | "daemonsets" | "jobs";

export const workloadPlurals: readonly WorkloadPlural[] = [
  "deployments",
  "replicasets",
  "statefulsets",
  "daemonsets",
  "jobs",
];

/** True where something was refused, and is to be tried again. */
type Sync = (context: KubeContext, workload: Workload) => boolean;

/** Written only where it differs: each writing is a change that others see. */
const tellStatus = (
  context: KubeContext,
  plural: Plural,
  { workload, status }: { readonly workload: Workload; readonly status: object },
): void => {
  const now = context.store.get(plural, workload.metadata) as Workload | undefined;
  if (now === undefined || isDeepStrictEqual(now.status, status)) return;
  change(context, plural, { ...now, status });
};

const withdraw = (context: KubeContext, pods: readonly Pod[]): void => {
  for (const object of pods) remove(context, kindOf("pods"), { object });
};

/** Those that are not placed, then those that are not ready, then the youngest. Source: "ReplicaSet", scaling down. */
const firstToGo = (pods: readonly Pod[]): readonly Pod[] => {
  const rank = (pod: Pod): number => (pod.spec.nodeName === undefined ? 0 : isReady(pod) ? 2 : 1);
  return [...pods].sort(
    (one, other) =>
      rank(one) - rank(other) ||
      (one.metadata.creationTimestamp > other.metadata.creationTimestamp ? -1 : 1),
  );
};

const replicaCounts = (workload: Workload, pods: readonly Pod[]): object => ({
  replicas: pods.length,
  readyReplicas: pods.filter(isReady).length,
  availableReplicas: pods.filter(isReady).length,
  observedGeneration: workload.metadata.generation ?? 1,
});

const syncReplicaSet: Sync = (context, workload) => {
  const active = podsOwnedBy(context, workload).filter(isActive);
  const missing = (workload.spec.replicas ?? 1) - active.length;
  let isRefused = false;
  for (let count = 0; count < missing; count += 1) {
    const name = `${workload.metadata.name}-${nameEnd(context)}`;
    if (!createPod(context, workload, { name })) isRefused = true;
  }
  if (missing < 0) withdraw(context, firstToGo(active).slice(0, -missing));
  const now = podsOwnedBy(context, workload).filter(isActive);
  tellStatus(context, "replicasets", { workload, status: replicaCounts(workload, now) });
  return isRefused;
};

/** One ReplicaSet: a change of the template replaces it at once. † Rolling updates are not simulated. */
const syncDeployment: Sync = (context, workload) => {
  const { namespace, name } = workload.metadata;
  const own = context.store
    .list("replicasets", namespace)
    .find((each) => controllerOf(each)?.uid === workload.metadata.uid);
  const { selector, template, replicas = 1 } = workload.spec;
  const spec = { replicas, template, ...(selector !== undefined && { selector }) };
  if (own === undefined) {
    addObject(context, "replicasets", {
      metadata: {
        name: `${name}-${context.random.hex(9)}`,
        ...(namespace !== undefined && { namespace }),
        ...(template.metadata?.labels !== undefined && { labels: template.metadata.labels }),
        ownerReferences: ownedBy(workload),
      },
      spec,
    });
    return false;
  }
  change(context, "replicasets", { ...own, spec: { ...own.spec, ...spec } });
  const pods = podsOwnedBy(context, own).filter(isActive);
  tellStatus(context, "deployments", { workload, status: replicaCounts(workload, pods) });
  return false;
};

const claimFor = (context: KubeContext, workload: Workload, podName: string): void => {
  const { namespace } = workload.metadata;
  for (const { metadata, spec } of workload.spec.volumeClaimTemplates ?? []) {
    const name = `${metadata.name}-${podName}`;
    if (context.store.get("persistentvolumeclaims", { namespace, name }) !== undefined) continue;
    addObject(context, "persistentvolumeclaims", {
      metadata: { name, ...(namespace !== undefined && { namespace }) },
      spec: { ...spec },
    });
  }
};

/** A pod of a set has its number in its name, and its own claims. */
const createNumbered = (context: KubeContext, workload: Workload, name: string): boolean => {
  claimFor(context, workload, name);
  const { template, volumeClaimTemplates = [] } = workload.spec;
  const claimed = volumeClaimTemplates.map(({ metadata }) => ({
    name: metadata.name,
    persistentVolumeClaim: { claimName: `${metadata.name}-${name}` },
  }));
  const volumes = [...(template.spec.volumes ?? []), ...claimed];
  return createPod(context, workload, { name, spec: { ...template.spec, volumes } });
};

/** The same name again only once the earlier pod is gone: at most one of each number. */
const syncStatefulSet: Sync = (context, workload) => {
  const { namespace, name } = workload.metadata;
  const { replicas = 1, podManagementPolicy } = workload.spec;
  const inOrder = podManagementPolicy !== "Parallel";
  let isRefused = false;
  for (let number = 0; number < replicas; number += 1) {
    const podName = `${name}-${String(number)}`;
    const pod = context.store.get("pods", { namespace, name: podName });
    if (pod === undefined && !createNumbered(context, workload, podName)) isRefused = true;
    if (inOrder && (pod === undefined || !isReady(pod))) break;
  }
  const owned = podsOwnedBy(context, workload);
  const numberOf = (pod: Pod): number => Number(/\d+$/.exec(pod.metadata.name)?.[0]);
  withdraw(
    context,
    owned.filter((pod) => isActive(pod) && numberOf(pod) >= replicas),
  );
  const status = replicaCounts(workload, owned.filter(isActive));
  tellStatus(context, "statefulsets", { workload, status });
  return isRefused;
};

const syncJob: Sync = (context, workload) => {
  const { parallelism = 1, completions = 1, backoffLimit = 6 } = workload.spec;
  const pods = podsOwnedBy(context, workload);
  const active = pods.filter(isActive);
  const succeeded = pods.filter(({ status }) => status.phase === "Succeeded").length;
  const failed = pods.filter(({ status }) => status.phase === "Failed").length;
  const wanted = Math.min(parallelism, completions - succeeded) - active.length;
  let isRefused = false;
  for (let count = 0; count < wanted && failed <= backoffLimit; count += 1) {
    const name = `${workload.metadata.name}-${nameEnd(context)}`;
    if (!createPod(context, workload, { name })) isRefused = true;
  }
  tellStatus(context, "jobs", { workload, status: { active: active.length, succeeded, failed } });
  return isRefused;
};

const syncs: Readonly<Record<WorkloadPlural, Sync>> = {
  deployments: syncDeployment,
  replicasets: syncReplicaSet,
  statefulsets: syncStatefulSet,
  daemonsets: syncDaemonSet,
  jobs: syncJob,
};

export const syncWorkload = (
  context: KubeContext,
  plural: WorkloadPlural,
  name: { readonly namespace: string; readonly name: string },
): boolean => {
  const workload = context.store.get(plural, name);
  return workload === undefined ? false : syncs[plural](context, workload);
};

/** What an owner leaves goes after it. Source: Kubernetes documentation, "Garbage Collection". */
export const collectDependents = (context: KubeContext, owner: KubeObject): void => {
  for (const plural of ["replicasets", "pods"] as const) {
    for (const object of context.store.list(plural, owner.metadata.namespace)) {
      const isOwned = controllerOf(object)?.uid === owner.metadata.uid;
      if (isOwned) remove(context, kindOf(plural), { object });
    }
  }
};

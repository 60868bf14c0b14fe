/** Pods of a cluster. */
import type { V1Pod, V1PodSpec } from "@kubernetes/client-node/dist/gen/index.js";
import {
  readPodAnnotations,
  type OwnerFacts,
  type PodFacts,
} from "../../core/model/kubernetes/pod.ts";
import { withoutUndefined } from "../aws/without-undefined.ts";
import type { KubernetesClient } from "./client.ts";
import { readList } from "./lists.ts";
import { annotationsIn, conditionsOf, controllerIn, identityOf, timeOf, told } from "./objects.ts";
import { placementOf } from "./pod-placement.ts";

const ownerOf = ({ metadata }: V1Pod): OwnerFacts | undefined => {
  const owner = controllerIn(metadata);
  if (owner === undefined) return undefined;
  const { apiVersion, kind, name, uid } = owner;
  return { apiVersion, kind, name, uid };
};

const hasStarted = ({ state }: { readonly state?: { running?: object; terminated?: object } }) =>
  state?.running !== undefined || state?.terminated !== undefined;

/** An init container has started, and none of the others has. */
const isInitializing = ({ status }: V1Pod): boolean =>
  (status?.initContainerStatuses ?? []).some(hasStarted) &&
  !(status?.containerStatuses ?? []).some(hasStarted);

const volumesOf = (podName: string, { volumes = [] }: V1PodSpec): PodFacts["volumes"] => ({
  claims: volumes.flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim !== undefined) return [persistentVolumeClaim.claimName];
    // Source: Kubernetes documentation, "Generic ephemeral volumes", "PersistentVolumeClaim naming".
    return ephemeral === undefined ? [] : [`${podName}-${name}`];
  }),
  hasEmptyDir: volumes.some(({ emptyDir }) => emptyDir !== undefined),
  hostPaths: volumes.flatMap(({ hostPath }) => hostPath?.path ?? []),
});

/** As Istio and Linkerd name the proxy that they put into a pod. */
const proxies: readonly string[] = ["istio-proxy", "linkerd-proxy"];

/** An init container that is always restarted runs as long as the pod. Source: Kubernetes documentation, "Sidecar Containers". */
const sidecarsOf = ({ containers, initContainers = [] }: V1PodSpec): readonly string[] =>
  [
    ...initContainers.filter(({ restartPolicy }) => restartPolicy === "Always"),
    ...containers.filter(({ name }) => proxies.includes(name)),
  ].map(({ name }) => name);

/** Absent where it is as with most pods: a cluster has thousands. */
const unusualOf = (spec: V1PodSpec) => {
  const { priority = 0, preemptionPolicy } = spec;
  const sidecars = sidecarsOf(spec);
  return {
    ...(priority === 0 ? {} : { priority }),
    ...(preemptionPolicy === "Never" ? { preempts: false as const } : {}),
    ...(sidecars.length === 0 ? {} : { sidecars }),
  };
};

/** What the Kubernetes API fills in where nothing is said: 30 s. */
const defaultGraceSeconds = 30;

const wishesOf = (name: string, spec: V1PodSpec) => ({
  nodeName: spec.nodeName,
  terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? defaultGraceSeconds,
  priorityClassName: spec.priorityClassName,
  restartPolicy: spec.restartPolicy ?? "Always",
  resourceClaims: (spec.resourceClaims ?? []).map((claim) => ({
    name: claim.name,
    isFromTemplate: claim.resourceClaimTemplateName !== undefined,
  })),
  isOfGang: spec.schedulingGroup !== undefined,
  volumes: volumesOf(name, spec),
});

const timesOf = ({ metadata, status }: V1Pod) => ({
  startTime: timeOf(status?.startTime),
  deletionTimestamp: timeOf(metadata?.deletionTimestamp),
});

/** @throws BrokenFacts where the answer lacks what it always holds */
const podFacts = (pod: V1Pod): PodFacts => {
  const { metadata, status } = pod;
  const identity = identityOf(metadata, "a pod");
  const { name } = identity;
  const spec = told(pod.spec, `what pod ${name} is made of`);
  return withoutUndefined({
    ...identity,
    namespace: told(metadata?.namespace, `the namespace of pod ${name}`),
    resourceVersion: told(metadata?.resourceVersion, `the version of pod ${name}`),
    labels: metadata?.labels ?? {},
    annotations: annotationsIn(metadata, readPodAnnotations),
    owner: ownerOf(pod),
    finalizers: metadata?.finalizers ?? [],
    phase: status?.phase ?? "Unknown",
    conditions: conditionsOf(status?.conditions),
    ...timesOf(pod),
    ...wishesOf(name, spec),
    ...unusualOf(spec),
    isInitializing: isInitializing(pod),
    placement: placementOf(pod, spec),
  });
};

/** Succeeded and Failed ones hold nothing, and no budget counts them. */
const notOver = "status.phase!=Succeeded,status.phase!=Failed";

/** Of all nodes and of none, without those that are over. */
export const listPods = async (client: KubernetesClient): Promise<readonly PodFacts[]> => {
  const pods = await readList(client, { action: "ListPods" }, (page) =>
    client.core.listPodForAllNamespaces({ ...page, fieldSelector: notOver }),
  );
  return pods.map(podFacts);
};

/** Of one node, without those that are over. */
export const listPodsOn = async (
  client: KubernetesClient,
  nodeName: string,
): Promise<readonly PodFacts[]> => {
  const about = { action: "ListPods", resource: `node ${nodeName}` };
  const fieldSelector = `spec.nodeName=${nodeName},${notOver}`;
  const pods = await readList(client, about, (page) =>
    client.core.listPodForAllNamespaces({ ...page, fieldSelector }),
  );
  return pods.map(podFacts);
};

/** Of one namespace, on all nodes and on none, without those that are over. */
export const listPodsIn = async (
  client: KubernetesClient,
  namespace: string,
): Promise<readonly PodFacts[]> => {
  const about = { action: "ListPods", resource: `namespace ${namespace}` };
  const pods = await readList(client, about, (page) =>
    client.core.listNamespacedPod({ ...page, namespace, fieldSelector: notOver }),
  );
  return pods.map(podFacts);
};

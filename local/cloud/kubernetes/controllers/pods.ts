/** How controllers make pods: from a template, through admission, as a client would. */
import { addObject } from "../bootstrap.ts";
import type { KubeContext } from "../context.ts";
import {
  controllerOf,
  isOver,
  isTerminating,
  type ObjectMeta,
  type Pod,
  type PodSpec,
  type Workload,
} from "../objects.ts";
import { checkNamespace } from "../writing.ts";
import { kindOf } from "../kinds.ts";
import { KubeRefusal } from "../refusals.ts";

export const podsOwnedBy = (
  { store }: KubeContext,
  { metadata }: { readonly metadata: Pick<ObjectMeta, "namespace" | "uid"> },
): readonly Pod[] =>
  store.list("pods", metadata.namespace).filter((pod) => controllerOf(pod)?.uid === metadata.uid);

/** Replicas are counted by these. */
export const isActive = (pod: Pod): boolean => !isOver(pod) && !isTerminating(pod);

export const ownedBy = (owner: Workload): NonNullable<ObjectMeta["ownerReferences"]> => [
  {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
  },
];

/** False where admission or the namespace refuses it: the controller tries again later. */
export const createPod = (
  context: KubeContext,
  owner: Workload,
  pod: { readonly name: string; readonly spec?: PodSpec },
): boolean => {
  const { template } = owner.spec;
  const { namespace = "" } = owner.metadata;
  const given = {
    metadata: {
      ...template.metadata,
      name: pod.name,
      namespace,
      ownerReferences: ownedBy(owner),
    },
    spec: pod.spec ?? template.spec,
  };
  try {
    checkNamespace(context, { kind: kindOf("pods"), namespace, name: pod.name });
    const username = `system:serviceaccount:kube-system:${owner.kind.toLowerCase()}-controller`;
    const object = {
      ...given,
      apiVersion: "v1",
      kind: "Pod",
      metadata: { ...given.metadata, uid: "", resourceVersion: "", creationTimestamp: "" },
    };
    for (const admit of context.admissions) {
      admit({
        operation: "CREATE",
        resource: "pods",
        subresource: "",
        namespace,
        name: pod.name,
        object,
        isDryRun: false,
        user: { username, groups: [] },
      });
    }
  } catch (error) {
    if (error instanceof KubeRefusal) return false;
    throw error;
  }
  addObject(context, "pods", given);
  return true;
};

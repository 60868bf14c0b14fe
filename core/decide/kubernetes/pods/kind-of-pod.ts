/** What a pod is, as far as draining goes: some are not moved at all. */
import type { PodFacts } from "../../../model/kubernetes/pod.ts";
import type { DaemonSetFacts } from "../../../model/kubernetes/workload.ts";

/** `namespace/name` */
export const nameOfPod = ({ namespace, name }: Pick<PodFacts, "namespace" | "name">): string =>
  `${namespace}/${name}`;

/** The kubelet itself runs it; an eviction would be accepted and change nothing. */
export const isMirror = ({ annotations, owner }: PodFacts): boolean =>
  "kubernetes.io/config.mirror" in annotations || owner?.kind === "Node";

export const isOver = ({ phase }: Pick<PodFacts, "phase">): boolean =>
  phase === "Succeeded" || phase === "Failed";

const isOwnedByDaemonSet = ({ owner }: PodFacts): boolean =>
  owner?.kind === "DaemonSet" && owner.apiVersion === "apps/v1";

/** Only where the DaemonSet exists. */
export const isOfDaemonSet = (pod: PodFacts, daemonSets: readonly DaemonSetFacts[]): boolean =>
  isOwnedByDaemonSet(pod) && daemonSets.some(({ uid }) => uid === pod.owner?.uid);

/** Nobody makes it again. */
export const isUnmanaged = (pod: PodFacts, daemonSets: readonly DaemonSetFacts[]): boolean =>
  pod.owner === undefined || (isOwnedByDaemonSet(pod) && !isOfDaemonSet(pod, daemonSets));

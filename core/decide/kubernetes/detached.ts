/** Which volumes of a drained node are waited for: until they are detached, the pods that have left with them can't start elsewhere. */
import type { ClusterView } from "../../model/kubernetes/cluster.ts";
import type { VolumeAttachmentFacts } from "../../model/kubernetes/node.ts";
import type { PodFacts } from "../../model/kubernetes/pod.ts";

export interface DetachInput {
  readonly nodeName: string;
  /** Of that node. */
  readonly attachments: readonly VolumeAttachmentFacts[];
  readonly view: Pick<ClusterView, "pods" | "volumes">;
}

const usesClaim = (pods: readonly PodFacts[], namespace: string, name: string): boolean =>
  pods.some((pod) => pod.namespace === namespace && pod.volumes.claims.includes(name));

/**
 * Not those of pods that stay on the node (a DaemonSet's), nor those that no pod elsewhere has a claim on: a claim that was released, or is bound
 * to another volume since. What is attached for nobody holds up nobody. Source: kubernetes-sigs/karpenter #1294, cluster-api #6285.
 */
export const awaitedAttachments = ({
  nodeName,
  attachments,
  view,
}: DetachInput): readonly VolumeAttachmentFacts[] => {
  const here = view.pods.filter((pod) => pod.nodeName === nodeName);
  const elsewhere = view.pods.filter((pod) => pod.nodeName !== nodeName);
  return attachments.filter(({ persistentVolumeName }) => {
    const claim = view.volumes.find(({ name }) => name === persistentVolumeName)?.claim;
    return (
      claim !== undefined &&
      !usesClaim(here, claim.namespace, claim.name) &&
      usesClaim(elsewhere, claim.namespace, claim.name)
    );
  });
};

/** Which volumes a pod needs, and where these let it run. Source: Kubernetes documentation, "Persistent Volumes", "Node-specific Volume Limits". */
import { addObject } from "../bootstrap.ts";
import type { KubeContext } from "../context.ts";
import type { NodeObject, PersistentVolume, PersistentVolumeClaim, Pod } from "../objects.ts";
import { change } from "../writing.ts";
import { podsAt, type View } from "./view.ts";

export const ebsDriver = "ebs.csi.aws.com";
export const zoneLabel = "topology.kubernetes.io/zone";

const claimsOf = (
  { store }: KubeContext,
  { metadata, spec }: Pod,
): readonly (PersistentVolumeClaim | undefined)[] =>
  (spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) =>
    persistentVolumeClaim === undefined
      ? []
      : [
          store.get("persistentvolumeclaims", {
            namespace: metadata.namespace,
            name: persistentVolumeClaim.claimName,
          }),
        ],
  );

/** Those that are bound. */
export const volumesOf = (context: KubeContext, pod: Pod): readonly PersistentVolume[] =>
  claimsOf(context, pod).flatMap((claim) => {
    const name = claim?.spec.volumeName;
    return (
      (name === undefined ? undefined : context.store.get("persistentvolumes", { name })) ?? []
    );
  });

/** How many volumes of the EBS driver the node's pods have, and how many it takes. */
export const attachableAt = (
  view: View,
  node: NodeObject,
): { readonly used: number; readonly limit: number } => {
  const { context } = view;
  const csiNode = context.store.get("csinodes", { name: node.metadata.name });
  const driver = csiNode?.spec.drivers.find(({ name }) => name === ebsDriver);
  const used = new Set(
    podsAt(view, node).flatMap((pod) =>
      volumesOf(context, pod).map(({ metadata }) => metadata.name),
    ),
  ).size;
  return { used, limit: driver?.allocatable?.count ?? Infinity };
};

/** The provisioner makes a volume in the zone of the node that its first pod goes to (`WaitForFirstConsumer`). */
export const provision = (context: KubeContext, pod: Pod, node: NodeObject): void => {
  const zone = node.metadata.labels?.[zoneLabel] ?? "";
  for (const claim of claimsOf(context, pod)) {
    if (claim === undefined || claim.spec.volumeName !== undefined) continue;
    const { namespace = "", name, uid } = claim.metadata;
    const volumeName = `pvc-${uid}`;
    addObject(context, "persistentvolumes", {
      metadata: { name: volumeName },
      spec: {
        claimRef: { namespace, name },
        csi: { driver: ebsDriver, volumeHandle: `vol-${context.random.hex(17)}` },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: zoneLabel, operator: "In", values: [zone] }] },
            ],
          },
        },
      },
      status: { phase: "Bound" },
    });
    change(context, "persistentvolumeclaims", {
      ...claim,
      spec: { ...claim.spec, volumeName },
      status: { phase: "Bound" },
    });
  }
};

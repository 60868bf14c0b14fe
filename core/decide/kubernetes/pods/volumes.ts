/** What a pod's volumes say of where it may go. */
import type { ClusterView } from "../../../model/kubernetes/cluster.ts";
import type { PersistentVolumeFacts } from "../../../model/kubernetes/node.ts";
import type { PodFacts } from "../../../model/kubernetes/pod.ts";
import type { Policy } from "../../../policy/policy.ts";

/** Those that are bound to its claims. */
export const volumesOf = (
  { namespace, volumes: { claims } }: Pick<PodFacts, "namespace" | "volumes">,
  { volumes }: Pick<ClusterView, "volumes">,
): readonly PersistentVolumeFacts[] =>
  volumes.filter(({ claim }) => claim?.namespace === namespace && claims.includes(claim.name));

export const hostnameKey = "kubernetes.io/hostname";

/** The same by the labels of CSI drivers that keep data on nodes. */
const nodeKeys: readonly string[] = [
  hostnameKey,
  "topology.topolvm.io/node",
  "openebs.io/nodename",
];

const isBoundToNode = ({ nodeSelectorTerms }: PersistentVolumeFacts): boolean =>
  nodeSelectorTerms.length > 0 &&
  nodeSelectorTerms.every(({ matchExpressions = [] }) =>
    matchExpressions.some(({ key, operator }) => nodeKeys.includes(key) && operator === "In"),
  );

/** Source: the drivers' own documents. What they provide is on the node, and stays there. */
const localDrivers: readonly string[] = [
  "topolvm.io",
  "topolvm.cybozu.com",
  "local.csi.openebs.io",
  "zfs.csi.openebs.io",
];

/** Its data are on the node: elsewhere the pod would wait for ever, and they end with the instance. */
export const isOnItsNode = (
  volume: PersistentVolumeFacts,
  { localVolumeDrivers }: Pick<Policy, "localVolumeDrivers">,
): boolean =>
  volume.isOnNode ||
  isBoundToNode(volume) ||
  (volume.driver !== undefined && [...localDrivers, ...localVolumeDrivers].includes(volume.driver));

/** What a pod, or the template of pods, asks of the node that it is placed on. */
import type {
  V1Affinity,
  V1Pod,
  V1PodAffinityTerm,
  V1PodSpec,
  V1Toleration,
  V1TopologySpreadConstraint,
} from "@kubernetes/client-node/dist/gen/index.js";
import type {
  PodAffinityTermFacts,
  PodPlacement,
  TopologySpreadFacts,
} from "../../core/model/kubernetes/pod.ts";
import { withoutUndefined } from "../aws/without-undefined.ts";
import { selectorOf, termOf } from "./objects.ts";
import { podRequests } from "./pod-requests.ts";

const affinityTerm = (shown: V1PodAffinityTerm): PodAffinityTermFacts =>
  withoutUndefined({
    labelSelector: selectorOf(shown.labelSelector),
    topologyKey: shown.topologyKey,
    namespaces: shown.namespaces,
  });

const affinitiesOf = (affinity: V1Affinity | undefined) => ({
  podAffinity:
    affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.map(affinityTerm),
});

const spreadOf = (shown: V1TopologySpreadConstraint): TopologySpreadFacts =>
  withoutUndefined({
    maxSkew: shown.maxSkew,
    topologyKey: shown.topologyKey,
    whenUnsatisfiable: shown.whenUnsatisfiable,
    labelSelector: selectorOf(shown.labelSelector),
    nodeTaintsPolicy: shown.nodeTaintsPolicy,
    nodeAffinityPolicy: shown.nodeAffinityPolicy,
    minDomains: shown.minDomains,
  });

const tolerationOf = ({ key, operator, value, effect }: V1Toleration) =>
  withoutUndefined({ key, operator, value, effect });

/** On the node's own network each port that a container names is the node's. */
const hostPortsOf = ({ containers, initContainers = [], hostNetwork }: V1PodSpec): number[] =>
  [...containers, ...initContainers]
    .flatMap(({ ports = [] }) => ports)
    .flatMap(({ hostPort, containerPort }) =>
      hostNetwork === true ? (hostPort ?? containerPort) : (hostPort ?? []),
    );

type OnNode = Pick<PodPlacement, "nodeSelector" | "nodeSelectorTerms" | "tolerations">;

/** Which nodes it may be placed on. */
export const onNodeOf = (spec: V1PodSpec): OnNode => {
  const required =
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return withoutUndefined({
    nodeSelector: spec.nodeSelector,
    nodeSelectorTerms: required?.map(termOf),
    tolerations: (spec.tolerations ?? []).map(tolerationOf),
  });
};

/** @param spec that of the pod, which is known to be there */
export const placementOf = (pod: V1Pod, spec: V1PodSpec): PodPlacement =>
  withoutUndefined({
    ...onNodeOf(spec),
    ...affinitiesOf(spec.affinity),
    topologySpread: (spec.topologySpreadConstraints ?? []).map(spreadOf),
    hostPorts: hostPortsOf(spec),
    requests: podRequests(pod),
  });

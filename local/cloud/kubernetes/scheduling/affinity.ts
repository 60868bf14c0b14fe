/** Node selectors and affinities. Source: Kubernetes documentation, "Assigning Pods to Nodes". */
import type { NodeObject, NodeSelector, Pod, PodAffinityTerm } from "../objects.ts";
import { allHold, selects } from "../selectors.ts";
import { podsAt, type View } from "./view.ts";

/** One of the terms holds; an empty term holds for nothing. */
export const holdsFor = ({ nodeSelectorTerms }: NodeSelector, { metadata }: NodeObject): boolean =>
  nodeSelectorTerms.some(({ matchExpressions = [], matchFields = [] }) => {
    if (matchExpressions.length + matchFields.length === 0) return false;
    const byLabel = allHold(matchExpressions, metadata.labels);
    return byLabel && allHold(matchFields, { "metadata.name": metadata.name });
  });

export const isSelectedNode = ({ spec }: Pod, node: NodeObject): boolean => {
  const labels = node.metadata.labels ?? {};
  const selected = Object.entries(spec.nodeSelector ?? {}).every(
    ([key, value]) => labels[key] === value,
  );
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return selected && (required === undefined || holdsFor(required, node));
};

const isRepelledBy = (term: PodAffinityTerm, pod: Pod, other: Pod): boolean => {
  const namespaces = term.namespaces ?? [pod.metadata.namespace ?? ""];
  return (
    namespaces.includes(other.metadata.namespace ?? "") &&
    selects(term.labelSelector, other.metadata.labels)
  );
};

const termsOf = ({ spec }: Pod): readonly PodAffinityTerm[] =>
  spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];

/** Nobody in the node's domain repels the pod, and it repels nobody there. */
export const isRepelled = (view: View, pod: Pod, node: NodeObject): boolean => {
  const repels = (one: Pod, other: Pod, place: NodeObject): boolean =>
    termsOf(one).some(({ topologyKey, ...term }) => {
      const domain = node.metadata.labels?.[topologyKey];
      return (
        domain !== undefined &&
        place.metadata.labels?.[topologyKey] === domain &&
        isRepelledBy({ ...term, topologyKey }, one, other)
      );
    });
  return view.nodes.some((place) =>
    podsAt(view, place).some((other) => repels(pod, other, place) || repels(other, pod, place)),
  );
};

/** May a pod stand on a node, by its labels and taints? Source: Kubernetes, kube-scheduler's filters. Preferences hold nobody back. */
import type { NodeFacts } from "../../model/kubernetes/node.ts";
import type { Labels, NodeSelectorTerm, Taint, Toleration } from "../../model/kubernetes/object.ts";
import type { PodPlacement } from "../../model/kubernetes/pod.ts";
import type { DaemonSetFacts } from "../../model/kubernetes/workload.ts";
import { meetsNodeRequirement } from "./pods/selector.ts";

type Where = Pick<NodeFacts, "name" | "labels" | "taints">;

/** Why not: follows `wants ` in a sentence. */
export interface Misfit {
  /** The key of a label that decides it, where one does. */
  readonly key?: string;
  readonly because: string;
}

const meetsTerm = ({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: Where) =>
  // An empty term matches nothing.
  matchExpressions.length + matchFields.length > 0 &&
  matchExpressions.every((requirement) => meetsNodeRequirement(requirement, node.labels)) &&
  matchFields.every((requirement) =>
    meetsNodeRequirement(requirement, { "metadata.name": node.name }),
  );

const spellTerm = ({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm): string =>
  [...matchExpressions, ...matchFields]
    .map(({ key, operator, values = [] }) =>
      [key, operator, values.join(" or ")].filter((part) => part !== "").join(" "),
    )
    .join(" and ");

const againstSelector = (selector: Labels | undefined, { labels }: Where): Misfit | undefined => {
  const wanted = Object.entries(selector ?? {}).find(([key, value]) => labels[key] !== value);
  if (wanted === undefined) return undefined;
  const [key, value] = wanted;
  return { key, because: `label ${key}=${value} of its node` };
};

const keysOf = (terms: readonly NodeSelectorTerm[], node: Where): readonly string[] =>
  terms.flatMap(({ matchExpressions = [], matchFields = [] }) => [
    ...matchExpressions
      .filter((requirement) => !meetsNodeRequirement(requirement, node.labels))
      .map(({ key }) => key),
    ...matchFields.map(({ key }) => key),
  ]);

/** One of the terms is enough; no terms at all ask for nothing. */
export const againstTerms = (
  terms: readonly NodeSelectorTerm[] | undefined,
  node: Where,
): Misfit | undefined => {
  if (terms === undefined || terms.some((term) => meetsTerm(term, node))) return undefined;
  const [key] = keysOf(terms, node);
  return {
    ...(key === undefined ? {} : { key }),
    because: `a node with ${terms.map(spellTerm).join(", or with ")}`,
  };
};

const hardEffects: readonly string[] = ["NoSchedule", "NoExecute"];

const tolerates = ({ key, operator, value, effect }: Toleration, taint: Taint): boolean => {
  if (effect !== undefined && effect !== "" && effect !== taint.effect) return false;
  if (key === undefined || key === "") return operator === "Exists";
  if (key !== taint.key) return false;
  return operator === "Exists" || (value ?? "") === (taint.value ?? "");
};

const againstTaints = (
  tolerations: readonly Toleration[],
  { taints }: Where,
): Misfit | undefined => {
  const found = taints.find(
    (taint) =>
      hardEffects.includes(taint.effect) && !tolerations.some((one) => tolerates(one, taint)),
  );
  return found === undefined
    ? undefined
    : { key: found.key, because: `a node without taint ${found.key}:${found.effect}` };
};

/** What a cordon is to the scheduler. Source: kube-scheduler, plug-in NodeUnschedulable. */
const cordonTaint: Taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };

/** One without a key tolerates every taint, this one too. */
export const toleratesCordon = ({ tolerations }: Pick<PodPlacement, "tolerations">): boolean =>
  tolerations.some((toleration) => tolerates(toleration, cordonTaint));

type Wishes = Pick<PodPlacement, "nodeSelector" | "nodeSelectorTerms" | "tolerations">;

export const whyNotOn = (
  { nodeSelector, nodeSelectorTerms, tolerations }: Wishes,
  node: Where,
): Misfit | undefined =>
  againstSelector(nodeSelector, node) ??
  againstTerms(nodeSelectorTerms, node) ??
  againstTaints(tolerations, node);

/** The DaemonSet controller gives these to its pods. Source: Kubernetes, "DaemonSet", taints and tolerations. */
const daemonTolerations: readonly Toleration[] = [
  "not-ready",
  "unreachable",
  "disk-pressure",
  "memory-pressure",
  "pid-pressure",
  "unschedulable",
  "network-unavailable",
].map((name) => ({ key: `node.kubernetes.io/${name}`, operator: "Exists" }));

/** One of its pods is expected there. */
export const daemonSetFits = (
  { placement }: Pick<DaemonSetFacts, "placement">,
  node: Where,
): boolean =>
  whyNotOn(
    { ...placement, tolerations: [...placement.tolerations, ...daemonTolerations] },
    node,
  ) === undefined;

/** Taints and tolerations. Source: Kubernetes documentation, "Taints and Tolerations". */
import type { NodeObject, Pod, Taint, Toleration } from "../objects.ts";

export const unschedulableTaint = "node.kubernetes.io/unschedulable";
export const notReadyTaint = "node.kubernetes.io/not-ready";

const tolerates = ({ key, operator, value, effect }: Toleration, taint: Taint): boolean => {
  if (effect !== undefined && effect !== "" && effect !== taint.effect) return false;
  if (key === undefined || key === "") return operator === "Exists";
  if (key !== taint.key) return false;
  return operator === "Exists" || (value ?? "") === (taint.value ?? "");
};

const isTolerated = ({ spec }: Pod, taint: Taint): boolean =>
  (spec.tolerations ?? []).some((toleration) => tolerates(toleration, taint));

/** A cordoned node keeps pods away by its flag, before the taint is there too. */
const taintsOf = ({ spec }: NodeObject): readonly Taint[] => [
  ...(spec.taints ?? []),
  ...(spec.unschedulable === true ? [{ key: unschedulableTaint, effect: "NoSchedule" }] : []),
];

/** The taint that keeps the pod away. */
export const repelling = (pod: Pod, node: NodeObject): Taint | undefined =>
  taintsOf(node).find((taint) => taint.effect !== "PreferNoSchedule" && !isTolerated(pod, taint));

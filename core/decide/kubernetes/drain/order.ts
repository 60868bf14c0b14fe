/**
 * In which order pods leave a node: what others need to be made again goes late. A webhook that is asked about new pods and is gone refuses them all, and an
 * operator that moves together with what it manages can't look after it.
 */
import type { WebhookServiceFacts } from "../../../model/kubernetes/cluster.ts";
import type { PodFacts } from "../../../model/kubernetes/pod.ts";
import { workloadOf, type WorkloadLook } from "./workloads.ts";

/** The next one begins when nothing of the one before is left on the node. */
export const stages = ["OTHERS", "SERVANTS", "CRITICAL"] as const;
export type Stage = (typeof stages)[number];

const criticalClasses: ReadonlySet<string> = new Set([
  "system-cluster-critical",
  "system-node-critical",
]);

/** As the frameworks of operators label what they make. Sources: Kubebuilder's scaffold; Kubernetes, "Recommended Labels". */
const operatorLabel = "control-plane";
const componentLabel = "app.kubernetes.io/component";
const operatorComponents: ReadonlySet<string> = new Set([
  "controller",
  "controller-manager",
  "operator",
  "webhook",
]);

const isOperator = ({ labels }: PodFacts): boolean =>
  operatorLabel in labels || operatorComponents.has(labels[componentLabel] ?? "");

const serves = (
  { namespace, labels }: PodFacts,
  { namespace: of, selector }: WebhookServiceFacts,
): boolean => {
  const asked = Object.entries(selector);
  return (
    namespace === of && asked.length > 0 && asked.every(([key, value]) => labels[key] === value)
  );
};

export const isCritical = ({ priorityClassName }: Pick<PodFacts, "priorityClassName">): boolean =>
  criticalClasses.has(priorityClassName ?? "");

export interface OrderFacts {
  readonly webhookServices: readonly WebhookServiceFacts[];
  readonly looks: ReadonlyMap<string, WorkloadLook>;
}

export const stageOf = (pod: PodFacts, { webhookServices, looks }: OrderFacts): Stage => {
  if (isCritical(pod)) return "CRITICAL";
  if (webhookServices.some((service) => serves(pod, service))) return "SERVANTS";
  const isAlone = (looks.get(workloadOf(pod) ?? "")?.living.length ?? 0) <= 1;
  return isAlone && isOperator(pod) ? "SERVANTS" : "OTHERS";
};

/** One of these at a time, and the next one only once the one before is Ready elsewhere. */
export const goesSingly = (stage: Stage): boolean => stage !== "OTHERS";

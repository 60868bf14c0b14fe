/**
 * The node lifecycle controller: taints by state, and what happens to pods of a node that is not ready or is gone. Source: Kubernetes
 * documentation, "Nodes", "Taints and Tolerations" (taint based evictions), "Pod Lifecycle" (garbage collection of pods).
 */
import type { KubeContext } from "../context.ts";
import { remove } from "../deleting.ts";
import { kindOf } from "../kinds.ts";
import {
  conditionOf,
  isReady,
  isTerminating,
  secondsOf,
  withCondition,
  type NodeObject,
  type Pod,
  type Taint,
} from "../objects.ts";
import { notReadyTaint, unschedulableTaint } from "../scheduling/taints.ts";
import { change } from "../writing.ts";

export const isNodeReady = ({ status }: NodeObject): boolean =>
  conditionOf(status.conditions, "Ready")?.status === "True";

interface Wanted {
  readonly key: string;
  readonly effect: string;
  readonly isWanted: boolean;
}

const withTaints = (context: KubeContext, node: NodeObject): NodeObject => {
  const isLost = !isNodeReady(node);
  const wanted: readonly Wanted[] = [
    { key: unschedulableTaint, effect: "NoSchedule", isWanted: node.spec.unschedulable === true },
    { key: notReadyTaint, effect: "NoSchedule", isWanted: isLost },
    { key: notReadyTaint, effect: "NoExecute", isWanted: isLost },
  ];
  const before = node.spec.taints ?? [];
  const isSame = (one: Taint, { key, effect }: Wanted): boolean =>
    one.key === key && one.effect === effect;
  const kept = before.filter(
    (taint) => wanted.find((each) => isSame(taint, each))?.isWanted !== false,
  );
  const added = wanted
    .filter((each) => each.isWanted && !before.some((taint) => isSame(taint, each)))
    .map(({ key, effect }) => ({ key, effect, timeAdded: secondsOf(context.time.now()) }));
  if (kept.length === before.length && added.length === 0) return node;
  const { taints: _, ...spec } = node.spec;
  const taints = [...kept, ...added];
  return { ...node, spec: { ...spec, ...(taints.length > 0 && { taints }) } };
};

const podsOf = ({ store }: KubeContext, nodeName: string): readonly Pod[] =>
  store.list("pods").filter(({ spec }) => spec.nodeName === nodeName);

export const markPods = (
  context: KubeContext,
  pods: readonly Pod[],
  status: "True" | "False",
): void => {
  for (const pod of pods) {
    const conditions = withCondition(
      pod.status.conditions,
      { type: "Ready", status },
      context.time.now(),
    );
    change(context, "pods", { ...pod, status: { ...pod.status, conditions } });
  }
};

/** Pods that don't bear it for ever leave a lost node after five minutes. Source: DefaultTolerationSeconds. */
const toleratedMs = 300_000;

const bearsIt = ({ spec }: Pod): boolean =>
  (spec.tolerations ?? []).some(
    (toleration) =>
      toleration.operator === "Exists" &&
      (toleration.key === undefined || toleration.key === notReadyTaint) &&
      !("tolerationSeconds" in toleration),
  );

/** @returns in how many milliseconds it is to be looked at again */
export const syncNode = (context: KubeContext, name: string): number | undefined => {
  const node = context.store.get("nodes", { name });
  if (node === undefined) return undefined;
  change(context, "nodes", withTaints(context, node));
  if (isNodeReady(node)) return undefined;
  const pods = podsOf(context, name);
  markPods(context, pods.filter(isReady), "False");
  const since = Date.parse(conditionOf(node.status.conditions, "Ready")?.lastTransitionTime ?? "");
  const leftMs = since + toleratedMs - context.time.now();
  if (Number.isNaN(leftMs)) return undefined;
  if (leftMs > 0) return leftMs;
  for (const object of podsOf(context, name)) {
    if (!bearsIt(object) && !isTerminating(object)) remove(context, kindOf("pods"), { object });
  }
  return undefined;
};

/** Pods of a node that has gone are taken away. */
export const collectPods = (context: KubeContext, nodeName: string): void => {
  if (context.store.get("nodes", { name: nodeName }) !== undefined) return;
  for (const { metadata } of podsOf(context, nodeName)) context.store.remove("pods", metadata);
};

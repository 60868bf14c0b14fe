/** Lets the controllers see each change, and act after a while. */
import type { ControllerName, KubeContext } from "../context.ts";
import type { Change } from "../store.ts";
import { createQueue, type WorkQueue } from "../time.ts";
import { finishNamespace } from "../deleting.ts";
import { syncBudget } from "./disruption.ts";

const splitKey = (key: string): { readonly namespace: string; readonly name: string } => {
  const [namespace = "", name = ""] = key.split("/");
  return { namespace, name };
};

const disruptionQueue = (context: KubeContext): WorkQueue => {
  const queue: WorkQueue = createQueue(context.time, context.settings.disruptionMs, (key) => {
    const lapseInMs = syncBudget(context, splitKey(key));
    if (lapseInMs !== undefined) queue.add(key, lapseInMs);
  });
  return queue;
};

/** Replicas of these are what budgets are counted against. */
const counted: ReadonlySet<string> = new Set([
  "pods",
  "poddisruptionbudgets",
  "replicasets",
  "deployments",
  "statefulsets",
]);

const wakeBudgets = (
  { store }: KubeContext,
  queue: WorkQueue,
  { plural, object }: Change,
): void => {
  if (!counted.has(plural)) return;
  const { namespace = "" } = object.metadata;
  for (const { metadata } of store.list("poddisruptionbudgets", namespace)) {
    queue.add(`${namespace}/${metadata.name}`);
  }
};

export const runControllers = (
  context: KubeContext,
): Readonly<Record<ControllerName, Pick<WorkQueue, "stop" | "start">>> => {
  const disruption = disruptionQueue(context);
  context.store.onChange((change) => {
    wakeBudgets(context, disruption, change);
    if (change.type === "DELETED") finishNamespace(context, change.object.metadata.namespace ?? "");
  });
  return { disruption };
};

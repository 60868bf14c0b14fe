/** Lets controllers, scheduler and kubelets see each change, and act after a while. */
import type { ControllerName, KubeContext } from "../context.ts";
import { finishNamespace } from "../deleting.ts";
import { Kubelets } from "../kubelets/kubelet.ts";
import { Machines } from "../kubelets/machines.ts";
import { controllerOf, type Pod, type VolumeAttachment } from "../objects.ts";
import { schedulePending } from "../scheduling/scheduler.ts";
import { volumesOf } from "../scheduling/volumes.ts";
import type { Change } from "../store.ts";
import { createQueue, type WorkQueue } from "../time.ts";
import { syncVolume } from "./attachments.ts";
import { syncBudget } from "./disruption.ts";
import { collectPods, syncNode } from "./nodes.ts";
import {
  collectDependents,
  syncWorkload,
  workloadPlurals,
  type WorkloadPlural,
} from "./workloads.ts";

export interface Running {
  readonly queues: Readonly<Record<ControllerName, Pick<WorkQueue, "stop" | "start">>>;
  readonly kubelets: Kubelets;
  readonly machines: Machines;
}

const pathOf = (
  key: string,
): { readonly plural: string; readonly namespace: string; readonly name: string } => {
  const [plural = "", namespace = "", name = ""] = key.split("/");
  return { plural, namespace, name };
};

const isWorkload = (plural: string): plural is WorkloadPlural =>
  (workloadPlurals as readonly string[]).includes(plural);

/** A creation that is refused is tried again. † Controllers begin within seconds and slow down to minutes. */
const refusedMs = 5000;

/** Pods of a node that is gone are looked for that often. Source: kube-controller-manager, pod garbage collector: 20 s. */
const collectionMs = 20_000;

const queuesOf = (context: KubeContext) => {
  const { time, settings } = context;
  const workloads: WorkQueue = createQueue(time, settings.controllerMs, (key) => {
    const { plural, ...name } = pathOf(key);
    const isRefused = isWorkload(plural) && syncWorkload(context, plural, name);
    if (isRefused) workloads.add(key, refusedMs);
  });
  const disruption: WorkQueue = createQueue(time, settings.disruptionMs, (key) => {
    const lapseInMs = syncBudget(context, pathOf(key));
    if (lapseInMs !== undefined) disruption.add(key, lapseInMs);
  });
  const scheduler = createQueue(time, settings.schedulerMs, () => {
    schedulePending(context);
  });
  const nodes: WorkQueue = createQueue(time, settings.controllerMs, (name) => {
    const againMs = syncNode(context, name);
    if (againMs !== undefined) nodes.add(name, againMs);
  });
  const volumes = createQueue(time, settings.controllerMs, (name) => {
    syncVolume(context, name);
  });
  return { workloads, disruption, scheduler, nodes, volumes };
};

type Queues = ReturnType<typeof queuesOf>;

/** Replicas of these are what budgets are counted against. */
const counted: ReadonlySet<string> = new Set([
  "pods",
  "poddisruptionbudgets",
  "replicasets",
  "deployments",
  "statefulsets",
]);

const wakeBudgets = ({ store }: KubeContext, { disruption }: Queues, change: Change): void => {
  if (!counted.has(change.plural)) return;
  const { namespace = "" } = change.object.metadata;
  for (const { metadata } of store.list("poddisruptionbudgets", namespace)) {
    disruption.add(`poddisruptionbudgets/${namespace}/${metadata.name}`);
  }
};

/** A kind in the plural that a controller knows: `ReplicaSet` is `replicasets`. */
const pluralOf = (kind: string): string => `${kind.toLowerCase()}s`;

const wakeWorkloads = ({ store }: KubeContext, { workloads }: Queues, change: Change): void => {
  const { plural, object } = change;
  const { namespace = "", name } = object.metadata;
  const owner = controllerOf(object);
  if (owner !== undefined) workloads.add(`${pluralOf(owner.kind)}/${namespace}/${owner.name}`);
  if (isWorkload(plural)) workloads.add(`${plural}/${namespace}/${name}`);
  if (plural !== "nodes") return;
  for (const { metadata } of store.list("daemonsets")) {
    workloads.add(`daemonsets/${metadata.namespace ?? ""}/${metadata.name}`);
  }
};

const wakeVolumes = (context: KubeContext, { volumes }: Queues, change: Change): void => {
  if (change.plural === "pods") {
    for (const { metadata } of volumesOf(context, change.object as Pod)) volumes.add(metadata.name);
  }
  if (change.plural === "volumeattachments") {
    const { source } = (change.object as VolumeAttachment).spec;
    if (source.persistentVolumeName !== undefined) volumes.add(source.persistentVolumeName);
  }
};

/** What may make room, or need it. */
const placing: ReadonlySet<string> = new Set(["pods", "nodes", "persistentvolumes", "csinodes"]);

const wakeNodes = (
  context: KubeContext,
  { nodes }: Queues,
  { plural, type, object }: Change,
): void => {
  if (plural !== "nodes") return;
  const { name } = object.metadata;
  if (type !== "DELETED") nodes.add(name);
  else {
    context.time.after(collectionMs, () => {
      collectPods(context, name);
    });
  }
};

export const runControllers = (context: KubeContext): Running => {
  const queues = queuesOf(context);
  const kubelets = new Kubelets(context);
  const machines = new Machines(context, kubelets);
  context.store.onChange((change) => {
    wakeBudgets(context, queues, change);
    wakeWorkloads(context, queues, change);
    wakeVolumes(context, queues, change);
    wakeNodes(context, queues, change);
    if (placing.has(change.plural)) queues.scheduler.add("all");
    kubelets.see(change);
    if (change.type !== "DELETED") return;
    finishNamespace(context, change.object.metadata.namespace ?? "");
    if (isWorkload(change.plural)) collectDependents(context, change.object);
  });
  const { workloads, disruption, scheduler } = queues;
  return { queues: { workloads, disruption, scheduler }, kubelets, machines };
};

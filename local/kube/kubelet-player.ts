/**
 * Plays what a control plane alone does not have: the kubelets, which start and end pods in their time, and the part of the node lifecycle
 * that taints a cordoned node. It speaks to the API server as they do. Source: Kubernetes documentation, "Pod Lifecycle", "Nodes".
 */
import {
  annotatedMs,
  endAnnotation,
  readyAnnotation,
} from "../cloud/kubernetes/kubelets/kubelet.ts";
import { isTerminating, type NodeObject, type Pod } from "../cloud/kubernetes/objects.ts";
import { unschedulableTaint } from "../cloud/kubernetes/scheduling/taints.ts";
import type { Api, Asked } from "./api.ts";
import { watchCollection, type Seen } from "./watching.ts";

export interface Pace {
  /** From placement to Ready, unless the pod's annotation says otherwise. */
  readonly readyMs: number;
  /** From deletion to its end, unless the pod's annotation says otherwise. */
  readonly endMs: number;
}

const pathOf = ({ metadata }: Pod): string =>
  `/api/v1/namespaces/${metadata.namespace ?? ""}/pods/${metadata.name}`;

const strategic = "application/strategic-merge-patch+json";
const merge = "application/merge-patch+json";

/** Gone, or changed: another change will be seen. */
const isOvertaken = (status: number): boolean => status === 404 || status === 409;

/** Of the annotation that says when a pod is Ready: it is not even started. */
export const neverStarted = "not-started";

const isNeverStarted = ({ metadata }: Pod): boolean =>
  metadata.annotations?.[readyAnnotation] === neverStarted;

const runningStatus = (isReady: boolean, at: Date): object => {
  const status = isReady ? "True" : "False";
  const lastTransitionTime = `${at.toISOString().slice(0, 19)}Z`;
  const conditions = ["Initialized", "ContainersReady", "Ready"].map((type) => ({
    type,
    status: type === "Initialized" ? "True" : status,
    lastTransitionTime,
  }));
  return { phase: "Running", startTime: lastTransitionTime, conditions };
};

/** The list of taints as it is to be; undefined where it is so already. */
const taintsFor = ({ spec }: NodeObject): object[] | undefined => {
  const { taints = [], unschedulable = false } = spec;
  const others = taints.filter(({ key }) => key !== unschedulableTaint);
  const isTainted = others.length < taints.length;
  if (isTainted === unschedulable) return undefined;
  return unschedulable ? [...others, { key: unschedulableTaint, effect: "NoSchedule" }] : others;
};

export class KubeletPlayer {
  readonly #api: Api;
  #pace: Pace;
  readonly #failures: unknown[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  /** By UID: what has begun for each pod. */
  readonly #begun = new Set<string>();
  readonly #ending = new AbortController();
  readonly #watching: readonly Promise<void>[];

  /** Plays until it is stopped. */
  constructor(api: Api, pace: Pace) {
    this.#api = api;
    this.#pace = pace;
    const { signal } = this.#ending;
    const watches = [
      watchCollection(api, "/api/v1/pods", {
        see: (seen) => {
          this.#seePod(seen);
        },
        signal,
      }),
      watchCollection(api, "/api/v1/nodes", {
        see: (seen) => {
          this.#seeNode(seen);
        },
        signal,
      }),
    ];
    this.#watching = watches.map((each) => each.catch(this.#fail));
  }

  /** For what is seen from now on. */
  setPace(pace: Pace): void {
    this.#pace = pace;
  }

  /** @throws what it could not do */
  async stop(): Promise<void> {
    this.#ending.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all(this.#watching);
    if (this.#failures.length === 0) return;
    throw new AggregateError(this.#failures, "The kubelets could not do all.");
  }

  readonly #fail = (error: unknown): void => {
    if (!this.#ending.signal.aborted) this.#failures.push(error);
  };

  async #send(path: string, asked: Asked): Promise<void> {
    const { status, text } = await this.#api.ask(path, asked);
    if (status >= 400 && !isOvertaken(status)) {
      throw new Error(`${asked.method ?? "GET"} ${path}: ${text}`);
    }
  }

  #later(afterMs: number, path: string, asked: () => Asked): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#send(path, asked()).catch(this.#fail);
    }, afterMs);
    this.#timers.add(timer);
  }

  #isFirst({ metadata }: Pod, stage: "START" | "END"): boolean {
    const key = `${metadata.uid} ${stage}`;
    if (this.#begun.has(key)) return false;
    this.#begun.add(key);
    return true;
  }

  #seePod({ type, object }: Seen): void {
    const pod = object as Pod;
    if (type === "DELETED" || pod.spec.nodeName === undefined) return;
    if (isTerminating(pod)) {
      if (this.#isFirst(pod, "END")) this.#end(pod);
    } else if (pod.status.phase === "Pending" && this.#isFirst(pod, "START")) this.#start(pod);
  }

  #start(pod: Pod): void {
    if (isNeverStarted(pod)) return;
    const afterMs = annotatedMs(pod, readyAnnotation) ?? this.#pace.readyMs;
    const isReady = afterMs !== Infinity;
    this.#later(isReady ? afterMs : 0, `${pathOf(pod)}/status`, () => ({
      method: "PATCH",
      contentType: strategic,
      body: { status: runningStatus(isReady, new Date()) },
    }));
  }

  #end(pod: Pod): void {
    const { annotations, deletionGracePeriodSeconds = 0, uid } = pod.metadata;
    if (annotations?.[endAnnotation] === "stuck") return;
    const endMs = annotatedMs(pod, endAnnotation) ?? this.#pace.endMs;
    const body = { gracePeriodSeconds: 0, preconditions: { uid } };
    const afterMs = Math.min(endMs, deletionGracePeriodSeconds * 1000);
    this.#later(afterMs, pathOf(pod), () => ({ method: "DELETE", body }));
  }

  #seeNode({ type, object }: Seen): void {
    const node = object as NodeObject;
    const taints = type === "DELETED" ? undefined : taintsFor(node);
    if (taints === undefined) return;
    const { name, resourceVersion } = node.metadata;
    const body = { metadata: { resourceVersion }, spec: { taints } };
    this.#send(`/api/v1/nodes/${name}`, { method: "PATCH", contentType: merge, body }).catch(
      this.#fail,
    );
  }
}

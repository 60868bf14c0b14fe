/**
 * The kubelets: each starts the pods of its node once their volumes are there, and ends them within their grace. How long that takes is
 * the settings', or a pod's own by annotation. Source: Kubernetes documentation, "Pod Lifecycle".
 */
import { hasItsVolumes } from "../controllers/attachments.ts";
import type { KubeContext } from "../context.ts";
import { isOver, isTerminating, secondsOf, withCondition, type Pod } from "../objects.ts";
import type { Change } from "../store.ts";
import { change } from "../writing.ts";

/** Seconds until Ready, or `never`. */
export const readyAnnotation = "simulation.local/ready-seconds";
/** Seconds until its containers have ended, `never` for one that is killed at the end of its grace, or `stuck`. */
export const endAnnotation = "simulation.local/end-seconds";
/** Seconds after which a pod that is Ready has done its work. */
const runAnnotation = "simulation.local/run-seconds";

/** Milliseconds; Infinity for what is not a number. */
export const annotatedMs = ({ metadata }: Pod, name: string): number | undefined => {
  const text = metadata.annotations?.[name];
  if (text === undefined) return undefined;
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Infinity;
};

type Stage = "STARTING" | "ENDING";

const withReady = (context: KubeContext, pod: Pod, status: "True" | "False"): Pod => {
  const atMs = context.time.now();
  const conditions = ["ContainersReady", "Ready"].reduce<Pod["status"]["conditions"]>(
    (before, type) => withCondition(before, { type, status }, atMs),
    pod.status.conditions,
  );
  return {
    ...pod,
    status: {
      ...pod.status,
      ...(conditions !== undefined && { conditions }),
      containerStatuses: pod.spec.containers.map(({ name }) => ({
        name,
        ready: status === "True",
        restartCount: 0,
      })),
    },
  };
};

export class Kubelets {
  readonly #context: KubeContext;
  readonly #alive = new Set<string>();
  readonly #stages = new Map<string, Stage>();

  constructor(context: KubeContext) {
    this.#context = context;
  }

  start(nodeName: string): void {
    this.#alive.add(nodeName);
    this.lookAt(nodeName);
  }

  /** What it had begun is begun anew when it comes back. */
  stop(nodeName: string): void {
    this.#alive.delete(nodeName);
    for (const { metadata } of this.#podsOf(nodeName)) this.#stages.delete(metadata.uid);
  }

  isAlive(nodeName: string): boolean {
    return this.#alive.has(nodeName);
  }

  see({ type, plural, object }: Change): void {
    if (plural === "volumeattachments") {
      this.lookAt((object as { spec?: { nodeName?: string } }).spec?.nodeName ?? "");
    }
    if (plural !== "pods") return;
    if (type === "DELETED") this.#stages.delete(object.metadata.uid);
    else this.#look(object as Pod);
  }

  lookAt(nodeName: string): void {
    if (!this.#alive.has(nodeName)) return;
    for (const pod of this.#podsOf(nodeName)) this.#look(pod);
  }

  #podsOf(nodeName: string): readonly Pod[] {
    return this.#context.store.list("pods").filter(({ spec }) => spec.nodeName === nodeName);
  }

  #look(pod: Pod): void {
    if (!this.#alive.has(pod.spec.nodeName ?? "")) return;
    if (isTerminating(pod)) this.#end(pod);
    else if (pod.status.phase === "Pending") this.#begin(pod);
  }

  #begin(pod: Pod): void {
    if (this.#stages.has(pod.metadata.uid) || !hasItsVolumes(this.#context, pod)) return;
    const afterMs = annotatedMs(pod, readyAnnotation) ?? this.#context.settings.podReadyMs;
    this.#stages.set(pod.metadata.uid, "STARTING");
    if (afterMs !== Infinity) {
      this.#later(pod, "STARTING", afterMs, (now) => {
        this.#run(now);
      });
    } else change(this.#context, "pods", this.#running(pod, "False"));
  }

  #running(pod: Pod, ready: "True" | "False"): Pod {
    const shown = withReady(this.#context, pod, ready);
    return {
      ...shown,
      status: {
        ...shown.status,
        phase: "Running",
        startTime: pod.status.startTime ?? secondsOf(this.#context.time.now()),
        podIP: `10.${this.#context.random.integer(0, 255).toString()}.${this.#context.random.integer(0, 255).toString()}.${this.#context.random.integer(1, 254).toString()}`,
      },
    };
  }

  #run(pod: Pod): void {
    change(this.#context, "pods", this.#running(pod, "True"));
    const runMs = annotatedMs(pod, runAnnotation);
    if (runMs === undefined || runMs === Infinity) return;
    this.#later(pod, "STARTING", runMs, (now) => {
      const done = withReady(this.#context, now, "False");
      change(this.#context, "pods", { ...done, status: { ...done.status, phase: "Succeeded" } });
    });
  }

  /** At the end of its grace its containers are killed. A second deletion that shortens it comes too late. † */
  #end(pod: Pod): void {
    const { uid, annotations, deletionTimestamp = "" } = pod.metadata;
    if (this.#stages.get(uid) === "ENDING" || annotations?.[endAnnotation] === "stuck") return;
    this.#stages.set(uid, "ENDING");
    const endMs = annotatedMs(pod, endAnnotation) ?? this.#context.settings.podEndMs;
    const leftMs = Math.max(0, Date.parse(deletionTimestamp) - this.#context.time.now());
    this.#later(pod, "ENDING", isOver(pod) ? 0 : Math.min(endMs, leftMs), (now) => {
      const ended = withReady(this.#context, now, "False");
      change(this.#context, "pods", {
        ...ended,
        metadata: { ...ended.metadata, deletionGracePeriodSeconds: 0 },
      });
    });
  }

  /** Unless the pod has gone, its kubelet has died, or another stage has begun by then. */
  #later(
    { metadata, spec }: Pod,
    ...[stage, afterMs, act]: [stage: Stage, afterMs: number, act: (now: Pod) => void]
  ): void {
    this.#context.time.after(afterMs, () => {
      const now = this.#context.store.get("pods", metadata);
      const isSame = now?.metadata.uid === metadata.uid && now.spec.nodeName === spec.nodeName;
      if (!isSame || this.#stages.get(metadata.uid) !== stage) return;
      if (this.#alive.has(spec.nodeName ?? "")) act(now);
    });
  }
}

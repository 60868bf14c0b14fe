/** Which pod took over from which: from one node to another, and how long its load waited for it. */
import {
  controllerOf,
  isOver,
  isReady,
  isTerminating,
  type Pod,
} from "../cloud/kubernetes/objects.ts";
import type { Change } from "../cloud/kubernetes/store.ts";
import { nameOfPod } from "./cluster-mirror.ts";

/** One that went, and the one that its owner made for it. */
export interface PodMove {
  /** `Deployment web`, `StatefulSet db`: of a ReplicaSet its own kind and name. */
  readonly owner: string;
  /** `namespace/name` of both; a StatefulSet gives the same name again. */
  readonly pod: string;
  readonly successor?: string;
  /** Names of nodes. */
  readonly from: string;
  readonly to?: string;
  /** When it began to go. */
  readonly atMs: number;
  readonly placedMs?: number;
  readonly readyMs?: number;
}

interface Moving {
  readonly ownerUid: string;
  readonly departed: Pick<PodMove, "owner" | "pod" | "from" | "atMs">;
  successorUid?: string;
  arrived: Pick<PodMove, "successor" | "to" | "placedMs" | "readyMs">;
}

/** An agent goes with its node and comes with it. */
const ownerOf = (pod: Pod): { readonly uid: string; readonly name: string } | undefined => {
  const owner = controllerOf(pod);
  return owner === undefined || owner.kind === "DaemonSet"
    ? undefined
    : { uid: owner.uid, name: `${owner.kind} ${owner.name}` };
};

export class PodMoves {
  readonly #moving: Moving[] = [];

  see({ type, plural, object, before }: Change, atMs: number): void {
    if (plural !== "pods") return;
    const pod = object as Pod;
    const was = before as Pod | undefined;
    const isGoing = type === "DELETED" || isTerminating(pod);
    const wasGoing = was !== undefined && isTerminating(was);
    if (isGoing && !wasGoing) this.#depart(pod, atMs);
    if (!isGoing) this.#arrive(pod, atMs);
  }

  list(): readonly PodMove[] {
    return this.#moving.map(({ departed, arrived }) => ({ ...departed, ...arrived }));
  }

  #depart(pod: Pod, atMs: number): void {
    const owner = ownerOf(pod);
    const { nodeName: from } = pod.spec;
    if (owner === undefined || from === undefined || isOver(pod)) return;
    const departed = { owner: owner.name, pod: nameOfPod(pod), from, atMs };
    this.#moving.push({ ownerUid: owner.uid, departed, arrived: {} });
  }

  #arrive(pod: Pod, atMs: number): void {
    const owner = ownerOf(pod);
    const { nodeName: to } = pod.spec;
    if (owner === undefined || to === undefined) return;
    const { uid } = pod.metadata;
    const known = this.#moving.find(({ successorUid }) => successorUid === uid);
    const createdMs = Date.parse(pod.metadata.creationTimestamp);
    const moving =
      known ??
      this.#moving.find(
        ({ ownerUid, successorUid, departed }) =>
          ownerUid === owner.uid &&
          successorUid === undefined &&
          // Creation is told in whole seconds.
          createdMs + 1000 > departed.atMs,
      );
    if (moving === undefined) return;
    moving.successorUid = uid;
    moving.arrived = {
      successor: nameOfPod(pod),
      to,
      placedMs: moving.arrived.placedMs ?? atMs,
      ...((moving.arrived.readyMs ?? isReady(pod)) && {
        readyMs: moving.arrived.readyMs ?? atMs,
      }),
    };
  }
}

/**
 * Do pods that were evicted come up again? A new node that is Ready proves nothing about room: others may have taken it, a quota may be full, a rule of
 * placement may fit nowhere. Nothing more is evicted while one waits, and it is undone once that has lasted.
 */
import type { Blocker, DrainState } from "../../../model/kubernetes/drain.ts";
import { conditionOf } from "../../../model/kubernetes/object.ts";
import type { PodFacts } from "../../../model/kubernetes/pod.ts";
import { secondsSince, type WorkloadLook } from "./workloads.ts";

/** A scheduler needs a moment, and a new node too. */
const holdSeconds = 30;
export const giveUpSeconds = 5 * 60;

type Code = "REPLACEMENT_UNSCHEDULABLE" | "REPLACEMENT_NOT_CREATED";

/** A replacement that does not come up. */
export interface Lack {
  readonly code: Code;
  readonly seconds: number;
  readonly blocker: Blocker;
}

interface Looked {
  readonly state: Pick<DrainState, "workloads">;
  readonly looks: ReadonlyMap<string, WorkloadLook>;
  /** ISO 8601 */
  readonly now: string;
}

const unschedulable = (pod: PodFacts): { since: string; message: string } | undefined => {
  const placed = conditionOf(pod, "PodScheduled");
  return pod.nodeName === undefined &&
    placed?.status === "False" &&
    placed.reason === "Unschedulable"
    ? { since: placed.lastTransitionTime ?? pod.createdAt, message: placed.message ?? "no message" }
    : undefined;
};

const lackOfPlace = ({ state, looks, now }: Looked): readonly Lack[] =>
  state.workloads
    .flatMap(({ key }) => looks.get(key)?.made ?? [])
    .flatMap((pod) => {
      const found = unschedulable(pod);
      if (found === undefined) return [];
      const { namespace, name } = pod;
      const code = "REPLACEMENT_UNSCHEDULABLE";
      const sentence = `Pod ${namespace}/${name}, made for one that was evicted, finds no node: ${found.message}`;
      return {
        code,
        seconds: secondsSince(now, found.since),
        blocker: { namespace, pod: name, code, sentence, since: found.since },
      };
    });

const lackOfPods = ({ state, now }: Looked): readonly Lack[] =>
  state.workloads.flatMap(({ key, evicted, created, missingSince }) => {
    if (missingSince === undefined) return [];
    const [namespace = "", kind = "", name = ""] = key.split("/");
    const code = "REPLACEMENT_NOT_CREATED";
    const sentence = `${kind} ${namespace}/${name} has made ${String(created)} pods for ${String(evicted)} that were evicted: a ResourceQuota or LimitRange of namespace ${namespace} may be full, a webhook refuses new pods, or its controller makes them on this very node again (kubectl describe ${kind.toLowerCase()} ${name} -n ${namespace}).`;
    return {
      code,
      seconds: secondsSince(now, missingSince),
      blocker: { namespace, pod: name, code, sentence, since: missingSince },
    };
  });

/** Those that have lasted long enough to count, the longest first. */
export const lacks = (looked: Looked): readonly Lack[] =>
  [...lackOfPlace(looked), ...lackOfPods(looked)]
    .filter(({ seconds }) => seconds >= holdSeconds)
    .toSorted((one, other) => other.seconds - one.seconds);

/** Says of each pod on a node that is drained how it stands, and which of them stand in the way of "drained". */
import type { Blocker } from "../../../model/kubernetes/drain.ts";
import type { PodFacts } from "../../../model/kubernetes/pod.ts";
import { nameOfPod } from "../pods/kind-of-pod.ts";
import type { PodStanding } from "../pods/standing.ts";
import { stageOf, type OrderFacts, type Stage } from "./order.ts";
import { silentSeconds } from "./silence.ts";
import { secondsSince, workloadOf } from "./workloads.ts";

export interface NodePod {
  readonly pod: PodFacts;
  readonly standing: PodStanding;
  readonly stage: Stage;
  /** Undefined: nobody makes it again. */
  readonly workload: string | undefined;
}

export const podsOnNode = (
  pods: readonly PodFacts[],
  nodeName: string,
  facts: OrderFacts & { readonly standingOf: (pod: PodFacts) => PodStanding },
): readonly NodePod[] =>
  pods
    .filter((pod) => pod.nodeName === nodeName)
    .map((pod) => ({
      pod,
      standing: facts.standingOf(pod),
      stage: stageOf(pod, facts),
      workload: workloadOf(pod),
    }));

/** A pod whose grace was over for so long is reported, and no longer waited for: a finalizer can keep it for ever. */
const stuckSeconds = 5 * 60;

/** What was asked to end for so long on a node that is dead is not waited for. */
const leavingSilentSeconds = 60;

export interface Patience {
  /** EC2's own checks of its instance have failed, or it does not run. */
  readonly isImpaired: boolean;
  /** Undefined: the node is Ready. */
  readonly notReadySeconds: number | undefined;
  /** ISO 8601 */
  readonly now: string;
}

/** Since its deletion was asked for: its grace stands in the timestamp. */
const leavingSeconds = (pod: PodFacts, now: string): number =>
  secondsSince(now, pod.deletionTimestamp ?? now) + pod.terminationGracePeriodSeconds;

/** A node that is only silent may run its pods all the same: EC2 must say so too. */
const isWaitedFor = (
  { pod }: Pick<NodePod, "pod">,
  overdueAt: string,
  { now, notReadySeconds, isImpaired }: Patience,
): boolean => {
  if (notReadySeconds === undefined) return secondsSince(now, overdueAt) < stuckSeconds;
  const isDead = isImpaired && notReadySeconds > silentSeconds;
  return !isDead || leavingSeconds(pod, now) <= leavingSilentSeconds;
};

export const isInTheWay = (found: NodePod, patience: Patience): boolean => {
  const { standing } = found;
  switch (standing.kind) {
    case "IGNORED":
      return false;
    case "TERMINATING":
      return isWaitedFor(found, standing.overdueAt, patience);
    case "HELD":
    case "EVICTABLE":
      return true;
  }
};

const keptBy = ({ finalizers }: PodFacts): string =>
  finalizers.length === 0
    ? "its kubelet does not end it"
    : `its finalizers keep it: ${finalizers.join(", ")}`;

/** What a pod that is not evicted now says of itself. */
export const ownBlocker = (found: NodePod, now: string): Blocker | undefined => {
  const { pod, standing } = found;
  const of = { namespace: pod.namespace, pod: pod.name, since: now };
  switch (standing.kind) {
    case "IGNORED":
    case "EVICTABLE":
      return undefined;
    case "HELD": {
      const { code, sentence, budget, isLasting } = standing;
      return {
        ...of,
        code,
        sentence,
        ...(budget === undefined ? {} : { budget }),
        ...(isLasting ? { isLasting } : {}),
      };
    }
    case "TERMINATING": {
      const isStuck = secondsSince(now, standing.overdueAt) > 0;
      const name = nameOfPod(pod);
      const until = pod.deletionTimestamp ?? "unknown";
      return isStuck
        ? {
            ...of,
            code: "STUCK_TERMINATING",
            sentence: `Pod ${name} should have ended at ${until}: ${keptBy(pod)}.`,
          }
        : { ...of, code: "TERMINATING", sentence: `Pod ${name} ends by ${until}.` };
    }
  }
};

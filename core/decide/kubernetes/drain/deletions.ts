/**
 * Chooses the pods that are deleted past their budgets once the time of a node is over, where its owner has agreed to that. Only what nothing but a budget holds: a
 * pod that must not be evicted must not be deleted, and where one would stay in any case none is.
 */
import type { ChoiceInput } from "./choose.ts";
import { dueNow, mayNextGo } from "./choose.ts";
import type { NodePod } from "./node-pods.ts";
import { goesSingly } from "./order.ts";
import type { Eviction } from "./replies.ts";
import type { TickMemory } from "./tick.ts";
import { isSettled } from "./workloads.ts";

/** From the deadline of the node until it is given back all the same. */
export const deletionMinutes = 10;

/** An operator's webhook, or a policy, speaks for the pod's owner: it may move the pod by itself. A namespace takes its pods along. */
const byOthers: readonly string[] = [
  "WEBHOOK_DENIES",
  "WEBHOOK_UNAVAILABLE",
  "NAMESPACE_TERMINATING",
  "SEVERAL_BUDGETS",
  "BUDGET_SYNC_FAILED",
];

const isHeldByOthers = ({ pod }: NodePod, { refusals }: Pick<TickMemory, "refusals">): boolean =>
  refusals.some(
    ({ namespace, pod: name, code }) =>
      namespace === pod.namespace && name === pod.name && byOthers.includes(code),
  );

/** Each pod that stands in the way is on its way out, or may go: then the node is empty in the end. */
export const canBeEmptied = (
  left: readonly NodePod[],
  memory: Pick<TickMemory, "refusals">,
): boolean =>
  left.every(
    (found) =>
      found.standing.kind === "TERMINATING" ||
      (found.standing.kind === "EVICTABLE" && !isHeldByOthers(found, memory)),
  );

/** Of a pod that a budget guards. What has none is paced by its workload, and goes in time. */
const isDeletable = (
  { pod, standing }: NodePod,
  { accepted }: Pick<TickMemory, "accepted">,
): boolean => standing.kind === "EVICTABLE" && standing.takesSlot && !accepted.includes(pod.uid);

/** All that went of it have come up elsewhere. */
const isAtRest = ({ workload }: NodePod, { looks, now }: ChoiceInput): boolean => {
  const look = workload === undefined ? undefined : looks.get(workload);
  return (
    look === undefined ||
    (look.leaving.length === 0 && look.made.every((pod) => isSettled(pod, now)))
  );
};

/** Source: Kubernetes, "Force Stateful Set Pod Deletion": without any grace two pods of one name may run. */
const leastGraceSeconds = 1;

const deletionOf = ({ pod, workload }: NodePod, seconds: number): Eviction => ({
  namespace: pod.namespace,
  name: pod.name,
  uid: pod.uid,
  ...(workload === undefined ? {} : { workload }),
  graceSeconds: Math.max(
    leastGraceSeconds,
    Math.min(pod.terminationGracePeriodSeconds, Math.floor(seconds)),
  ),
});

/** One of a workload at a time. @param seconds until the node is given back */
export const chooseDeletions = (
  input: ChoiceInput,
  evicted: readonly Eviction[],
  seconds: number,
): readonly Eviction[] => {
  if (!canBeEmptied(input.left, input.memory)) return [];
  const ofStage = dueNow(input.left);
  const isSingle = ofStage.some(({ stage }) => goesSingly(stage));
  const room = input.atMost - evicted.length;
  const most = isSingle ? Math.min(room, Number(mayNextGo(input) && evicted.length === 0)) : room;
  const taken = new Set(evicted.map(({ workload }) => workload));
  const chosen: Eviction[] = [];
  for (const found of ofStage) {
    if (chosen.length >= most) break;
    if (taken.has(found.workload) || !isDeletable(found, input.memory) || !isAtRest(found, input)) {
      continue;
    }
    if (found.workload !== undefined) taken.add(found.workload);
    chosen.push(deletionOf(found, seconds));
  }
  return chosen;
};

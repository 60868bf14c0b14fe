/**
 * Plans one look at a node that EC2 takes back: which pods are evicted now, in which order, and what holds the others. What ends with the node in any case is not spared: its eviction gives it its
 * grace, and the one that is made for it more time. Budgets are asked, and so are the wishes of pods.
 */
import type { Blocker } from "../../../model/kubernetes/drain.ts";
import type { ClusterView } from "../../../model/kubernetes/cluster.ts";
import type { NodeName } from "../../../model/kubernetes/progress.ts";
import type { PodFacts } from "../../../model/kubernetes/pod.ts";
import { nameOfBudget } from "../budgets.ts";
import type { HeldPod, PodStanding } from "../pods/standing.ts";
import { asBefore, oldest } from "./blockers.ts";
import { longestGrace } from "./deadlines.ts";
import { isInTheWay, ownBlocker, podsOnNode, type NodePod } from "./node-pods.ts";
import { stages } from "./order.ts";
import { evictionsLeft } from "./pace.ts";
import type { Eviction, TickProgress } from "./replies.ts";
import { lookAtWorkloads } from "./workloads.ts";

export interface WarnedLookInput extends TickProgress {
  /** Read right before: at least the pods of the node, and all budgets. */
  readonly view: ClusterView;
  readonly node: NodeName;
  readonly standingOf: (pod: PodFacts) => PodStanding;
  /** ISO 8601 */
  readonly now: string;
}

export interface WarnedLook extends TickProgress {
  readonly evict: readonly Eviction[];
}

/** What a planned move spares them, the end of their node does to them too. */
const lostAnyway: ReadonlySet<HeldPod["code"]> = new Set([
  "POD_WITH_EMPTY_DIR",
  "POD_DATA_ON_NODE",
  "POD_HOLDS_DEVICE",
  "POD_OF_GANG",
  "POD_INITIALIZING",
]);

const mayGo = ({ standing }: NodePod): boolean =>
  standing.kind === "EVICTABLE" || (standing.kind === "HELD" && lostAnyway.has(standing.code));

const isOf = ({ pod }: NodePod, { namespace, pod: name }: Blocker): boolean =>
  pod.namespace === namespace && pod.name === name;

/** Those that the API has accepted, or refused a moment ago, are not asked again. */
const isDue = (found: NodePod, { memory, now }: Pick<WarnedLookInput, "memory" | "now">): boolean =>
  !memory.accepted.includes(found.pod.uid) &&
  !memory.refusals.some((refusal) => isOf(found, refusal) && (refusal.retryAt ?? "") > now);

const evictionOf = ({ pod, standing, workload }: NodePod): Eviction => {
  const { namespace, name, uid } = pod;
  const budget = standing.kind === "EVICTABLE" ? standing.budget : undefined;
  return {
    namespace,
    name,
    uid,
    ...(workload === undefined ? {} : { workload }),
    ...(budget === undefined ? {} : { budget: nameOfBudget(budget) }),
  };
};

/** Of each budget as many as it allows now: more would be refused. */
const withinBudgets = (due: readonly NodePod[]): readonly NodePod[] => {
  const taken = new Map<string, number>();
  return due.filter(({ standing }) => {
    if (standing.kind !== "EVICTABLE" || standing.budget === undefined || !standing.takesSlot) {
      return true;
    }
    const name = nameOfBudget(standing.budget);
    const before = taken.get(name) ?? 0;
    taken.set(name, before + 1);
    return before < standing.budget.disruptionsAllowed;
  });
};

/** What others need to be made again goes after them, and is not waited for: nobody has the time. */
const byStage = (one: NodePod, other: NodePod): number =>
  stages.indexOf(one.stage) - stages.indexOf(other.stage);

const choose = (
  { memory, now }: Pick<WarnedLookInput, "memory" | "now">,
  left: readonly NodePod[],
): readonly Eviction[] => {
  if (memory.pausedUntil !== undefined && memory.pausedUntil > now) return [];
  const due = left.filter((found) => mayGo(found) && isDue(found, { memory, now }));
  return withinBudgets(due.toSorted(byStage)).slice(0, evictionsLeft(memory, now)).map(evictionOf);
};

const blockersOf = (
  { state, memory, now }: WarnedLookInput,
  left: readonly NodePod[],
): readonly Blocker[] =>
  oldest(
    [
      ...memory.refusals.filter((refusal) => left.some((found) => isOf(found, refusal))),
      ...left.flatMap((found) => (mayGo(found) ? [] : (ownBlocker(found, now) ?? []))),
    ].map((blocker) => asBefore(blocker, state.blockers)),
  );

export const lookAtWarned = (input: WarnedLookInput): WarnedLook => {
  const { view, node, state, memory, standingOf, now } = input;
  const looks = lookAtWorkloads(view.pods, node, state);
  const webhookServices = view.webhookServices ?? [];
  const patience = { isImpaired: false, notReadySeconds: undefined, now };
  const left = podsOnNode(view.pods, node.name, { standingOf, looks, webhookServices }).filter(
    (found) => isInTheWay(found, patience),
  );
  return {
    evict: choose(input, left),
    memory,
    state: {
      ...state,
      left: left.length,
      progressAt: left.length < state.left ? now : state.progressAt,
      graceSeconds: longestGrace(
        state,
        left.map(({ pod }) => pod),
      ),
      blockers: blockersOf(input, left),
    },
  };
};

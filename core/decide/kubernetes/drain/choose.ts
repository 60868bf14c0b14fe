/** Chooses the pods that are evicted at one look: no more of a budget than it allows, no more of a workload than it can spare, each once. */
import type { Blocker, DrainedWorkload } from "../../../model/kubernetes/drain.ts";
import type { NodeName } from "../../../model/kubernetes/progress.ts";
import type { BudgetFacts } from "../../../model/kubernetes/budget.ts";
import type { PodFacts } from "../../../model/kubernetes/pod.ts";
import { nameOfBudget } from "../budgets.ts";
import { nameOfPod } from "../pods/kind-of-pod.ts";
import type { PodStanding } from "../pods/standing.ts";
import { budgetRoom, type BudgetRoom } from "./budget-room.ts";
import type { NodePod } from "./node-pods.ts";
import { goesSingly, stages } from "./order.ts";
import type { Eviction } from "./replies.ts";
import type { TickMemory } from "./tick.ts";
import { isReplaced, workloadRoom } from "./workload-room.ts";
import type { WorkloadLook } from "./workloads.ts";

export interface ChoiceInput {
  /** That stand in the way. */
  readonly left: readonly NodePod[];
  /** Of the whole cluster. */
  readonly pods: readonly PodFacts[];
  readonly looks: ReadonlyMap<string, WorkloadLook>;
  readonly drained: readonly DrainedWorkload[];
  readonly node: Pick<NodeName, "name">;
  readonly memory: TickMemory;
  /** How many may be sent at this look. */
  readonly atMost: number;
  /** ISO 8601 */
  readonly now: string;
}

export interface Choice {
  readonly evict: readonly Eviction[];
  readonly blockers: readonly Blocker[];
}

interface WorkloadRoom {
  readonly atFirst: number;
  readonly left: number;
}

/** What is left of the rooms while pods are chosen. */
interface Rooms {
  readonly budgets: Map<string, BudgetRoom>;
  readonly workloads: Map<string, WorkloadRoom>;
}

interface Context {
  readonly input: ChoiceInput;
  readonly rooms: Rooms;
}

type Answer = Eviction | Blocker | undefined;

const isEviction = (answer: Eviction | Blocker): answer is Eviction => "uid" in answer;

const staleSeconds = 2 * 60;

/** The one that holds it for longer is told with its age, see `asBefore`. */
const ofBudget = (
  { pod }: NodePod,
  budget: BudgetFacts,
  {
    room,
    now,
    memory,
  }: { readonly room: BudgetRoom; readonly now: string; readonly memory: TickMemory },
): Blocker => {
  const name = nameOfBudget(budget);
  const code = room.isStale ? "BUDGET_STALE" : "BUDGET";
  const spent = memory.refusals.find(
    ({ code: of, budget: its }) => of === "OTHER_POD" && its === name,
  );
  const sentence = spent?.sentence ?? `Pod ${nameOfPod(pod)} waits: ${room.sentence}.`;
  return { namespace: pod.namespace, pod: pod.name, code, sentence, budget: name, since: now };
};

/** A budget from which we have taken a disruption for nothing is left alone until it is back. */
const isSpent = (memory: TickMemory, budget: string, now: string): boolean =>
  memory.refusals.some(
    (refusal) =>
      refusal.code === "OTHER_POD" && refusal.budget === budget && (refusal.retryAt ?? "") > now,
  );

const evictionOf = (
  { pod: { namespace, name, uid }, workload, stage }: NodePod,
  budget: BudgetFacts | undefined,
): Eviction => ({
  namespace,
  name,
  uid,
  ...(workload === undefined ? {} : { workload }),
  ...(budget === undefined ? {} : { budget: nameOfBudget(budget) }),
  ...(goesSingly(stage) ? { goesSingly: true } : {}),
});

const underBudget = (found: NodePod, budget: BudgetFacts, { input, rooms }: Context): Answer => {
  const { pods, memory, now } = input;
  const name = nameOfBudget(budget);
  const room = rooms.budgets.get(name) ?? budgetRoom(budget, pods, memory.accepted);
  if (room.atFirst <= 0 || isSpent(memory, name, now)) {
    return ofBudget(found, budget, { room, now, memory });
  }
  rooms.budgets.set(name, { ...room, left: room.left - 1 });
  // Others under it go at this look.
  return room.left > 0 ? evictionOf(found, budget) : undefined;
};

const roomOfWorkload = (
  key: string,
  { looks, drained, node, now }: ChoiceInput,
): WorkloadRoom | undefined => {
  const look = looks.get(key);
  if (look === undefined) return undefined;
  const known = drained.find((workload) => workload.key === key);
  const room = workloadRoom({ look, drained: known, node, now });
  return { atFirst: room, left: room };
};

const withoutBudget = (found: NodePod, key: string, { input, rooms }: Context): Answer => {
  const room = rooms.workloads.get(key) ?? roomOfWorkload(key, input);
  if (room === undefined) return evictionOf(found, undefined);
  rooms.workloads.set(key, { ...room, left: room.left - 1 });
  if (room.left > 0) return evictionOf(found, undefined);
  const { namespace, name } = found.pod;
  const sentence = `Pod ${nameOfPod(found.pod)} waits until others of ${key} are Ready elsewhere: no budget says how many of them may be missing.`;
  return room.atFirst > 0
    ? undefined
    : { namespace, pod: name, code: "WORKLOAD_NOT_READY", sentence, since: input.now };
};

/** What the API answered to the last try, while that is to be waited out. */
const waitsFor = ({ pod }: NodePod, { memory, now }: ChoiceInput): Blocker | undefined =>
  memory.refusals.find(
    ({ namespace, pod: name, retryAt = "" }) =>
      namespace === pod.namespace && name === pod.name && retryAt > now,
  );

const decide = (
  found: NodePod,
  { budget, takesSlot }: Extract<PodStanding, { readonly kind: "EVICTABLE" }>,
  context: Context,
): Answer => {
  if (budget !== undefined && takesSlot) return underBudget(found, budget, context);
  const { workload, pod } = found;
  // What is not placed or not started serves nobody.
  return budget !== undefined || workload === undefined || pod.phase === "Pending"
    ? evictionOf(found, budget)
    : withoutBudget(found, workload, context);
};

const judge = (found: NodePod, context: Context): Answer => {
  const { pod, standing } = found;
  const { input } = context;
  if (standing.kind !== "EVICTABLE" || input.memory.accepted.includes(pod.uid)) return undefined;
  return waitsFor(found, input) ?? decide(found, standing, context);
};

/** Of a stage whose pods go singly: nobody is on its way, and whoever went is Ready elsewhere. */
export const mayNextGo = ({ left, looks, drained, memory }: ChoiceInput): boolean =>
  left.every(
    ({ pod, standing }) => standing.kind !== "TERMINATING" && !memory.accepted.includes(pod.uid),
  ) &&
  drained.every(
    (workload) => workload.goesSingly !== true || isReplaced(looks.get(workload.key), workload),
  );

const byName = (one: NodePod, other: NodePod): number => {
  const [a, b] = [nameOfPod(one.pod), nameOfPod(other.pod)];
  return a < b ? -1 : Number(a > b);
};

/** Those of the first stage of which any is left. */
export const dueNow = (left: readonly NodePod[]): readonly NodePod[] => {
  const stage = stages.find((each) => left.some((found) => found.stage === each));
  return left.filter((found) => found.stage === stage).toSorted(byName);
};

export const chooseEvictions = (input: ChoiceInput): Choice => {
  const ofStage = dueNow(input.left);
  const isSingle = ofStage.some(({ stage }) => goesSingly(stage));
  const most = isSingle ? Number(mayNextGo(input)) : input.atMost;
  const context = { input, rooms: { budgets: new Map(), workloads: new Map() } };
  const evict: Eviction[] = [];
  const blockers: Blocker[] = [];
  for (const found of ofStage) {
    const answer = evict.length < Math.min(most, input.atMost) ? judge(found, context) : undefined;
    if (answer === undefined) continue;
    if (isEviction(answer)) evict.push(answer);
    else blockers.push(answer);
  }
  return { evict, blockers };
};

/** Its controller is not only slow. */
export const withAge = (blocker: Blocker, now: string): Blocker =>
  blocker.code === "BUDGET_STALE" &&
  Date.parse(now) - Date.parse(blocker.since) >= staleSeconds * 1000
    ? { ...blocker, code: "BUDGET_CONTROLLER_DOWN" }
    : blocker;

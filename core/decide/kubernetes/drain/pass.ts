/**
 * Plans one look of a drain: which evictions are sent now, what holds the other pods, and whether the node is empty or the drain has failed. Everything is
 * told from the cluster as it is; what is remembered are sums and instants.
 */
import type { Blocker } from "../../../model/kubernetes/drain.ts";
import type { NodeFacts } from "../../../model/kubernetes/node.ts";
import type { NodeName } from "../../../model/kubernetes/progress.ts";
import { counted } from "../../offers/figures.ts";
import {
  judgeCapacity,
  nodeNamed,
  type CapacityJudgement,
  type ReplacementInstance,
} from "../capacity.ts";
import { judgeCordon, type OwnCordon } from "../claims.ts";
import { nameOfPod } from "../pods/kind-of-pod.ts";
import { asBefore, oldest } from "./blockers.ts";
import { chooseEvictions, withAge, type Choice, type ChoiceInput } from "./choose.ts";
import { judgeDeadlines, secondsForDeletions, type DrainLimits, type Stop } from "./deadlines.ts";
import { chooseDeletions } from "./deletions.ts";
import { isMoving, lookAt, remember, type Looked, type LookInput } from "./look.ts";
import { ownBlocker, type NodePod } from "./node-pods.ts";
import { evictionsLeft } from "./pace.ts";
import type { Eviction, TickProgress } from "./replies.ts";
import { secondsSince } from "./workloads.ts";

interface DrainPassInput extends LookInput, OwnCordon {
  readonly joined: NodeName;
  /** Behind the new node. Undefined: EC2 does not show it. */
  readonly instance: ReplacementInstance | undefined;
  /** Why nothing is to be taken from the node group now: a sentence. Absent: there is no reason. */
  readonly groupHold?: string;
  readonly limits: DrainLimits;
}

type DrainVerdict =
  /** Nothing stands in the way. `ignored`: pods that should have ended and are no longer waited for. */
  | { readonly kind: "DRAINED"; readonly sentence: string; readonly ignored: readonly string[] }
  /** `isMoving`: pods end, or others come up for them. */
  | { readonly kind: "DRAINING"; readonly sentence: string; readonly isMoving: boolean }
  | Stop;

export interface DrainPass extends TickProgress {
  readonly evict: readonly Eviction[];
  readonly verdict: DrainVerdict;
}

/** The scheduler may have placed a pod a moment before it saw the cordon. */
const afterCordonSeconds = 5;

/** Between two looks that found nothing. */
const betweenEmptySeconds = 2;

const gone = ({ original }: DrainPassInput): Stop => ({
  kind: "STOP",
  code: "NODE_GONE",
  error: "StaleOriginal",
  sentence: `Node ${original.name} has left the cluster, and we did not remove it.`,
});

const judgeOwnership = (input: DrainPassInput, old: NodeFacts): Stop | undefined => {
  const cordon = judgeCordon(old, input);
  return cordon.kind === "OURS"
    ? undefined
    : {
        kind: "STOP",
        code: "OWNERSHIP_LOST",
        error: "StaleOriginal",
        sentence: cordon.sentence,
      };
};

/** Refusals of pods that are gone are over, but for what they have cost a budget. */
const standingRefusals = (
  { memory, now }: DrainPassInput,
  left: readonly NodePod[],
): readonly Blocker[] =>
  memory.refusals.filter(
    ({ namespace, pod: name, code, retryAt }) =>
      left.some(({ pod }) => pod.namespace === namespace && pod.name === name) ||
      (code === "OTHER_POD" && (retryAt ?? "") > now),
  );

const blockersOf = (
  { state: { blockers: before }, now }: DrainPassInput,
  looked: Looked,
  found: { readonly choice: Choice; readonly refusals: readonly Blocker[] },
): readonly Blocker[] =>
  [
    ...looked.lacking.map(({ blocker }) => blocker),
    ...found.refusals,
    ...looked.left.flatMap((each) => ownBlocker(each, now) ?? []),
    ...found.choice.blockers,
  ].map((blocker) => withAge(asBefore(blocker, before), now));

const judgeEmpty = ({ now }: DrainPassInput, { state, onNode, old }: Looked): DrainVerdict => {
  const isLongEnough =
    secondsSince(now, state.beganAt) >= afterCordonSeconds &&
    secondsSince(now, state.emptySince ?? now) >= betweenEmptySeconds;
  if (!isLongEnough) {
    const sentence = `No pod is left on node ${old.name}; it is looked at once more.`;
    return { kind: "DRAINING", sentence, isMoving: true };
  }
  const ignored = onNode
    .filter(({ standing }) => standing.kind === "TERMINATING")
    .map(({ pod }) => nameOfPod(pod));
  const stuck = ignored.length === 0 ? "" : ` Not waited for any longer: ${ignored.join(", ")}.`;
  const sentence = `Node ${old.name} is drained: ${counted(state.evicted, "pod")} evicted.${stuck}`;
  return { kind: "DRAINED", sentence, ignored };
};

const onItsWay = (
  { original }: DrainPassInput,
  { left }: Looked,
  told: { readonly evict: readonly Eviction[]; readonly hold: string | undefined },
): string => {
  const leaving = left.filter(({ standing }) => standing.kind === "TERMINATING").length;
  const sentence = `${counted(left.length, "pod")} left on node ${original.name}, ${String(leaving)} of them on their way out; ${counted(told.evict.length, "eviction")} now.`;
  return told.hold === undefined ? sentence : `${sentence} ${told.hold}`;
};

/** Why nothing more is taken from the node, its end included. Undefined: there is no reason. */
const holdOf = ({ lacking }: Looked, capacity: CapacityJudgement): string | undefined =>
  capacity.kind === "HOLDS" ? lacking[0]?.blocker.sentence : capacity.sentence;

const pauseOf = ({ memory: { pausedUntil }, now }: DrainPassInput): string | undefined =>
  pausedUntil !== undefined && pausedUntil > now
    ? `API server asked for a pause until ${pausedUntil}.`
    : undefined;

const nothing: Choice = { evict: [], blockers: [] };

/** At the end of the node's time pods are deleted too, where its owner lets them be. */
const choose = (input: DrainPassInput, looked: Looked): Choice => {
  const from: ChoiceInput = {
    left: looked.left,
    pods: input.view.pods,
    looks: looked.looks,
    drained: looked.state.workloads,
    node: input.original,
    memory: input.memory,
    atMost: evictionsLeft(input.memory, input.now),
    now: input.now,
  };
  const choice = chooseEvictions(from);
  const seconds = secondsForDeletions(input.limits, looked.state, input.now);
  if (seconds === undefined) return choice;
  const deletions = chooseDeletions(from, choice.evict, seconds);
  return { ...choice, evict: [...choice.evict, ...deletions] };
};

const stopped = (
  input: DrainPassInput,
  looked: Pick<Looked, "state">,
  verdict: Stop,
): DrainPass => ({
  evict: [],
  verdict,
  state: looked.state,
  memory: input.memory,
});

const goOn = (input: DrainPassInput, looked: Looked, held: string | undefined): DrainPass => {
  const hold = held ?? pauseOf(input);
  const choice = hold === undefined ? choose(input, looked) : nothing;
  const refusals = standingRefusals(input, looked.left);
  const blockers = blockersOf(input, looked, { choice, refusals });
  const state = { ...looked.state, blockers: oldest(blockers) };
  const stop = judgeDeadlines({
    nodeName: input.original.name,
    limits: input.limits,
    state,
    left: looked.left,
    blockers: oldest(blockers),
    lacks: looked.lacking,
    hold,
    memory: { refusals },
    now: input.now,
  });
  if (stop !== undefined) return stopped(input, { state }, stop);
  const memory = remember(input, looked, refusals);
  const verdict: DrainVerdict = {
    kind: "DRAINING",
    sentence: onItsWay(input, looked, { evict: choice.evict, hold }),
    isMoving: isMoving(input, looked, memory),
  };
  return { evict: choice.evict, verdict, state, memory };
};

export const planDrainPass = (input: DrainPassInput): DrainPass => {
  const { view, original, joined, instance, now } = input;
  const old = nodeNamed(view.nodes, original);
  if (old === undefined) return stopped(input, input, gone(input));
  const lost = judgeOwnership(input, old);
  if (lost !== undefined) return stopped(input, input, lost);
  const looked = lookAt(input, old);
  const capacity = judgeCapacity({ nodes: view.nodes, original, joined, instance, now });
  if (capacity.kind === "LOST") {
    const { sentence } = capacity;
    const code = "REPLACEMENT_LOST";
    return stopped(input, looked, { kind: "STOP", code, error: "StaleReplacement", sentence });
  }
  const hold = holdOf(looked, capacity) ?? input.groupHold;
  if (looked.left.length > 0 || hold !== undefined) return goOn(input, looked, hold);
  const memory = remember(input, looked, []);
  return {
    evict: [],
    verdict: judgeEmpty(input, looked),
    state: { ...looked.state, blockers: [] },
    memory,
  };
};

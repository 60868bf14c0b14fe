/**
 * A cluster in a few lines, on which drains are planned: controllers make evicted pods again, kubelets end and start them, budgets are counted. Its API
 * answers evictions as the real one does unless a test says otherwise.
 */
import { beginDrain, beginTick } from "../../../../../core/decide/kubernetes/drain/tick.ts";
import { planDrainPass, type DrainPass } from "../../../../../core/decide/kubernetes/drain/pass.ts";
import { inFlight, maySend, nextStep } from "../../../../../core/decide/kubernetes/drain/pace.ts";
import {
  afterReplies,
  type Eviction,
} from "../../../../../core/decide/kubernetes/drain/replies.ts";
import { claimAnnotation } from "../../../../../core/decide/kubernetes/claims.ts";
import { selects } from "../../../../../core/decide/kubernetes/pods/selector.ts";
import { asksBudget } from "../../../../../core/decide/kubernetes/budgets.ts";
import { classifyPod } from "../../../../../core/decide/kubernetes/pods/classify.ts";
import { effectivePolicy } from "../../../../../core/policy/policy.ts";
import type { BudgetFacts } from "../../../../../core/model/kubernetes/budget.ts";
import type { ClusterView } from "../../../../../core/model/kubernetes/cluster.ts";
import type { DrainState } from "../../../../../core/model/kubernetes/drain.ts";
import type { NodeFacts } from "../../../../../core/model/kubernetes/node.ts";
import type { EvictionReply } from "../../../../../core/model/kubernetes/eviction.ts";
import type { PodFacts } from "../../../../../core/model/kubernetes/pod.ts";
import { aNode, at, instanceIdOf, newNode, oldNode } from "../objects.ts";

export interface Playground {
  readonly pods: readonly PodFacts[];
  readonly budgets?: readonly BudgetFacts[];
  readonly webhookServices?: ClusterView["webhookServices"];
  readonly readyAfterSeconds?: number;
  readonly endsAfterSeconds?: number;
  /** Undefined: as the API does. */
  readonly answer?: (eviction: Eviction, seconds: number) => EvictionReply | undefined;
  /** What becomes of a pod that is made again. Undefined: it is not made. */
  readonly remake?: (pod: PodFacts) => PodFacts | undefined;
  /** A status that its controller no longer keeps. */
  readonly isControllerDown?: boolean;
  /** Before each look. */
  readonly meanwhile?: (pods: readonly PodFacts[], seconds: number) => readonly PodFacts[];
  /** Of one eviction; five are under way at a time. */
  readonly answersAfterSeconds?: number;
  /** The node that is drained, at that time. */
  readonly old?: (seconds: number) => NodeFacts;
  readonly isImpaired?: boolean;
  readonly mostSeconds?: number;
}

export interface Played {
  readonly last: DrainPass;
  readonly seconds: number;
  /** Instants at which evictions were sent, with what was answered. */
  readonly sent: readonly {
    readonly seconds: number;
    readonly pod: string;
    readonly reply: string;
  }[];
  /** Of each look: pods that are not Ready, by app. */
  readonly notReady: readonly Readonly<Record<string, number>>[];
  readonly state: DrainState;
  /** When each tick began. */
  readonly ticks: readonly number[];
  /** How long the longest one took. */
  readonly longestTick: number;
}

const isReady = ({ conditions, deletionTimestamp }: PodFacts): boolean =>
  deletionTimestamp === undefined &&
  conditions.some(({ type, status }) => type === "Ready" && status === "True");

const countBudget = (budget: BudgetFacts, pods: readonly PodFacts[]): BudgetFacts => {
  const some = pods.filter(
    (pod) => pod.namespace === budget.namespace && selects(budget.selector, pod.labels),
  );
  const currentHealthy = some.filter(isReady).length;
  const disruptionsAllowed = Math.max(0, currentHealthy - budget.desiredHealthy);
  return { ...budget, currentHealthy, disruptionsAllowed };
};

const matching = (budgets: readonly BudgetFacts[], pod: PodFacts): BudgetFacts | undefined =>
  budgets.find(
    (budget) => pod.namespace === budget.namespace && selects(budget.selector, pod.labels),
  );

export const claim = "dpl-0123456789#1";
export const original = { instanceId: instanceIdOf(1), name: oldNode, uid: `uid-${oldNode}` };
export const joined = { instanceId: instanceIdOf(2), name: newNode, uid: `uid-${newNode}` };
export const cordoned = aNode({ isUnschedulable: true, annotations: { [claimAnnotation]: claim } });
export const limits = {
  nodeDeadlineMinutes: 30,
  noProgressMinutes: 15,
  deletePodsAtDeadline: false,
};

const policy = effectivePolicy("KUBERNETES");

const secondsOf = (instant: string): number => (Date.parse(instant) - Date.parse(at(0))) / 1000;

export const play = (ground: Playground): Played => {
  const { readyAfterSeconds = 2, endsAfterSeconds = 1, mostSeconds = 3600 } = ground;
  let { pods, budgets = [] } = ground;
  let seconds = 0;
  let names = 0;
  const sent: { seconds: number; pod: string; reply: string }[] = [];
  const notReady: Record<string, number>[] = [];
  const ticks: number[] = [];
  let longestTick = 0;

  const remake = (pod: PodFacts): readonly PodFacts[] => {
    if (pod.owner === undefined) return [];
    names += 1;
    const name = `${pod.labels["app"] ?? "pod"}-again-${String(names)}`;
    const made: PodFacts = {
      ...pod,
      name,
      uid: `uid-${name}`,
      nodeName: newNode,
      createdAt: at(seconds),
      conditions: [{ type: "Ready", status: "False" }],
    };
    const kept = ground.remake === undefined ? made : ground.remake(made);
    return kept === undefined ? [] : [kept];
  };

  const accept = (victim: PodFacts): void => {
    const deletionTimestamp = at(seconds + victim.terminationGracePeriodSeconds);
    pods = [
      ...pods.map((pod) => (pod === victim ? { ...pod, deletionTimestamp } : pod)),
      ...remake(victim),
    ];
  };

  const settle = (): void => {
    pods = pods
      .filter(
        ({ deletionTimestamp, terminationGracePeriodSeconds, finalizers }) =>
          deletionTimestamp === undefined ||
          finalizers.length > 0 ||
          seconds < secondsOf(deletionTimestamp) - terminationGracePeriodSeconds + endsAfterSeconds,
      )
      .map((pod) =>
        pod.nodeName === newNode && seconds >= secondsOf(pod.createdAt) + readyAfterSeconds
          ? { ...pod, conditions: [{ type: "Ready", status: "True" }] }
          : pod,
      );
    pods = ground.meanwhile?.(pods, seconds) ?? pods;
    if (ground.isControllerDown !== true) {
      budgets = budgets.map((budget) => countBudget(budget, pods));
    }
  };

  const answerTo = (eviction: Eviction): EvictionReply => {
    const told = ground.answer?.(eviction, seconds);
    if (told !== undefined && told.kind !== "ACCEPTED") return told;
    const pod = pods.find(({ uid }) => uid === eviction.uid);
    if (pod === undefined) return { kind: "GONE" };
    const budget = matching(budgets, pod);
    const isAsked = budget !== undefined && asksBudget(pod, budget);
    if (isAsked && budget.disruptionsAllowed <= 0) {
      return { kind: "BUDGET", message: `${budget.name} needs more`, isSyncFailed: false };
    }
    accept(pod);
    budgets = budgets.map((one) =>
      isAsked && one === budget ? { ...one, disruptionsAllowed: one.disruptionsAllowed - 1 } : one,
    );
    return { kind: "ACCEPTED" };
  };

  let state = beginDrain(at(0));
  for (;;) {
    let memory = beginTick(state, at(seconds));
    const began = seconds;
    ticks.push(began);
    for (;;) {
      settle();
      const view = {
        nodes: [ground.old?.(seconds) ?? cordoned, aNode({ name: newNode })],
        pods,
        budgets,
        daemonSets: [],
        volumes: [],
        csiNodes: [],
        ...(ground.webhookServices === undefined
          ? {}
          : { webhookServices: ground.webhookServices }),
      };
      notReady.push(
        Object.fromEntries(
          [...Map.groupBy(pods, ({ labels }) => labels["app"] ?? "")].map(([app, some]) => [
            app,
            // One that leaves has its successor beside it.
            some.filter((pod) => pod.deletionTimestamp === undefined && !isReady(pod)).length,
          ]),
        ),
      );
      const pass = planDrainPass({
        view,
        original,
        joined,
        claim,
        instance: { state: "running", isInterrupted: false },
        limits,
        standingOf: (pod) => classifyPod(pod, { view, policy, now: at(seconds) }),
        ...(ground.isImpaired === undefined ? {} : { isImpaired: ground.isImpaired }),
        state,
        memory,
        now: at(seconds),
      });
      ({ state, memory } = pass);
      const played = { last: pass, seconds, sent, notReady, state, ticks, longestTick };
      if (pass.verdict.kind !== "DRAINING" || seconds > mostSeconds) return played;
      const listedAt = at(seconds);
      const answered: { eviction: Eviction; reply: EvictionReply }[] = [];
      for (let first = 0; first < pass.evict.length; first += inFlight) {
        if (!maySend(memory, listedAt, at(seconds))) break;
        const some = pass.evict.slice(first, first + inFlight);
        seconds += ground.answersAfterSeconds ?? 0;
        answered.push(...some.map((eviction) => ({ eviction, reply: answerTo(eviction) })));
      }
      longestTick = Math.max(longestTick, seconds - began);
      for (const { eviction, reply } of answered) {
        sent.push({ seconds, pod: eviction.name, reply: reply.kind });
      }
      ({ state, memory } = afterReplies({ state, memory }, answered, at(seconds)));
      const { isMoving } = pass.verdict;
      const step = nextStep({ state, memory, isMoving, now: at(seconds) });
      seconds += step.kind === "LOOK" ? step.inSeconds : step.waitSeconds;
      if (step.kind === "RETURN") break;
    }
  }
};

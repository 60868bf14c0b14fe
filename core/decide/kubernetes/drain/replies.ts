/** What the answers to evictions mean: the pod is tried again later, everything pauses, or it is known what holds it. */
import type { Blocker, DrainState } from "../../../model/kubernetes/drain.ts";
import type { EvictionReply } from "../../../model/kubernetes/eviction.ts";
import { asBefore } from "./blockers.ts";
import type { TickMemory } from "./tick.ts";
import { countEviction, secondsSince } from "./workloads.ts";

/** An eviction to be made. Its uid goes with it: another pod of that name is not evicted. */
export interface Eviction {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** `namespace/Kind/name` */
  readonly workload?: string;
  /** `namespace/name` */
  readonly budget?: string;
  /** See `DrainedWorkload`. */
  readonly goesSingly?: true;
  /** It is deleted, past its budget, and has so long to end. Absent: it is evicted, and has its own grace. */
  readonly graceSeconds?: number;
}

export interface AnsweredEviction {
  readonly eviction: Eviction;
  readonly reply: EvictionReply;
}

type Refused = Exclude<EvictionReply, { readonly kind: "ACCEPTED" | "GONE" | "THROTTLED" }>;

const shortestSeconds = 5;
const longestSeconds = 60;

/** As long as it has lasted: 5, 10, 20, 40, and then every 60 seconds. */
const doubled = (heldSeconds: number): number =>
  Math.min(longestSeconds, Math.max(shortestSeconds, heldSeconds));

/**
 * An eviction that fails after its budget was asked has spent a disruption, which the controller of budgets gives back after two minutes. Source:
 * Kubernetes, pkg/controller/disruption, `DeletionTimeout`.
 */
const slotSeconds = 2 * 60 + 16;

interface Meaning {
  readonly code: Blocker["code"];
  readonly sentence: string;
  /** Until it is tried again, after it has held the pod for so long. */
  readonly waitSeconds: (heldSeconds: number) => number;
  readonly isLasting?: true;
}

const ofBudget = (
  { message, retryAfterSeconds, isSyncFailed }: Extract<Refused, { readonly kind: "BUDGET" }>,
  pod: string,
): Meaning => {
  if (isSyncFailed) {
    return {
      code: "BUDGET_SYNC_FAILED",
      sentence: `Budget of pod ${pod} never allows an eviction, for its controller can't count its pods (${message}): give it an integer minAvailable, or select pods whose owner has a scale.`,
      waitSeconds: () => longestSeconds,
      isLasting: true,
    };
  }
  const sentence = `Pod ${pod} waits for its budget: ${message}`;
  return retryAfterSeconds === undefined
    ? { code: "BUDGET", sentence, waitSeconds: doubled }
    : { code: "BUDGET_STALE", sentence, waitSeconds: () => Math.max(1, retryAfterSeconds) };
};

const meaningOf = (reply: Refused, pod: string): Meaning => {
  switch (reply.kind) {
    case "BUDGET":
      return ofBudget(reply, pod);
    case "SEVERAL_BUDGETS":
      return {
        code: "SEVERAL_BUDGETS",
        sentence: `Several budgets match pod ${pod}, which the API never evicts: leave one of them (${reply.message}).`,
        waitSeconds: () => longestSeconds,
        isLasting: true,
      };
    case "DENIED":
      return {
        code: "WEBHOOK_DENIES",
        sentence: `${reply.by} denies the eviction of pod ${pod}, and may move it itself: ${reply.message}`,
        waitSeconds: doubled,
      };
    case "WEBHOOK_UNAVAILABLE":
      return {
        code: "WEBHOOK_UNAVAILABLE",
        sentence: `${reply.by} is asked about the eviction of pod ${pod}, and does not answer: ${reply.message}`,
        waitSeconds: doubled,
      };
    case "NAMESPACE_TERMINATING":
      return {
        code: "NAMESPACE_TERMINATING",
        sentence: `Pod ${pod} goes with its namespace, which is being deleted: look at its finalizers if that lasts.`,
        waitSeconds: () => longestSeconds,
      };
    case "OTHER_POD":
      return {
        code: "OTHER_POD",
        sentence: `Pod ${pod} was made anew while we evicted it: a disruption of its budget is spent for nothing, by us, and returns within ${String(slotSeconds)} s.`,
        waitSeconds: () => slotSeconds,
      };
    case "BUDGET_CONTROLLER_BEHIND":
      return {
        code: "BUDGET_STALE",
        sentence: `Controller of budgets is behind with that of pod ${pod}: ${reply.message}`,
        waitSeconds: () => longestSeconds,
      };
    case "CONFLICT":
      return {
        code: "NO_ANSWER",
        sentence: `Somebody wrote pod ${pod} while it was to be evicted.`,
        waitSeconds: () => 0,
      };
    case "UNKNOWN":
      return {
        code: "NO_ANSWER",
        sentence: `Whether pod ${pod} was evicted is not known: ${reply.message}`,
        waitSeconds: doubled,
      };
  }
};

const later = (now: string, seconds: number): string =>
  new Date(Date.parse(now) + seconds * 1000).toISOString();

const refusalOf = (
  { namespace, name, budget }: Eviction,
  reply: Refused,
  { refusals, now }: { readonly refusals: readonly Blocker[]; readonly now: string },
): Blocker => {
  const { code, sentence, waitSeconds, isLasting } = meaningOf(reply, `${namespace}/${name}`);
  // Of these the budget holds; another pod under it is not held by what a webhook says of this one.
  const isOfBudget = code.startsWith("BUDGET") || code === "OTHER_POD";
  const blocker = asBefore(
    {
      namespace,
      pod: name,
      code,
      sentence,
      since: now,
      ...(budget === undefined || !isOfBudget ? {} : { budget }),
      ...(isLasting === undefined ? {} : { isLasting }),
    },
    refusals,
  );
  return { ...blocker, retryAt: later(now, waitSeconds(secondsSince(now, blocker.since))) };
};

export interface TickProgress {
  readonly state: DrainState;
  readonly memory: TickMemory;
}

const isOn = ({ namespace, name }: Eviction, blocker: Blocker): boolean =>
  blocker.namespace === namespace && blocker.pod === name;

const withoutRefusal = (memory: TickMemory, eviction: Eviction): readonly Blocker[] =>
  memory.refusals.filter((blocker) => !isOn(eviction, blocker));

const accept = (
  { state, memory }: TickProgress,
  eviction: Eviction,
  now: string,
): TickProgress => ({
  state: {
    ...state,
    evicted: state.evicted + 1,
    progressAt: now,
    workloads: countEviction(state.workloads, eviction, now),
  },
  memory: {
    ...memory,
    accepted: [...memory.accepted, eviction.uid],
    refusals: withoutRefusal(memory, eviction),
  },
});

/** Seconds that the server asks for, one at least. */
const pause = (memory: TickMemory, seconds: number, now: string): TickMemory => {
  const until = later(now, Math.max(1, seconds));
  const { pausedUntil } = memory;
  return {
    ...memory,
    pausedUntil: pausedUntil !== undefined && pausedUntil > until ? pausedUntil : until,
  };
};

const afterOne = (
  progress: TickProgress,
  { eviction, reply }: AnsweredEviction,
  now: string,
): TickProgress => {
  const { state, memory } = progress;
  switch (reply.kind) {
    case "ACCEPTED":
      return accept(progress, eviction, now);
    // The next look says so.
    case "GONE":
      return { state, memory: { ...memory, refusals: withoutRefusal(memory, eviction) } };
    case "THROTTLED":
      return { state, memory: pause(memory, reply.retryAfterSeconds, now) };
    default: {
      const refusal = refusalOf(eviction, reply, { refusals: memory.refusals, now });
      const refusals = [...withoutRefusal(memory, eviction), refusal];
      return { state, memory: { ...memory, refusals } };
    }
  }
};

/** @param now ISO 8601, when the last of them was answered */
export const afterReplies = (
  progress: TickProgress,
  answered: readonly AnsweredEviction[],
  now: string,
): TickProgress => {
  const sent = progress.memory.sent + answered.length;
  return answered.reduce((so, one) => afterOne(so, one, now), {
    ...progress,
    memory: { ...progress.memory, sent },
  });
};

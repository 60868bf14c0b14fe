/** When a tick of a drain looks again, when it returns, and after how long the workflow asks for the next. */
import type { DrainState } from "../../../model/kubernetes/drain.ts";
import type { TickMemory } from "./tick.ts";
import { secondsSince } from "./workloads.ts";

/** A budget's controller and a kubelet show after this what an eviction has changed. */
const betweenLooksSeconds = 2;

/**
 * Of a tick, in which it looks. The API may take ten seconds for one eviction, so that none is begun later; the function has 45. A look at which none may
 * be begun is left to the next tick, which can: pods that take ten seconds to be Ready free their budgets just then, and would wait for it.
 */
const lookingSeconds = 30;

/** A tick in which nothing has changed for so long is paid for nothing. */
const idleSeconds = 10;

/** One list serves so long: a pod may have been made anew since, and a wrong uid costs somebody's budget. */
const listSeconds = 5;

/** At a time, of one tick. */
export const inFlight = 5;
const mostEvictions = 50;

/** Asked right before each eviction of a look is sent. @param listedAt ISO 8601, before the pods were read */
export const maySend = (
  { startedAt }: Pick<TickMemory, "startedAt">,
  listedAt: string,
  now: string,
): boolean =>
  secondsSince(now, startedAt) <= lookingSeconds && secondsSince(now, listedAt) <= listSeconds;

/** As many as may be chosen at this look. */
export const evictionsLeft = ({ startedAt, sent }: TickMemory, now: string): number =>
  secondsSince(now, startedAt) > lookingSeconds ? 0 : Math.max(0, mostEvictions - sent);

/** From then on a drain that stands still is looked at more rarely. */
const laterSeconds = 5 * 60;

/**
 * From one tick to the next. An execution's history has 25,000 events at most (Step Functions quotas), and a tick takes 9: five of the task, two of the
 * choice, two of the wait. The shortest tick lasts 10 s, or had its 50 evictions, and is followed by 1 s while something moves: in six hours, the
 * longest that a node may take, 21,600 s / 11 s × 9 = 17,700 events. One that stands still takes 21,600 s / 40 s × 9 = 4,900.
 */
const waitSeconds = (
  { isMoving }: { readonly isMoving: boolean },
  { progressAt }: Pick<DrainState, "progressAt">,
  now: string,
): number => {
  if (isMoving) return 1;
  return secondsSince(now, progressAt) < laterSeconds ? 10 : 30;
};

type NextStep =
  | { readonly kind: "LOOK"; readonly inSeconds: number }
  | { readonly kind: "RETURN"; readonly waitSeconds: number };

interface NextStepInput {
  readonly state: DrainState;
  readonly memory: TickMemory;
  /** Pods end, or others come up for them. */
  readonly isMoving: boolean;
  /** ISO 8601 */
  readonly now: string;
}

const secondsOfPause = ({ pausedUntil }: TickMemory, now: string): number =>
  pausedUntil === undefined ? 0 : Math.max(0, -secondsSince(now, pausedUntil));

/** After a look that has found pods left, and what was evicted then. */
export const nextStep = (input: NextStepInput): NextStep => {
  const { state, memory, now } = input;
  const inSeconds = Math.max(betweenLooksSeconds, secondsOfPause(memory, now));
  const isIdle = secondsSince(now, memory.changedAt) >= idleSeconds;
  const isUsedUp = memory.sent >= mostEvictions;
  const isOverTime = secondsSince(now, memory.startedAt) + inSeconds > lookingSeconds;
  if (!isIdle && !isUsedUp && !isOverTime) return { kind: "LOOK", inSeconds };
  const pauseSeconds = Math.ceil(secondsOfPause(memory, now));
  return { kind: "RETURN", waitSeconds: Math.max(pauseSeconds, waitSeconds(input, state, now)) };
};

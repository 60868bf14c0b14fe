/**
 * Says whose launch comes first where EC2 takes many instances of one account and region at once. Everyone judges by the same queue, so that
 * nobody gives out turns: who stands alone before who does not, the longest boot first, then who has waited longest.
 */
import type { LaunchCall, LaunchTurn, LaunchWaiter } from "../../model/launch-turn.ts";

/** Source: EC2 developer guide, "Request throttling for the Amazon EC2 API" (request token buckets). */
const buckets: Readonly<
  Record<LaunchCall, { readonly burst: number; readonly refillPerSecond: number }>
> = {
  CreateFleet: { burst: 50, refillPerSecond: 5 },
  RunInstances: { burst: 5, refillPerSecond: 2 },
};

/** The notice. After that the bucket itself says no, and nobody waits for one who may never launch. */
export const longestWaitMs = 120_000;

/** Those before it may launch sooner than their turn would come, by another call. */
const longestPauseSeconds = 10;

export type Turn =
  | {
      readonly kind: "GO";
      /** Whose bucket it takes from. */
      readonly call: LaunchCall;
    }
  | {
      readonly kind: "WAIT";
      /** Whole, at least 1. */
      readonly seconds: number;
      /** How many launch before it. */
      readonly ahead: number;
    };

/** Whole and broken tokens that the bucket has now, if nobody else takes any. */
const tokensLeft = (turns: readonly LaunchTurn[], call: LaunchCall, nowMs: number): number => {
  const { burst, refillPerSecond } = buckets[call];
  const times = turns
    .flatMap((turn) => (turn.kind === "CALL" && turn.call === call ? Date.parse(turn.at) : []))
    .sort((one, other) => one - other);
  let tokens = burst;
  let lastMs = times[0] ?? nowMs;
  for (const atMs of [...times, nowMs]) {
    tokens = Math.min(burst, tokens + (Math.max(0, atMs - lastMs) / 1000) * refillPerSecond);
    lastMs = Math.max(lastMs, atMs);
    if (atMs !== nowMs) tokens = Math.max(0, tokens - 1);
  }
  return tokens;
};

/** Negative: one is before the other. */
const inOrder = (one: LaunchWaiter, other: LaunchWaiter): number =>
  Number(other.standsAlone) - Number(one.standsAlone) ||
  other.bootSeconds - one.bootSeconds ||
  Date.parse(one.at) - Date.parse(other.at) ||
  (one.evaluationId < other.evaluationId ? -1 : 1);

/** Those who come first take from the bucket that is named first. */
const callAt = (
  place: number,
  left: readonly { readonly call: LaunchCall; readonly tokens: number }[],
): LaunchCall | undefined => {
  let before = place;
  for (const { call, tokens } of left) {
    const whole = Math.floor(tokens);
    if (before < whole) return call;
    before -= whole;
  }
  return undefined;
};

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

/**
 * @param turns of the place: all who began within the longest wait, and all calls since then
 * @param calls by which it can launch, the one that it would rather make first; each has a bucket of its own, and they add up
 */
export const judgeTurn = (
  turns: readonly LaunchTurn[],
  own: LaunchWaiter,
  { calls, now }: { readonly calls: readonly [LaunchCall, ...LaunchCall[]]; readonly now: Date },
): Turn => {
  const gone = new Set(
    turns.flatMap(({ kind, evaluationId }) => (kind === "CALL" ? [evaluationId] : [])),
  );
  const nowMs = now.getTime();
  // Who has launched once, and met a pool without room, does not wait again.
  if (gone.has(own.evaluationId) || nowMs - Date.parse(own.at) >= longestWaitMs) {
    return { kind: "GO", call: calls[0] };
  }
  const ahead = turns.filter(
    (turn) =>
      turn.kind === "WAITER" &&
      turn.evaluationId !== own.evaluationId &&
      !gone.has(turn.evaluationId) &&
      nowMs - Date.parse(turn.at) < longestWaitMs &&
      inOrder(turn, own) < 0,
  ).length;
  const left = calls.map((call) => ({ call, tokens: tokensLeft(turns, call, nowMs) }));
  const call = callAt(ahead, left);
  if (call !== undefined) return { kind: "GO", call };
  const missing = ahead + 1 - sum(left.map(({ tokens }) => tokens));
  const refill = sum(calls.map((each) => buckets[each].refillPerSecond));
  const seconds = Math.max(1, Math.ceil(missing / refill));
  return { kind: "WAIT", seconds: Math.min(seconds, longestPauseSeconds), ahead };
};

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
  | { readonly kind: "GO" }
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

/** @param turns of the place: all who began within the longest wait, and all calls since then */
export const judgeTurn = (
  turns: readonly LaunchTurn[],
  own: LaunchWaiter,
  { call, now }: { readonly call: LaunchCall; readonly now: Date },
): Turn => {
  const gone = new Set(
    turns.flatMap(({ kind, evaluationId }) => (kind === "CALL" ? [evaluationId] : [])),
  );
  const nowMs = now.getTime();
  // Who has launched once, and met a pool without room, does not wait again.
  if (gone.has(own.evaluationId) || nowMs - Date.parse(own.at) >= longestWaitMs) {
    return { kind: "GO" };
  }
  const ahead = turns.filter(
    (turn) =>
      turn.kind === "WAITER" &&
      turn.evaluationId !== own.evaluationId &&
      !gone.has(turn.evaluationId) &&
      nowMs - Date.parse(turn.at) < longestWaitMs &&
      inOrder(turn, own) < 0,
  ).length;
  const missing = ahead + 1 - tokensLeft(turns, call, nowMs);
  if (missing <= 0) return { kind: "GO" };
  const seconds = Math.ceil(missing / buckets[call].refillPerSecond);
  return { kind: "WAIT", seconds: Math.min(seconds, longestPauseSeconds), ahead };
};

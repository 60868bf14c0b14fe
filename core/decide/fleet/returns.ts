/**
 * Which of the loads that EC2 took from Spot go back there now: at most five at once, and in an hour at most a third of what fell from one pool.
 * All at once would meet the same shortage again: of the recorded pools that came back 53 to 72 % were lost once more within an hour.
 */
import type { TargetId } from "../../model/ids.ts";
import type { SpotBackoff } from "../../model/spot-backoff.ts";
import type { Target } from "../../model/target.ts";

const hourMs = 3_600_000;
const mostAtOnce = 5;
const hourlyShare = 1 / 3;
/** What fell from a pool counts as one fall for so long: the pool itself has forgotten it by then, as a loss no longer belongs to those before. */
const fallMs = 24 * hourMs;

type Backoffs = ReadonlyMap<TargetId, SpotBackoff>;

const poolOf = ({ lostPool: { zoneId, instanceType, product } }: SpotBackoff): string =>
  `${zoneId}#${instanceType}#${product}`;

const begunSince = ({ returnBegunAt }: SpotBackoff, sinceMs: number): boolean =>
  returnBegunAt !== undefined && Date.parse(returnBegunAt) > sinceMs;

/** The last of its moves was its recovery. */
export const isOnTheWayBack = (
  { targetId, lastSwitchAt }: Pick<Target, "targetId" | "lastSwitchAt">,
  backoffs: Backoffs,
): boolean => {
  const recoveredAt = backoffs.get(targetId)?.recoveredAt;
  return recoveredAt !== undefined && recoveredAt === lastSwitchAt;
};

interface ReturnsInput {
  /** Of the place, all of them. */
  readonly targets: readonly Target[];
  readonly backoffs: Backoffs;
  readonly now: Date;
}

/** Longer than an evaluation takes, its images included: one that was cut off does not count for ever. */
const longestMs = 6 * hourMs;

/** Begun, and not evaluated to an end since. */
const goesBack = (
  { targetId, lastEvaluatedAt = "" }: Target,
  { backoffs, now }: Pick<ReturnsInput, "backoffs" | "now">,
): boolean => {
  const begunAt = backoffs.get(targetId)?.returnBegunAt;
  return (
    begunAt !== undefined &&
    lastEvaluatedAt < begunAt &&
    now.getTime() - Date.parse(begunAt) < longestMs
  );
};

/** In the order given; the others are asked about again by the next sweep. What was not lost is none of these. */
export const returnsToBegin = (
  wanted: readonly Target[],
  { targets, backoffs, now }: ReturnsInput,
): ReadonlySet<TargetId> => {
  const nowMs = now.getTime();
  const fallen = [...backoffs.values()].filter(({ lostAt }) => nowMs - Date.parse(lostAt) < fallMs);
  const begun = Map.groupBy(
    [...backoffs.values()].filter((each) => begunSince(each, nowMs - hourMs)),
    poolOf,
  );
  const mostOf = (pool: string): number =>
    Math.max(1, Math.floor(fallen.filter((each) => poolOf(each) === pool).length * hourlyShare));
  const running = targets.filter((target) => goesBack(target, { backoffs, now })).length;
  const chosen = new Set<TargetId>();
  const taken = new Map<string, number>();
  for (const { targetId } of wanted) {
    const backoff = backoffs.get(targetId);
    if (backoff === undefined) continue;
    const pool = poolOf(backoff);
    const before = (begun.get(pool)?.length ?? 0) + (taken.get(pool) ?? 0);
    if (running + chosen.size >= mostAtOnce || before >= mostOf(pool)) continue;
    chosen.add(targetId);
    taken.set(pool, (taken.get(pool) ?? 0) + 1);
  }
  return chosen;
};

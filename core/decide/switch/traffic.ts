/**
 * Does traffic reach the replacement as it reached the original? AWS calls a target `unused` both where no load balancer
 * uses the group and where its load balancer does not serve the target's zone: only the former is as good as healthy.
 */
import {
  unservedIn,
  type TargetGroupFacts,
  type TargetGroupStanding,
  type Unserved,
} from "../../model/target-group.ts";

/** `load balancer … of target group … serves use1-az1, not use1-az2`. */
const spellUnserved = ({ group, loadBalancer }: Unserved, zoneId: string): string =>
  `load balancer ${loadBalancer.arn} of target group ${group.arn} serves ` +
  `${loadBalancer.zoneIds.join(", ") || "no zone"}, not ${zoneId}`;

export type Reachability =
  | { readonly kind: "UNCHANGED" }
  /** Names load balancer, group and zones. */
  | { readonly kind: "CHANGED"; readonly sentence: string };

const usersGone = (
  before: readonly TargetGroupFacts[],
  now: readonly TargetGroupFacts[],
): readonly string[] =>
  before.flatMap(({ arn: group, loadBalancers = [] }) => {
    const left = now
      .filter(({ arn }) => arn === group)
      .flatMap((found) => found.loadBalancers ?? []);
    return loadBalancers
      .filter(({ arn }) => !left.some((found) => found.arn === arn))
      .map(({ arn }) => `load balancer ${arn} no longer forwards to target group ${group}`);
  });

/**
 * Right before the original is given up: do the load balancers that were known at the verdict still use the groups, and
 * does each that uses one now serve all of these zones? The original's is one of them: where it no longer gets traffic
 * itself, its owner is changing something.
 */
export const judgeReachability = (input: {
  readonly before: readonly TargetGroupFacts[];
  readonly now: readonly TargetGroupFacts[];
  readonly zoneIds: readonly string[];
}): Reachability => {
  const { before, now, zoneIds } = input;
  const unserved = [...new Set(zoneIds)].flatMap((zoneId) => {
    const found = unservedIn(now, zoneId);
    return found === undefined ? [] : [spellUnserved(found, zoneId)];
  });
  const changes = [...usersGone(before, now), ...unserved];
  if (changes.length === 0) return { kind: "UNCHANGED" };
  return {
    kind: "CHANGED",
    sentence: `Load balancing has changed since it was judged: ${changes.join("; ")}.`,
  };
};

export type TrafficJudgement =
  /** It serves, or there is no traffic for anybody. */
  | { readonly kind: "STANDS_IN" }
  | { readonly kind: "WAITING" }
  /** Waiting is of no use: the load balancer sends nothing there. */
  | { readonly kind: "CUT_OFF"; readonly sentence: string };

/**
 * May the original leave the group for this replacement? `group` is read anew, and only needed for one that is unrouted:
 * a stopped original shows nothing, so it is the group that says whether anybody could get traffic.
 */
export const judgeStandIn = (input: {
  readonly replacement: TargetGroupStanding;
  readonly original: TargetGroupStanding;
  readonly zoneId: string;
  readonly group: Required<TargetGroupFacts> | undefined;
}): TrafficJudgement => {
  const { replacement, original, zoneId, group } = input;
  if (replacement === "ready") return { kind: "STANDS_IN" };
  if (replacement !== "unrouted" || group === undefined) return { kind: "WAITING" };
  const unserved = unservedIn([group], zoneId);
  if (unserved !== undefined) {
    return {
      kind: "CUT_OFF",
      sentence: `The replacement gets no traffic: ${spellUnserved(unserved, zoneId)}.`,
    };
  }
  const isUsedByNone = group.loadBalancers.length === 0 && original !== "ready";
  return { kind: isUsedByNone ? "STANDS_IN" : "WAITING" };
};

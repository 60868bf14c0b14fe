/** Plans the next batch of swaps: which originals, in which zones, and which pools each replacement tries, best first. */
import type { EvaluationKind } from "../../model/evaluation-kind.ts";
import { isLeavingGroup, isOnSpot, type GroupFacts, type GroupMember } from "../../model/group.ts";
import type { InstanceId } from "../../model/ids.ts";
import { poolKey, type Pool } from "../../model/market.ts";
import type { FailedOffer, Swap } from "../../model/swap.ts";
import type { Postponement } from "../../model/verdict.ts";
import type { Policy } from "../../policy/policy.ts";
import { counted } from "../offers/figures.ts";
import { quotaClass } from "../offers/launch-order.ts";
import { spreadOverPools } from "../offers/spread.ts";
import { convertibleMembers, type KeptMember } from "./convertible.ts";
import { spreadRoomIn } from "./placement-group.ts";

export interface PlannedSwap {
  readonly originalId: InstanceId;
  readonly zoneId: string;
  /** Of its zone, best first; never empty. Those that were refused in this evaluation are left out. */
  readonly offers: readonly [Pool, ...Pool[]];
}

/**
 * In one evaluation. An execution's history has at most 25,000 events (Step Functions quotas): a batch takes some 570 of them, and one that meets every
 * deadline some 5,100; what is left after so many is the next evaluation's.
 */
const mostBatches = 20;

/** For as long as one evaluation may go on beginning batches: what was judged is that old. */
const mostMs = 6 * 3_600_000;

/** Undefined while another batch may be begun. */
export const judgeEnoughBatches = (input: {
  readonly asgName: string;
  readonly batches: number;
  /** ISO 8601 */
  readonly startedAt: string;
  readonly now: string;
}): Postponement | undefined => {
  const { asgName, batches, startedAt, now } = input;
  const isLate = Date.parse(now) - Date.parse(startedAt) >= mostMs;
  if (batches < mostBatches && !isLate) return undefined;
  return {
    reason: "BATCHES_USED_UP",
    sentence: `This evaluation of group ${asgName} has made ${String(batches)} batches since ${startedAt}, as many as its execution can hold. The next evaluation goes on.`,
    retryAt: now,
  };
};

export type BatchPlan =
  | { readonly kind: "BATCH"; readonly swaps: readonly [PlannedSwap, ...PlannedSwap[]] }
  /** Nothing is left to do, or nothing can be done now. */
  | { readonly kind: "NONE"; readonly sentence: string; readonly kept: readonly KeptMember[] };

export interface BatchInput {
  readonly kind: EvaluationKind;
  /** As it is now. */
  readonly group: GroupFacts;
  readonly policy: Pick<Policy, "batchSize" | "maxPoolSharePercent" | "onDemandBase">;
  /** Of the verdict. */
  readonly offers: readonly Pool[];
  /** All of this evaluation: an original is tried once. */
  readonly swaps: readonly Pick<Swap, "originalId" | "failed">[];
}

/** What refused one replacement refuses the next: room, or the quota of a class. */
const stillOpen = (offers: readonly Pool[], failed: readonly FailedOffer[]): readonly Pool[] => {
  const refused = new Set(
    failed.filter(({ kind }) => kind !== "ENDED").map(({ pool }) => poolKey(pool)),
  );
  const closed = new Set(
    failed.filter(({ kind }) => kind === "QUOTA").map(({ pool }) => quotaClass(pool.instanceType)),
  );
  return offers.filter(
    (pool) => !refused.has(poolKey(pool)) && !closed.has(quotaClass(pool.instanceType)),
  );
};

/** The zone with the most of them first, one at a time, so that none is emptied of On-Demand before the others. */
const inTurns = (members: readonly GroupMember[], most: number): readonly GroupMember[] => {
  const left = Map.groupBy(members, ({ zoneId }) => zoneId);
  const chosen: GroupMember[] = [];
  while (chosen.length < most) {
    const [fullest] = [...left.values()]
      .filter((some) => some.length > 0)
      .toSorted(
        (one, other) =>
          other.length - one.length || ((one[0]?.zoneId ?? "") < (other[0]?.zoneId ?? "") ? -1 : 1),
      );
    const [next, ...others] = fullest ?? [];
    if (next === undefined) return chosen;
    chosen.push(next);
    left.set(next.zoneId, others);
  }
  return chosen;
};

interface Occupied {
  readonly zoneId: string;
  readonly instanceType: string;
}

const offersFor = (
  { zoneId }: GroupMember,
  open: readonly Pool[],
  input: BatchInput & { readonly occupied: readonly Occupied[] },
): readonly Pool[] =>
  spreadOverPools(
    open.filter((pool) => pool.zoneId === zoneId),
    {
      instances: Math.max(1, input.group.desiredCapacity),
      instancesIn: (pool) =>
        input.occupied.filter(
          (found) => found.zoneId === pool.zoneId && found.instanceType === pool.instanceType,
        ).length,
    },
    input.policy,
  );

/** Of those left: with a pool to go to, and room for a moment of two side by side. */
const planSwaps = (
  victims: readonly GroupMember[],
  open: readonly Pool[],
  input: BatchInput,
): readonly PlannedSwap[] => {
  const occupied: Occupied[] = input.group.members.filter(
    (member) => isOnSpot(member) && !isLeavingGroup(member),
  );
  const planned: PlannedSwap[] = [];
  for (const victim of victims) {
    const { zoneId, instanceId: originalId } = victim;
    const inZone = planned.filter((swap) => swap.zoneId === zoneId).length;
    const [first, ...others] = offersFor(victim, open, { ...input, occupied });
    if (first === undefined || inZone >= spreadRoomIn(input.group, zoneId)) continue;
    planned.push({ originalId, zoneId, offers: [first, ...others] });
    occupied.push(first);
    if (planned.length === input.policy.batchSize) break;
  }
  return planned;
};

export const planBatch = (input: BatchInput): BatchPlan => {
  const { group, policy, kind, swaps } = input;
  const { members, most, kept } = convertibleMembers(group, policy, kind);
  const tried = new Set(swaps.map(({ originalId }) => originalId));
  const left = members.filter(({ instanceId }) => !tried.has(instanceId));
  const open = stillOpen(
    input.offers,
    swaps.flatMap(({ failed }) => failed),
  );
  const [first, ...others] = planSwaps(inTurns(left, most), open, input);
  if (first !== undefined) return { kind: "BATCH", swaps: [first, ...others] };
  const rest = `${counted(Math.min(left.length, most), "member")} of group ${group.asgName} left to convert`;
  return {
    kind: "NONE",
    sentence:
      open.length === 0
        ? `There are ${rest}, and no pool that has not refused.`
        : `There are ${rest} in zones with a pool and room.`,
    kept,
  };
};

/**
 * Plans the next batch of swaps: which originals, in which zones, and which pools each replacement tries, best first. They are placed as the verdict
 * placed them, and as the backtest places a fleet: each with regard to those before it, and to where the group stands by now.
 */
import type { EvaluationKind } from "../../model/evaluation-kind.ts";
import type { GroupFacts } from "../../model/group.ts";
import type { InstanceId } from "../../model/ids.ts";
import { poolKey, type Pool } from "../../model/market.ts";
import type { Offer } from "../../model/offer.ts";
import type { FailedOffer, Swap } from "../../model/swap.ts";
import type { Policy } from "../../policy/policy.ts";
import { counted } from "../offers/figures.ts";
import { quotaClass } from "../offers/launch-order.ts";
import type { KeptMember } from "./convertible.ts";
import { dueMembers, type DueInput, type DueMember, type DuePart } from "./due.ts";
import { memberPlacer, placeFirstPart, type PlacedMember, type Placing } from "./place.ts";
import { spreadRoomIn } from "../switch/group/placement-group.ts";

export interface PlannedSwap {
  readonly originalId: InstanceId;
  readonly zoneId: string;
  /** Absent: on Spot. */
  readonly purchase?: "ON_DEMAND";
  /** Of its zone, best first; never empty. Those that were refused in this evaluation are left out. */
  readonly offers: readonly [Pool, ...Pool[]];
  /** Why the first of them. */
  readonly sentence: string;
}

export type BatchPlan =
  | { readonly kind: "BATCH"; readonly swaps: readonly [PlannedSwap, ...PlannedSwap[]] }
  /** Nothing is left to do, or nothing can be done now. */
  | {
      readonly kind: "NONE";
      readonly sentence: string;
      readonly kept: readonly KeptMember[];
      /** Members that were not tried, for each pool that was judged has refused by now. */
      readonly left: number;
    };

export interface BatchInput {
  readonly kind: EvaluationKind;
  /** As it is now. */
  readonly group: GroupFacts;
  readonly policy: Pick<Policy, "batchSize"> & DueInput["policy"];
  /** With the risks that hold for the group as it is now. */
  readonly placing: Placing;
  /** Of the verdict: a batch goes nowhere else. */
  readonly pools: readonly Pool[];
  /** All of this evaluation: an original is tried once, and what has taken its place is not moved on. */
  readonly swaps: readonly Pick<Swap, "originalId" | "failed" | "purchase" | "replacement">[];
  /** ISO 8601 */
  readonly at: string;
  /** Members that leave because EC2 recommends it. Absent: none. */
  readonly recommended?: DueInput["recommended"];
  /** What is reserved, as the verdict's facts hold it. */
  readonly covered?: DueInput["covered"];
}

/** What refused one replacement refuses the next that is bought alike: room, or the quota of a class. */
const stillOpen = (
  offers: readonly Offer[],
  swaps: readonly Pick<Swap, "failed" | "purchase">[],
  purchase?: "ON_DEMAND",
): readonly Offer[] => {
  const failed = swaps
    .filter((swap) => swap.purchase === purchase)
    .flatMap((swap) => swap.failed)
    .filter(({ kind }) => kind !== "ENDED");
  const refused = new Set(failed.map(({ pool }) => poolKey(pool)));
  const closed = new Set(
    failed.filter(({ kind }) => kind === "QUOTA").map(({ pool }) => quotaClass(pool.instanceType)),
  );
  return offers.filter(
    ({ pool }) => !refused.has(poolKey(pool)) && !closed.has(quotaClass(pool.instanceType)),
  );
};

const openTo = (
  placing: Placing,
  {
    pools,
    swaps,
  }: {
    readonly pools: readonly Pool[];
    readonly swaps: readonly Pick<Swap, "failed" | "purchase">[];
  },
): Placing => {
  const judged = new Set(pools.map(poolKey));
  return {
    ...placing,
    offers: stillOpen(placing.offers, swaps).filter(({ pool }) => judged.has(poolKey(pool))),
    wayBack: stillOpen(placing.wayBack, swaps, "ON_DEMAND"),
  };
};

const plannedSwap = ({ member, ...placed }: PlacedMember): PlannedSwap => ({
  originalId: member.instanceId,
  zoneId: member.zoneId,
  ...placed,
});

const sumOf = (parts: readonly DuePart[]): number =>
  parts.reduce((sum, { members, most }) => sum + Math.min(members.length, most), 0);

/**
 * Only where pools were judged to be worth it, and each has refused: else a member stands best where it is. So may one that is on Spot already.
 */
const untriedIn = ({
  kind,
  placing,
  parts,
  open,
}: Pick<BatchInput, "kind" | "placing"> & {
  readonly parts: readonly DuePart[];
  readonly open: readonly unknown[];
}): number => {
  const judged = kind === "FALL_BACK" ? placing.wayBack : placing.offers;
  if (open.length > 0 || judged.length === 0) return 0;
  return sumOf(
    parts.filter(
      ({ members }) =>
        kind === "FALL_BACK" || members.some(({ standing }) => standing.kind === "ON_DEMAND"),
    ),
  );
};

const noBatchSentence = ({ asgName }: GroupFacts, left: number, hasPools: boolean): string => {
  if (left === 0) return `No further member of group ${asgName} is to be moved.`;
  const rest = `The place of ${counted(left, "member")} of group ${asgName} is in question`;
  return hasPools
    ? `${rest}, and none can be moved: that takes room in its zone and a pool that is worth the move.`
    : `${rest}, and every pool has refused.`;
};

/** How many are to go as well, were there room for all in one batch: whom no batch has tried when no other is begun. */
export const countToGo = (input: BatchInput): number => {
  const plan = planBatch({ ...input, policy: { ...input.policy, batchSize: Infinity } });
  return plan.kind === "BATCH" ? plan.swaps.length : plan.left;
};

export const planBatch = (input: BatchInput): BatchPlan => {
  const { group, policy, kind, swaps, at, covered, recommended } = input;
  const { offers, terms } = input.placing;
  const due = dueMembers({
    group,
    policy,
    kind,
    recommended,
    offers,
    judgementVersion: terms.judgementVersion,
    at,
    ...(covered === undefined ? {} : { covered }),
  });
  const tried = new Set<string>(
    swaps.flatMap(({ originalId, replacement }) =>
      replacement === undefined ? [originalId] : [originalId, replacement.instanceId],
    ),
  );
  const parts = due.parts.map(({ members, ...part }) => ({
    ...part,
    members: members.filter(({ member }) => !tried.has(member.instanceId)),
  }));
  const placing = openTo(input.placing, input);
  const placed = placeFirstPart({
    parts,
    placing,
    atMost: policy.batchSize,
    roomIn: (zoneId) => spreadRoomIn(group, zoneId),
  });
  const [first, ...others] = placed.map(plannedSwap);
  if (first !== undefined) return { kind: "BATCH", swaps: [first, ...others] };
  const left = sumOf(parts);
  const open = kind === "FALL_BACK" ? placing.wayBack : placing.offers;
  return {
    kind: "NONE",
    left: untriedIn({ ...input, parts, open }),
    sentence: noBatchSentence(group, left, open.length > 0),
    kept: due.kept,
  };
};

const refusedSentence = (failed: readonly FailedOffer[]): string => {
  const told = new Set(
    failed.map(({ pool, code }) => `${pool.instanceType} in ${pool.zoneId}: ${code}`),
  );
  return `No offer gave capacity (${[...told].join("; ")}), and no other pool is worth the move.`;
};

/** A swap of the batch whose replacement comes from other pools than was planned, or from none. */
export interface PlacedAgain {
  readonly swap: Swap;
  /** Absent: no pool that has not refused is worth the move. */
  readonly offers?: PlannedSwap["offers"];
  readonly sentence: string;
}

/** As it was due when it was planned: On-Demand, unless it was asked back or the group knows it as a Spot member. */
const dueAgain = (
  { originalId, purchase }: Swap,
  due: readonly DueMember[],
): DueMember | undefined => {
  const found = due.find(({ member }) => member.instanceId === originalId);
  return found === undefined || purchase === undefined ? found : { ...found, to: purchase };
};

/**
 * A pool refused one of the batch: those that have no replacement yet are placed again, beside those that have. What was planned for them was in an
 * order that knew of neither.
 * @param input as for the batch, with what was launched in its fleet. What is reserved was asked about when the batch was planned.
 */
export const placeAgain = (
  open: readonly Swap[],
  input: Omit<BatchInput, "swaps"> & { readonly swaps: readonly Swap[] },
): readonly PlacedAgain[] => {
  const { group, policy, kind, at, swaps, recommended } = input;
  const { offers, terms } = input.placing;
  const { judgementVersion } = terms;
  const { parts } = dueMembers({ group, policy, kind, recommended, offers, judgementVersion, at });
  const due = parts.flatMap(({ members }) => members);
  const place = memberPlacer(openTo(input.placing, input));
  return open.map((swap) => {
    const again = dueAgain(swap, due);
    const placed = again && place(again);
    if (placed?.purchase === swap.purchase && placed !== undefined) {
      return { swap, offers: placed.offers, sentence: placed.sentence };
    }
    const failed = swaps
      .filter(({ batch, purchase }) => batch === swap.batch && purchase === swap.purchase)
      .flatMap((one) => one.failed);
    return { swap, sentence: refusedSentence(failed) };
  });
};

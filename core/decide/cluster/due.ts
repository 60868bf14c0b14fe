/**
 * Which members of a group have their place in question, and in which order: On-Demand members first, then those that the On-Demand base wants back,
 * then Spot members that may stand better elsewhere.
 */
import { hoursBetween } from "../../hours.ts";
import type { EvaluationKind } from "../../model/evaluation-kind.ts";
import { isOnSpot, type GroupFacts, type GroupMember } from "../../model/group.ts";
import type { JudgementVersion } from "../../model/judgement-version.ts";
import type { Pool } from "../../model/market.ts";
import type { Offer } from "../../model/offer.ts";
import type { Policy } from "../../policy/policy.ts";
import { moveDwellHours } from "../offers/dwell.ts";
import { hours } from "../offers/figures.ts";
import { movedAMomentAgo, movesLeft } from "../switch/group/recommended.ts";
import { foretoldRisk, restHours } from "../switch/recommendation.ts";
import type { ReservedFacts } from "../offers/reserved.ts";
import type { Standing } from "../offers/placement.ts";
import {
  baseOf,
  countedToBase,
  toLaunchAnew,
  toOnDemand,
  toSpot,
  type KeptMember,
} from "./convertible.ts";
import { coveredOf, withoutCovered, type CoveredMembers, type Uncovered } from "./covered.ts";

export interface DueMember {
  readonly member: GroupMember;
  readonly standing: Standing;
  /** In which it is on Spot. */
  readonly pool?: Pool;
  /** It goes there, whatever Spot offers. Absent: as it is judged. */
  readonly to?: "ON_DEMAND";
}

/** Of these at most so many, and of each type at most so many. One that an earlier part takes is not asked about again. */
export interface DuePart {
  readonly members: readonly DueMember[];
  readonly most: number;
  /** Absent, or without that type: as many as there are. */
  readonly mostOfType?: ReadonlyMap<string, number>;
  /** To other pools they move by themselves, so many in this hour: others may follow in the next ones. Back to On-Demand goes who is to. */
  readonly isPaced?: true;
}

export interface Due {
  readonly parts: readonly DuePart[];
  readonly kept: readonly KeptMember[];
  /** Those that would go, were they not paid by what is reserved. Absent: there are none. */
  readonly covered?: CoveredMembers;
}

export interface DueInput {
  readonly group: GroupFacts;
  readonly policy: Pick<
    Policy,
    | "onDemandBase"
    | "dwellHours"
    | "moveOwnersSpot"
    | "onRebalanceRecommendation"
    | "respectReservations"
  >;
  readonly kind: EvaluationKind;
  /** Members that leave because EC2 recommends it. Absent: none. */
  readonly recommended?: readonly string[] | undefined;
  /** All that were judged: of the pools in which members stand, with the risk of staying there. */
  readonly offers: readonly Offer[];
  readonly judgementVersion: JudgementVersion;
  /** ISO 8601 */
  readonly at: string;
  /** What is reserved, and the group as it was when that was read. Absent: it is not asked about. */
  readonly covered?: { readonly market: ReservedFacts; readonly judged: GroupFacts };
}

const onDemand: Standing = { kind: "ON_DEMAND" };

const offerIn = (
  { zoneId, instanceType }: GroupMember,
  offers: readonly Offer[],
): Offer | undefined =>
  offers.find(({ pool }) => pool.zoneId === zoneId && pool.instanceType === instanceType);

/** Undefined where the price of its pool or the risk of staying there is not known: it stays. */
const judgedOnSpot = (
  member: GroupMember,
  { offers, recommended = [] }: DueInput,
): DueMember | undefined => {
  const own = offerIn(member, offers);
  if (own?.spotHourlyUsd === undefined || own.staying === undefined) return undefined;
  const { pool, spotHourlyUsd, staying } = own;
  const risk = recommended.includes(member.instanceId) ? foretoldRisk(staying) : staying;
  return { member, pool, standing: { kind: "SPOT", spotHourlyUsd, risk } };
};

/** Of judgements before version 8: whoever moves at recommendations rests between two moves, whatever they were for, for a price would else bring it back. */
const dwellOf = ({
  policy,
  judgementVersion,
}: Pick<DueInput, "policy" | "judgementVersion">): number => {
  if (judgementVersion >= 8) return moveDwellHours(policy);
  const { dwellHours, onRebalanceRecommendation } = policy;
  return onRebalanceRecommendation === "move" ? Math.max(dwellHours, restHours) : dwellHours;
};

/** What was launched a moment ago is not moved again for as long: prices must not make it flap. */
const isWithinDwell = ({ instance }: GroupMember, input: DueInput): boolean =>
  instance === undefined || hoursBetween(instance.launchedAt, input.at) < dwellOf(input);

/** Those too that leave because of a recommendation. Whoever came to Spot within the hour counts as moved, for whatever reason it came. */
const mostMoves = (input: DueInput): number => {
  const { group, at, judgementVersion, recommended = [] } = input;
  if (judgementVersion < 8) return Infinity;
  const moved = group.members.filter(
    (member) =>
      isOnSpot(member) &&
      member.instance !== undefined &&
      movedAMomentAgo(member.instance.launchedAt, at),
  ).length;
  const leaving = group.members.filter(({ instanceId }) => recommended.includes(instanceId)).length;
  return movesLeft(group.members.length, moved + leaving);
};

const back = (member: GroupMember): DueMember => ({ member, standing: onDemand, to: "ON_DEMAND" });

/** Those that EC2 recommends to move, before all others that stand on Spot. */
const recommendedPart = (input: DueInput, onSpot: readonly GroupMember[]): DuePart => {
  const { recommended = [] } = input;
  const members = onSpot
    .filter(({ instanceId }) => recommended.includes(instanceId))
    .flatMap((member) => judgedOnSpot(member, input) ?? []);
  return { members, most: Infinity };
};

/** Those that are judged against other pools, and why the others are not. */
const movingPart = (
  input: DueInput,
  onSpot: readonly GroupMember[],
): { readonly part: DuePart; readonly kept: readonly KeptMember[] } => {
  const young = onSpot.filter((member) => isWithinDwell(member, input));
  const others = onSpot.filter((member) => !young.includes(member));
  const judged = others.map((member) => ({ member, due: judgedOnSpot(member, input) }));
  const dwellHours = dwellOf(input);
  const most = mostMoves(input);
  const members = judged.flatMap(({ due }) => due ?? []);
  return {
    part: { members, most, ...(most === Infinity ? {} : { isPaced: true }) },
    kept: [
      ...young.map(({ instanceId }) => ({
        instanceId,
        because: `is within its dwell time of ${hours(dwellHours)}`,
      })),
      ...(most > 0 ? [] : members).map(({ member: { instanceId } }) => ({
        instanceId,
        because: "waits: as many of its group as may in an hour have come to Spot within this one",
      })),
      ...judged
        .filter(({ due }) => due === undefined)
        .map(({ member: { instanceId } }) => ({
          instanceId,
          because: "stands in a pool whose price or risk is not known",
        })),
    ],
  };
};

/** On-Demand members that may go to Spot, with those that would be paid for anyway. */
const goingPart = ({
  group,
  policy,
  covered,
}: DueInput): { readonly going: Uncovered; readonly covered?: CoveredMembers } => {
  const all = toSpot(group, policy);
  if (covered === undefined) return { going: { ...all, mostOfType: new Map() } };
  const going = withoutCovered(all, { ...covered, group, policy });
  const staying = coveredOf(all, going);
  return { going, ...(staying === undefined ? {} : { covered: staying }) };
};

/** Whom EC2 takes back: each is launched anew in another pool than its own. */
const takenBack = ({ group, policy, offers }: DueInput): Due => {
  const { members, kept } = toLaunchAnew(group, policy);
  const due = members.map((member): DueMember => {
    const pool = offerIn(member, offers)?.pool;
    return { member, standing: { kind: "INTERRUPTED" }, ...(pool === undefined ? {} : { pool }) };
  });
  return { parts: due.length === 0 ? [] : [{ members: due, most: Infinity }], kept };
};

export const dueMembers = (input: DueInput): Due => {
  const { group, policy, kind } = input;
  if (kind === "RECOVER") return takenBack(input);
  const onSpot = toOnDemand(group, policy);
  const backPart = (most: number): DuePart => ({ members: onSpot.members.map(back), most });
  if (kind === "FALL_BACK") return { parts: [backPart(Infinity)], kept: onSpot.kept };
  const { going, ...covered } = goingPart(input);
  const moving = movingPart(input, onSpot.members);
  const missing = Math.max(0, baseOf(policy, group) - countedToBase(group));
  const parts: readonly DuePart[] = [
    {
      members: going.members.map((member) => ({ member, standing: onDemand })),
      most: going.most,
      mostOfType: going.mostOfType,
    },
    backPart(missing),
    recommendedPart(input, onSpot.members),
    moving.part,
  ];
  return {
    parts: parts.filter(
      ({ members, most, isPaced = false }) => members.length > 0 && (most > 0 || isPaced),
    ),
    kept: [...going.kept, ...onSpot.kept, ...moving.kept],
    ...covered,
  };
};

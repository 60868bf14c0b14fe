/**
 * Leaves as many On-Demand members as Reserved Instances pay for: what is reserved is billed whether it is used or not. By the type of each
 * member, in the account and region. Others than those of a group may use it too: as many may go as run without being covered.
 */
import { isOnDemand, memberOf, type GroupFacts, type GroupMember } from "../../model/group.ts";
import type { PlacementFacts, ReservedCoverage } from "../../model/market.ts";
import type { Policy } from "../../policy/policy.ts";
import type { Verdict } from "../../model/verdict.ts";
import type { Choice } from "../offers/choice.ts";
import { counted } from "../offers/figures.ts";
import { addedBySpot, uncoveredCount } from "../offers/reserved.ts";
import type { Convertible, KeptMember } from "./convertible.ts";

export type ReservedFacts = Pick<PlacementFacts, "reserved" | "reservedOthers">;

interface CoveredInput {
  readonly market: ReservedFacts;
  /** As it was when `market` was read. */
  readonly judged: GroupFacts;
  /** As it is now. */
  readonly group: GroupFacts;
  readonly policy: Pick<Policy, "respectReservations">;
}

/** Of the type of a template, or of another that members have. */
export const coverageOf = (
  { reserved, reservedOthers = {} }: ReservedFacts,
  instanceType: string,
): ReservedCoverage => reservedOthers[instanceType] ?? reserved;

/** Those that have left On-Demand since. */
const goneOf = ({ judged, group }: CoveredInput, instanceType: string): number =>
  judged.members.filter(
    (member) =>
      isOnDemand(member) &&
      member.instanceType === instanceType &&
      memberOf(group, member.instanceId) === undefined,
  ).length;

const because = ({ market }: CoveredInput, instanceType: string): string => {
  const { reservedCount, runningCount } = coverageOf(market, instanceType);
  return `is paid by what is reserved (${counted(reservedCount, "Reserved Instance")} of ${instanceType} for ${String(runningCount)} running)`;
};

const splitType = (
  members: readonly GroupMember[],
  instanceType: string,
  input: CoveredInput,
): Pick<Convertible, "members" | "kept"> => {
  const free = uncoveredCount(coverageOf(input.market, instanceType)) - goneOf(input, instanceType);
  const most = Math.max(0, free);
  return {
    members: members.slice(0, most),
    kept: members
      .slice(most)
      .map(({ instanceId }): KeptMember => ({ instanceId, because: because(input, instanceType) })),
  };
};

/** Those that are kept are told with the others. In the order in which they were. */
export const withoutCovered = (convertible: Convertible, input: CoveredInput): Convertible => {
  if (!input.policy.respectReservations) return convertible;
  const byType = Map.groupBy(convertible.members, ({ instanceType }) => instanceType);
  const split = [...byType].map(([type, members]) => splitType(members, type, input));
  const going = new Set(split.flatMap(({ members }) => members));
  return {
    members: convertible.members.filter((member) => going.has(member)),
    most: Math.min(convertible.most, going.size),
    kept: [...convertible.kept, ...split.flatMap(({ kept }) => kept)],
  };
};

export interface CoveredMembers {
  /** So many more would go. */
  readonly count: number;
  /** From among these: those that go too. */
  readonly members: readonly GroupMember[];
  /** One of those that stay, with the numbers. */
  readonly first: KeptMember;
}

/** @param all those that could go, were nothing reserved; @param going those that may. Undefined: they are as many */
export const coveredOf = (all: Convertible, going: Convertible): CoveredMembers | undefined => {
  const count = Math.min(all.most, all.members.length) - going.most;
  const [first] = going.kept.slice(all.kept.length);
  return count <= 0 || first === undefined ? undefined : { count, members: all.members, first };
};

/** `4 Reserved Instances of m5.large cover all 4 running`, for each type of these members. */
const sentenceOfCover = (members: readonly GroupMember[], market: ReservedFacts): string =>
  [...new Set(members.map(({ instanceType }) => instanceType))]
    .sort()
    .map((type) => {
      const { reservedCount, runningCount } = coverageOf(market, type);
      return `${counted(reservedCount, "Reserved Instance")} of ${type} ${reservedCount === 1 ? "covers" : "cover"} all ${String(runningCount)} running`;
    })
    .join(", ");

/** Each that could go is paid by what is reserved. @param whole of the group: its marks stay */
export const allCovered = (
  { verdict, offers }: Choice,
  {
    group: { asgName, template },
    market,
    covered: { members },
  }: {
    readonly group: GroupFacts;
    readonly market: ReservedFacts;
    readonly covered: CoveredMembers;
  },
): Verdict => {
  const { savings: _none, ...others } = verdict;
  const added = addedBySpot(offers, template?.instanceType ?? "");
  return {
    ...others,
    kind: "REFUSE",
    reason: "COVERED_BY_RESERVATION",
    sentence: `${sentenceOfCover(members, market)}: for each of ${counted(members.length, "member")} of group ${asgName} that could be converted ${added} to what is paid anyway.`,
    offers: [],
  };
};

/** Of a verdict by which others go: how many stay for what is reserved. */
export const tellCovered = (
  verdict: Verdict,
  { count, first: { instanceId, because } }: CoveredMembers,
): Verdict => ({
  ...verdict,
  sentence: `${verdict.sentence} ${counted(count, "member")} more ${count === 1 ? "stays" : "stay"} On-Demand: ${instanceId} and its like ${because.replace(/^is/, "are")}.`,
});

/**
 * Leaves as many On-Demand members as Reserved Instances pay for: what is reserved is billed whether it is used or not. By the type of each
 * member, in the account and region. Others than those of a group may use it too: as many may go as run without being covered.
 */
import { isOnDemand, memberOf, type GroupFacts, type GroupMember } from "../../model/group.ts";
import type { Policy } from "../../policy/policy.ts";
import type { Verdict } from "../../model/verdict.ts";
import type { Choice } from "../offers/choice.ts";
import { counted } from "../offers/figures.ts";
import { addedBySpot, coverageOf, uncoveredCount, type ReservedFacts } from "../offers/reserved.ts";
import type { Convertible, KeptMember } from "./convertible.ts";

interface CoveredInput {
  readonly market: ReservedFacts;
  /** As it was when `market` was read. */
  readonly judged: GroupFacts;
  /** As it is now. */
  readonly group: GroupFacts;
  readonly policy: Pick<Policy, "respectReservations">;
}

/** Those that have left On-Demand since. */
const goneOf = ({ judged, group }: CoveredInput, instanceType: string): number =>
  judged.members.filter(
    (member) =>
      isOnDemand(member) &&
      member.instanceType === instanceType &&
      memberOf(group, member.instanceId) === undefined,
  ).length;

const byType = (members: readonly GroupMember[]): ReadonlyMap<string, readonly GroupMember[]> =>
  Map.groupBy(members, ({ instanceType }) => instanceType);

/** Which of them go is found out later: where each could go is not known here. */
export interface Uncovered extends Convertible {
  /** At most so many of each type. */
  readonly mostOfType: ReadonlyMap<string, number>;
}

const freeOf = (input: CoveredInput, instanceType: string, count: number): number => {
  const free = uncoveredCount(coverageOf(input.market, instanceType)) - goneOf(input, instanceType);
  return Math.min(count, Math.max(0, free));
};

/** Members of a type of which none may go are kept, and told with the others. */
export const withoutCovered = (convertible: Convertible, input: CoveredInput): Uncovered => {
  if (!input.policy.respectReservations) return { ...convertible, mostOfType: new Map() };
  const mostOfType = new Map(
    [...byType(convertible.members)].map(([type, members]) => [
      type,
      freeOf(input, type, members.length),
    ]),
  );
  const isFree = ({ instanceType }: GroupMember): boolean => mostOfType.get(instanceType) !== 0;
  const sum = [...mostOfType.values()].reduce((total, most) => total + most, 0);
  return {
    members: convertible.members.filter(isFree),
    most: Math.min(convertible.most, sum),
    mostOfType,
    kept: [
      ...convertible.kept,
      ...convertible.members
        .filter((member) => !isFree(member))
        .map(({ instanceId, instanceType }): KeptMember => ({
          instanceId,
          because: `is paid by what is reserved (${numbersOf(input.market, instanceType)})`,
        })),
    ],
  };
};

/** `1 Reserved Instance of m5.large for 4 running` */
const numbersOf = (market: ReservedFacts, instanceType: string): string => {
  const { reservedCount, runningCount } = coverageOf(market, instanceType);
  return `${counted(reservedCount, "Reserved Instance")} of ${instanceType} for ${String(runningCount)} running`;
};

export interface CoveredMembers {
  /** So many more would go. */
  readonly count: number;
  /** So many may. */
  readonly free: number;
  /** From among these: those that go too. */
  readonly members: readonly GroupMember[];
  /** Of which not all may go. */
  readonly types: readonly string[];
}

/** @param all those that could go, were nothing reserved; @param going those that may. Undefined: they are as many */
export const coveredOf = (
  all: Convertible,
  { most, mostOfType }: Uncovered,
): CoveredMembers | undefined => {
  const count = Math.min(all.most, all.members.length) - most;
  const types = [...byType(all.members)]
    .filter(([type, members]) => (mostOfType.get(type) ?? Infinity) < members.length)
    .map(([type]) => type);
  return count <= 0 ? undefined : { count, free: most, members: all.members, types };
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

/** Of a verdict by which as many go as may: how many stay for what is reserved. */
export const tellCovered = (
  verdict: Verdict,
  {
    covered: { count, types },
    market,
  }: { readonly covered: CoveredMembers; readonly market: ReservedFacts },
): Verdict => ({
  ...verdict,
  sentence: `${verdict.sentence} ${counted(count, "member")} more ${count === 1 ? "stays" : "stay"} On-Demand, for what is reserved is paid anyway (${types.map((type) => numbersOf(market, type)).join(", ")}).`,
});

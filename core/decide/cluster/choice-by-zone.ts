/**
 * The judgement on a group by its second version, for replays of what was judged so: each zone for itself, and no member with regard to the others.
 * There was no way back then.
 */
import type { GroupFacts, GroupMember } from "../../model/group.ts";
import { poolKey, type Pool } from "../../model/market.ts";
import type { Offer } from "../../model/offer.ts";
import { callsForAction, type Verdict } from "../../model/verdict.ts";
import { chooseOffers, type Choice, type ChoiceInput } from "../offers/choice.ts";
import { counted } from "../offers/figures.ts";
import type { Standing } from "../offers/placement.ts";
import { toOnDemand, toSpot } from "./convertible.ts";
import { needOfVictim } from "./need.ts";
import { nothingToConvert } from "./nothing-to-convert.ts";

/** Members of one zone that stand alike: they are judged once. */
interface Alike {
  readonly member: GroupMember;
  readonly count: number;
  readonly standing: Standing;
}

const alikeOf = (
  members: readonly GroupMember[],
  standingOf: (member: GroupMember) => Standing | undefined,
): readonly Alike[] =>
  [...Map.groupBy(members, (member) => `${member.zoneId}#${member.instanceType}`).values()].flatMap(
    (some) => {
      const [member] = some;
      const standing = member && standingOf(member);
      return member === undefined || standing === undefined
        ? []
        : [{ member, count: some.length, standing }];
    },
  );

const onDemand: Standing = { kind: "ON_DEMAND" };

/** By the pool that it stands in. Undefined where its price or its risk is not known: it stays. */
const spotStanding = (
  { zoneId, instanceType }: GroupMember,
  offers: readonly Offer[],
): Standing | undefined => {
  const own = offers.find(
    ({ pool }) => pool.zoneId === zoneId && pool.instanceType === instanceType,
  );
  return own?.spotHourlyUsd === undefined || own.risk === undefined
    ? undefined
    : { kind: "SPOT", spotHourlyUsd: own.spotHourlyUsd, risk: own.risk };
};

interface Judged extends Alike {
  readonly verdict: Verdict;
}

const judgeAlike = (alike: Alike, group: GroupFacts, input: ChoiceInput): Judged => {
  const { member, standing } = alike;
  const need = needOfVictim(member, { group, policy: input.policy }, standing);
  const { verdict } = chooseOffers({
    ...input,
    need,
    offers: input.offers.filter(({ pool }) => pool.zoneId === member.zoneId),
  });
  return { ...alike, verdict };
};

/** Best first in each zone; of the zones, in the order of what all offers cost. */
const unionOf = (judged: readonly Judged[], ranked: readonly Offer[]): readonly Pool[] => {
  const chosen = new Set(judged.flatMap(({ verdict }) => verdict.offers.map(poolKey)));
  return ranked.map(({ pool }) => pool).filter((pool) => chosen.has(poolKey(pool)));
};

const countOf = (judged: readonly Judged[]): number =>
  judged.reduce((sum, { count }) => sum + count, 0);

/** Those that are to go, with what is said of the first; of those that stay the first one's verdict where none is to go. */
const concludeFor = (
  judged: readonly Judged[],
  {
    group,
    most,
    ranked,
  }: { readonly group: GroupFacts; readonly most: number; readonly ranked: readonly Offer[] },
): Verdict | undefined => {
  const going = judged.filter(({ verdict }) => callsForAction(verdict));
  const [first] = going;
  if (first === undefined) {
    return (judged.find(({ verdict }) => verdict.kind === "FALLBACK_ON_DEMAND") ?? judged[0])
      ?.verdict;
  }
  const best =
    going.toSorted(
      (one, other) => (other.verdict.savings?.percent ?? 0) - (one.verdict.savings?.percent ?? 0),
    )[0] ?? first;
  const total = Math.min(most, countOf(going));
  return {
    ...best.verdict,
    sentence: `${String(total)} of ${counted(group.members.length, "member")} of group ${group.asgName} ${total === 1 ? "is" : "are"} to go. ${best.verdict.sentence}`,
    offers: unionOf(going, ranked),
  };
};

/** As it was: whoever brought a Spot member. */
const movableMembers = (group: GroupFacts): readonly GroupMember[] =>
  toOnDemand(group, { moveOwnersSpot: true }).members;

/** @param input of the group as a whole; `whole`: what is said of it */
export const chooseByZone = (
  input: ChoiceInput,
  { group, whole }: { readonly group: GroupFacts; readonly whole: Choice },
): Verdict => {
  const convertible = toSpot(group, input.policy);
  const movable = movableMembers(group);
  const judged = [
    ...alikeOf(convertible.most === 0 ? [] : convertible.members, () => onDemand),
    ...alikeOf(movable, (member) => spotStanding(member, input.offers)),
  ].map((one) => judgeAlike(one, group, input));
  const most = convertible.most + movable.length;
  return (
    concludeFor(judged, { group, most, ranked: whole.offers }) ??
    nothingToConvert(whole.verdict, { group, kept: convertible.kept, kind: "SWITCH" })
  );
};

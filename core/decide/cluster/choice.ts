/**
 * Is it worth it for any member, and onto which pools? Each zone is judged for itself, since a replacement stands where its original stood; On-Demand
 * members by what On-Demand costs, Spot members by what their own pool costs with its risk.
 */
import { kindOf, type EvaluationKind } from "../../model/evaluation-kind.ts";
import type { GroupFacts, GroupMember } from "../../model/group.ts";
import { poolKey, type Pool } from "../../model/market.ts";
import type { Offer } from "../../model/offer.ts";
import { callsForAction, type Verdict } from "../../model/verdict.ts";
import { policyOfGroup, readGroupTags } from "../../policy/group-tags.ts";
import { chooseOffers, type Choice, type ChoiceInput } from "../offers/choice.ts";
import { counted } from "../offers/figures.ts";
import type { ChooseInput } from "../offers/judge.ts";
import type { Standing } from "../offers/placement.ts";
import { convertibleMembers, movableMembers, type Convertible } from "./convertible.ts";
import { groupIn, needOfClusterFacts, needOfVictim } from "./need.ts";

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
  const { purchase } = input.need;
  const { verdict } = chooseOffers({
    ...input,
    need: purchase === undefined ? need : { ...need, purchase },
    offers: input.offers.filter(({ pool }) => pool.zoneId === member.zoneId),
  });
  return { ...alike, verdict };
};

/** Best first in each zone; of the zones, in the order of what all offers cost. */
const unionOf = (judged: readonly Judged[], ranked: readonly Offer[]): readonly Pool[] => {
  const chosen = new Set(judged.flatMap(({ verdict }) => verdict.offers.map(poolKey)));
  return ranked.map(({ pool }) => pool).filter((pool) => chosen.has(poolKey(pool)));
};

const nothingToConvert = (
  verdict: Verdict,
  {
    group,
    convertible: { kept },
    kind,
  }: {
    readonly group: GroupFacts;
    readonly convertible: Convertible;
    readonly kind: EvaluationKind;
  },
): Verdict => {
  const { savings: _none, ...others } = verdict;
  const target = kind === "FALL_BACK" ? "On-Demand" : "Spot";
  const named = kept.slice(0, 5).map(({ instanceId, because }) => `${instanceId} ${because}`);
  const rest = kept.length > named.length ? ` and ${String(kept.length - named.length)} more` : "";
  const why = named.length === 0 ? "" : ` Left alone: ${named.join("; ")}${rest}.`;
  return {
    ...others,
    kind: "STAY",
    reason: "NOTHING_TO_CONVERT",
    sentence: `Of ${counted(group.members.length, "member")} of group ${group.asgName} none is to go to ${target}: they stand there, are its On-Demand base, or are not to be touched.${why}`,
    offers: [],
  };
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

/** The facts hold group and market. @throws BrokenFacts where they do not */
export const chooseForGroup = ({ facts, ...given }: ChooseInput<"CLUSTER">): Choice => {
  const group = groupIn(facts);
  const policy = policyOfGroup(given.policy, readGroupTags(group.tags));
  const kind = kindOf(facts);
  const need = needOfClusterFacts(facts, policy);
  const input: ChoiceInput = { ...given, policy, need, market: facts.market };
  const whole = chooseOffers(input);
  const convertible = convertibleMembers(group, policy, kind);
  const alike =
    kind === "FALL_BACK"
      ? alikeOf(convertible.members, () => onDemand)
      : [
          ...alikeOf(convertible.most === 0 ? [] : convertible.members, () => onDemand),
          ...alikeOf(movableMembers(group), (member) => spotStanding(member, given.offers)),
        ];
  const judged = alike.map((one) => judgeAlike(one, group, input));
  const most = convertible.most + (kind === "FALL_BACK" ? 0 : movableMembers(group).length);
  const verdict =
    concludeFor(judged, { group, most, ranked: whole.offers }) ??
    nothingToConvert(whole.verdict, { group, convertible, kind });
  return { offers: whole.offers, verdict };
};

/**
 * Is it worth it for any member, and onto which pools? A replacement stands where its original stood, so that members of one zone that stand alike are
 * asked about once; those that are to go are then placed together, each with regard to those before it. On-Demand members are judged by what On-Demand
 * costs, Spot members by what their own pool costs with its risk.
 */
import { kindOf, type EvaluationKind } from "../../model/evaluation-kind.ts";
import { isOnDemand, type GroupFacts } from "../../model/group.ts";
import { poolKey, type Pool } from "../../model/market.ts";
import type { Move } from "../../model/move.ts";
import type { Offer } from "../../model/offer.ts";
import { callsForAction, type Verdict, type VerdictReason } from "../../model/verdict.ts";
import { policyOfGroup, readGroupTags } from "../../policy/group-tags.ts";
import { chooseOffers, onDemandHourlyOf, type Choice, type ChoiceInput } from "../offers/choice.ts";
import { counted } from "../offers/figures.ts";
import type { ChooseInput } from "../offers/judge.ts";
import { coverageOf, type ReservedFacts } from "../offers/reserved.ts";
import { withTogether } from "../offers/savings-of-moves.ts";
import { wayBackOffers } from "../offers/way-back.ts";
import { chooseByZone } from "./choice-by-zone.ts";
import { allCovered, tellCovered, type CoveredMembers } from "./covered.ts";
import { dueMembers, type DueMember, type DuePart } from "./due.ts";
import { groupIn, needOfClusterFacts, needOfVictim } from "./need.ts";
import { nothingToConvert } from "./nothing-to-convert.ts";
import { placeAllParts, togetherHourlyUsd, type PlacedMember, type Placing } from "./place.ts";
import { spreadSentence } from "./placed.ts";

/** All of one group that a judgement on it goes by. */
interface GroupInput extends ChoiceInput {
  readonly group: GroupFacts;
  readonly kind: EvaluationKind;
  /** Why nothing goes to On-Demand. */
  readonly noFallback?: string;
  /** Members that leave because EC2 recommends it. */
  readonly recommended?: readonly string[] | undefined;
}

/** Of members of one zone that stand alike, and are judged once. */
interface Judged {
  readonly members: readonly [DueMember, ...DueMember[]];
  /** Absent: they go whatever Spot offers. */
  readonly verdict?: Verdict;
}

/** What one member is offered: the way back goes On-Demand, and no Spot member is offered its own pool again. */
const judgeAlike = (
  members: Judged["members"],
  { group, kind, lastSwitchAt, ...input }: GroupInput,
): Judged => {
  const { market } = input;
  const [{ member, standing, pool, to }] = members;
  if (to !== undefined && kind !== "FALL_BACK") return { members };
  const need = needOfVictim(member, { group, policy: input.policy }, standing);
  // Each Spot member has a dwell time of its own.
  const isOnSpot = standing.kind === "SPOT";
  const { verdict } = chooseOffers({
    ...input,
    ...(lastSwitchAt === undefined || isOnSpot ? {} : { lastSwitchAt }),
    // Those that are covered are not among the On-Demand members that are asked about: of the others each type has its own.
    ...(isOnSpot
      ? {}
      : { market: { ...market, reserved: coverageOf(market, member.instanceType) } }),
    need: to === undefined ? need : { ...need, purchase: to },
    offers: input.offers.filter(
      (offer) =>
        offer.pool.zoneId === member.zoneId &&
        (pool === undefined || poolKey(offer.pool) !== poolKey(pool)),
    ),
  });
  return { members, verdict };
};

const judgeParts = (parts: readonly DuePart[], input: GroupInput): readonly Judged[] =>
  parts.flatMap(({ members }) => {
    const alike = Map.groupBy(
      members,
      ({ member, standing }) => `${member.zoneId}#${member.instanceType}#${standing.kind}`,
    );
    return [...alike.values()].flatMap(([first, ...others]) =>
      first === undefined ? [] : [judgeAlike([first, ...others], input)],
    );
  });

/** Falling back is for what is judged to, and for what is to go anyway. */
const isToGo = ({ verdict }: Judged): boolean =>
  verdict === undefined || callsForAction(verdict) || verdict.kind === "FALLBACK_ON_DEMAND";

const onlyThose = (parts: readonly DuePart[], going: readonly Judged[]): readonly DuePart[] => {
  const chosen = new Set(going.flatMap(({ members }) => members));
  return parts.map(({ members, ...part }) => ({
    ...part,
    members: members.filter((due) => chosen.has(due)),
  }));
};

const placingOf = (input: GroupInput): Placing | undefined => {
  const { need, market, policy, offers, judgementVersion, kind, noFallback } = input;
  const onDemandHourlyUsd = onDemandHourlyOf(need, market);
  if (need.fleet === undefined || onDemandHourlyUsd === undefined) return undefined;
  const isAskedBack = kind === "FALL_BACK";
  return {
    fleet: need.fleet,
    offers: isAskedBack ? [] : offers,
    terms: { policy, onDemandHourlyUsd, judgementVersion },
    wayBack: noFallback === undefined ? wayBackOffers({ need, market, policy }) : [],
  };
};

const poolsOf = (placed: readonly PlacedMember[], ranked: readonly Offer[]): readonly Pool[] => {
  const chosen = new Map(
    placed.flatMap(({ offers }) => offers.map((pool) => [poolKey(pool), pool] as const)),
  );
  const inOrder = ranked.map(({ pool }) => poolKey(pool)).filter((key) => chosen.has(key));
  return [...new Set([...inOrder, ...chosen.keys()])].flatMap((key) => chosen.get(key) ?? []);
};

/** Those that are to move as well, and not in this hour: as many as may have moved, or do so now. */
const waitingIn = (
  parts: readonly DuePart[],
  going: readonly Judged[],
  placed: readonly PlacedMember[],
): number => {
  const moving = new Set(
    going.flatMap(({ members, verdict }) => (verdict?.kind === "SWITCH" ? members : [])),
  );
  const gone = new Map(placed.map((one) => [one.member.instanceId, one]));
  const placeOf = ({ member }: DueMember): PlacedMember | undefined => gone.get(member.instanceId);
  return parts
    .filter(({ isPaced = false }) => isPaced)
    .map(({ members, most }) => {
      const found = members.flatMap((due) => placeOf(due) ?? []);
      const moved = found.filter(({ purchase }) => purchase === undefined).length;
      const left = members.filter((due) => moving.has(due) && placeOf(due) === undefined);
      return moved < most ? 0 : left.length;
    })
    .reduce((sum, count) => sum + count, 0);
};

const tellWaiting = (waiting: number): string =>
  waiting === 0
    ? ""
    : ` ${counted(waiting, "more member")} may follow: a tenth of a group moves by itself in an hour.`;

const storyOf = (
  placed: readonly PlacedMember[],
  { group, waiting }: Pick<GroupInput, "group"> & { readonly waiting: number },
): string => {
  const total = placed.length;
  const firsts = (some: readonly PlacedMember[]): string =>
    spreadSentence(some.map(({ offers: [first] }) => first));
  const toSpot = placed.filter(({ purchase }) => purchase === undefined);
  const back = placed.filter(({ purchase }) => purchase !== undefined);
  const places = [
    ...(toSpot.length === 0 ? [] : [firsts(toSpot)]),
    ...(back.length === 0 ? [] : [`back to On-Demand ${firsts(back)}`]),
  ].join("; ");
  return `${String(total)} of ${counted(group.members.length, "member")} of group ${group.asgName} ${total === 1 ? "is" : "are"} to go: ${places}.${tellWaiting(waiting)}`;
};

const moveOf = ({ member, offers: [pool], purchase }: PlacedMember): Move => ({
  originalId: member.instanceId,
  pool,
  ...(purchase === undefined ? {} : { purchase }),
});

const backReason = (judged: readonly Judged[], { kind }: GroupInput): VerdictReason => {
  if (kind === "FALL_BACK") return "ASKED_FOR";
  return judged.some(({ verdict }) => verdict === undefined)
    ? "BELOW_ON_DEMAND_BASE"
    : "ON_DEMAND_IS_CHEAPER";
};

const whyBack = (judged: readonly Judged[], { policy }: GroupInput): string => {
  const told = judged.find(({ verdict }) => verdict?.kind === "FALLBACK_ON_DEMAND")?.verdict;
  return told?.sentence ?? `The On-Demand base is ${String(policy.onDemandBase)}.`;
};

/** With what is said of those who save most. */
const concludeGoing = (
  placed: readonly PlacedMember[],
  going: readonly Judged[],
  {
    whole,
    input,
    waiting,
  }: { readonly whole: Choice; readonly input: GroupInput; readonly waiting: number },
): Verdict => {
  const offers = poolsOf(placed, whole.offers);
  const story = storyOf(placed, { ...input, waiting });
  const best = going
    .flatMap(({ verdict }) => (verdict?.kind === "SWITCH" ? [verdict] : []))
    .toSorted((one, other) => (other.savings?.percent ?? 0) - (one.savings?.percent ?? 0))[0];
  const isSwitch = placed.some(({ purchase }) => purchase === undefined);
  if (best !== undefined && isSwitch) {
    const verdict = { ...best, sentence: `${story} ${best.sentence}`, offers };
    const { group, offers: judged, market, policy, judgementVersion } = input;
    return withTogether(verdict, {
      moves: placed.map(moveOf),
      members: group.members,
      offers: judged,
      market,
      policy,
      judgementVersion,
    });
  }
  const { savings: _none, ...marks } = whole.verdict;
  return {
    ...marks,
    kind: "FALLBACK_ON_DEMAND",
    reason: backReason(going, input),
    sentence: `${story} ${whyBack(going, input)}`,
    offers,
  };
};

/** What is said of those that stay: an advice to leave Spot before all else, for nothing On-Demand can take them. */
const concludeStaying = (
  judged: readonly Judged[],
  { noFallback }: GroupInput,
): Verdict | undefined => {
  const verdicts = judged.flatMap(({ verdict }) => verdict ?? []);
  const advice = verdicts.find(({ kind }) => kind === "FALLBACK_ON_DEMAND");
  if (advice === undefined) return verdicts[0];
  const sentence = [advice.sentence, ...(noFallback === undefined ? [] : [noFallback])].join(" ");
  return { ...advice, sentence, offers: [] };
};

/** Where as many go as may: the others stay for what is reserved. */
const withCovered = (
  verdict: Verdict,
  {
    placed,
    covered,
    market,
  }: {
    readonly placed: readonly PlacedMember[];
    readonly covered: CoveredMembers | undefined;
    readonly market: ReservedFacts;
  },
): Verdict => {
  if (covered === undefined) return verdict;
  const going = placed.filter(
    ({ member, purchase }) => purchase === undefined && isOnDemand(member),
  );
  return going.length < covered.free ? verdict : tellCovered(verdict, { covered, market });
};

const chooseTogether = (
  input: GroupInput,
  whole: Choice,
): Pick<Choice, "moves" | "togetherHourlyUsd" | "verdict"> => {
  const { group, policy, kind, offers, market, recommended, judgementVersion } = input;
  const due = dueMembers({
    group,
    policy,
    kind,
    recommended,
    offers,
    judgementVersion,
    at: market.observedAt,
    covered: { market, judged: group },
  });
  const { covered } = due;
  const judged = judgeParts(due.parts, input);
  const going = judged.filter(isToGo);
  const placing = placingOf(input);
  const parts = onlyThose(due.parts, going);
  const placed = placing === undefined ? [] : placeAllParts({ parts, placing });
  const waiting = waitingIn(parts, going, placed);
  if (placing !== undefined && placed.length > 0) {
    const verdict = concludeGoing(placed, going, { whole, input, waiting });
    return {
      verdict: withCovered(verdict, { placed, covered, market }),
      togetherHourlyUsd: togetherHourlyUsd(placed, placing, policy),
      moves: placed.map(moveOf),
    };
  }
  // Where some only wait that is told, unless Spot is to be left.
  const others = judged.filter(({ verdict }) => verdict?.kind === "FALLBACK_ON_DEMAND");
  const staying =
    concludeStaying(waiting === 0 ? judged : others, input) ??
    (covered === undefined
      ? nothingToConvert(whole.verdict, { group, kept: due.kept, kind })
      : allCovered(whole, { group, market, covered }));
  return { verdict: staying };
};

/** The facts hold group and market. @throws BrokenFacts where they do not */
export const chooseForGroup = ({ facts, ...given }: ChooseInput<"CLUSTER">): Choice => {
  const group = groupIn(facts);
  const policy = policyOfGroup(given.policy, readGroupTags(group.tags));
  const need = needOfClusterFacts(facts, policy);
  const input: GroupInput = {
    ...given,
    policy,
    need,
    market: facts.market,
    group,
    kind: kindOf(facts),
    recommended: facts.recommended,
    ...(facts.noFallback === undefined ? {} : { noFallback: facts.noFallback }),
  };
  const whole = chooseOffers(input);
  const chosen =
    given.judgementVersion < 3
      ? { verdict: chooseByZone(input, { group, whole }) }
      : chooseTogether(input, whole);
  return { offers: whole.offers, ...chosen };
};

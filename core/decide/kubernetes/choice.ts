/**
 * Is it worth it for any node, and from which pools? Each is asked about alone: in its zone, on the types on which all its pods find room. Nodes are
 * replaced one after the other, and the next is judged again.
 */
import { isOnDemand } from "../../model/group.ts";
import type { MarketedFacts } from "../../model/evaluation.ts";
import { poolKey } from "../../model/market.ts";
import type { Move } from "../../model/move.ts";
import type { Offer } from "../../model/offer.ts";
import { callsForAction, type Verdict } from "../../model/verdict.ts";
import { chooseOffers, type Choice, type ChoiceInput } from "../offers/choice.ts";
import { counted } from "../offers/figures.ts";
import type { ChooseInput } from "../offers/judge.ts";
import { coverageOf } from "../offers/reserved.ts";
import type { Standing } from "../offers/placement.ts";
import { withTogether } from "../offers/savings-of-moves.ts";
import { listed } from "../switch/objection.ts";
import { foretoldRisk } from "../switch/recommendation.ts";
import { scopeOfFacts } from "./candidate-nodes.ts";
import { isFree, judgeCandidates, type JudgedNode } from "./judge-candidates.ts";
import { needOfKubernetesFacts, needOfNode } from "./need.ts";
import { rejectTypes, roomJudge, whyNotAnyOfGroup } from "./type-room.ts";

interface NodesInput extends ChoiceInput {
  readonly facts: MarketedFacts<"KUBERNETES">;
}

interface Asked {
  readonly judged: JudgedNode;
  readonly verdict: Verdict;
}

interface Kept {
  readonly name: string;
  /** A sentence, or the end of one. */
  readonly because: string;
}

const offersFor = (
  { judged, ofZone }: { readonly judged: JudgedNode; readonly ofZone: readonly Offer[] },
  { facts, market }: NodesInput,
): readonly Offer[] => {
  const room = { facts, types: market.types };
  return rejectTypes(ofZone, roomJudge(judged, room), room);
};

/** For the record: of a zone what does for any of its nodes. */
const offersForAny = (free: readonly JudgedNode[], input: NodesInput): readonly Offer[] => {
  const zones = Map.groupBy(input.offers, ({ pool }) => pool.zoneId);
  return [...zones].flatMap(([zoneId, ofZone]) => {
    const lists = free
      .filter(({ member }) => member.zoneId === zoneId)
      .map((judged) => offersFor({ judged, ofZone }, input));
    return ofZone.map((offer, index) => {
      const judged = lists.flatMap((offers) => offers[index] ?? []);
      return judged.find(({ rejection }) => rejection === undefined) ?? judged[0] ?? offer;
    });
  });
};

/** Of a Spot node that EC2 recommends to leave: what staying costs with the risk that this foretells. Undefined: that is not known, and it stays. */
const standingOf = ({ member }: JudgedNode, own: Offer | undefined): Standing | undefined => {
  if (isOnDemand(member)) return { kind: "ON_DEMAND" };
  if (own?.spotHourlyUsd === undefined || own.staying === undefined) return undefined;
  const { spotHourlyUsd, staying } = own;
  return { kind: "SPOT", spotHourlyUsd, risk: foretoldRisk(staying) };
};

const ask = (judged: JudgedNode, input: NodesInput): Asked | undefined => {
  const { lastSwitchAt, ...given } = input;
  const { facts, market } = given;
  const { member } = judged;
  const inZone = input.offers.filter(({ pool }) => pool.zoneId === member.zoneId);
  const own = isOnDemand(member)
    ? undefined
    : inZone.find(({ pool }) => pool.instanceType === member.instanceType);
  const standing = standingOf(judged, own);
  if (standing === undefined) return undefined;
  const ofZone = inZone.filter((offer) => offer !== own);
  const { verdict } = chooseOffers({
    ...given,
    // A Spot node rests by its own age.
    ...(lastSwitchAt === undefined || standing.kind === "SPOT" ? {} : { lastSwitchAt }),
    need: { ...needOfNode(facts, member), standing },
    market: { ...market, reserved: coverageOf(market, member.instanceType) },
    offers: offersFor({ judged, ofZone }, input),
  });
  return { judged, verdict };
};

const namedAtMost = 5;

const storyOf = (going: readonly Asked[], total: number, { facts }: NodesInput): string => {
  const names = going.map(({ judged }) => judged.node.name);
  const named =
    names.length <= namedAtMost
      ? listed(names)
      : `${names.slice(0, namedAtMost).join(", ")} and ${String(names.length - namedAtMost)} more`;
  const where =
    facts.spotNodeGroup === undefined ? "" : ` to Spot node group ${facts.spotNodeGroup.name}`;
  return `${String(going.length)} of ${counted(total, "node")} ${going.length === 1 ? "is" : "are"} to go${where}, one after the other: ${named}.`;
};

const keptSentence = (kept: readonly Kept[]): string =>
  kept.length === 0
    ? ""
    : ` Left alone: ${kept
        .slice(0, namedAtMost)
        .map(({ name, because }) => `${name}: ${because}`)
        .join(
          " ",
        )}${kept.length > namedAtMost ? ` And ${String(kept.length - namedAtMost)} more.` : ""}`;

const keysOf = ({ verdict }: Asked): ReadonlySet<string> => new Set(verdict.offers.map(poolKey));

/** Of nodes of one zone those that do for each; where there are none, those that do for any: a new node without room is given up. */
const keysForAll = ([first, ...others]: readonly Asked[]): readonly string[] => {
  if (first === undefined) return [];
  const sets = others.map(keysOf);
  const common = [...keysOf(first)].filter((key) => sets.every((keys) => keys.has(key)));
  return common.length > 0 ? common : [first, ...others].flatMap((one) => [...keysOf(one)]);
};

/** Best first, as they rank for all. */
const poolsOf = (going: readonly Asked[], ranked: readonly Offer[]): Verdict["offers"] => {
  const zones = Map.groupBy(going, ({ judged }) => judged.member.zoneId);
  const chosen = new Set([...zones.values()].flatMap(keysForAll));
  return ranked.map(({ pool }) => pool).filter((pool) => chosen.has(poolKey(pool)));
};

const concludeGoing = (
  going: readonly [Asked, ...Asked[]],
  {
    total,
    kept,
    whole,
    input,
  }: {
    readonly total: number;
    readonly kept: readonly Kept[];
    readonly whole: Choice;
    readonly input: NodesInput;
  },
): Verdict => {
  const [best] = going.toSorted(
    (one, other) => (other.verdict.savings?.percent ?? 0) - (one.verdict.savings?.percent ?? 0),
  );
  const { verdict } = best ?? going[0];
  const { facts, market, policy, offers, judgementVersion } = input;
  const together = withTogether(verdict, {
    moves: going.flatMap(moveOf),
    members: facts.group?.members ?? [],
    offers,
    market,
    policy,
    judgementVersion,
  });
  return {
    ...together,
    sentence: `${storyOf(going, total, input)} ${together.sentence}${keptSentence(kept)}`,
    offers: poolsOf(going, whole.offers),
  };
};

const moveOf = ({ judged, verdict: { offers } }: Asked): readonly Move[] =>
  offers.slice(0, 1).map((pool) => ({ originalId: judged.member.instanceId, pool }));

/** The market could not be asked for them: what their pods need is found nowhere. */
const noRoom = (kept: readonly Kept[], { verdict }: Choice): Verdict => {
  const { savings: _none, ...marks } = verdict;
  const [first] = kept;
  return {
    ...marks,
    kind: "REFUSE",
    reason: "PODS_DO_NOT_FIT",
    sentence: `No node can be replaced: ${first?.name ?? "none"}: ${first?.because ?? "none was read."}`,
    offers: [],
  };
};

/** The facts hold group, cluster and market. @throws BrokenFacts where they do not */
export const chooseForNodes = ({ facts, ...given }: ChooseInput<"KUBERNETES">): Choice => {
  const { market } = facts;
  const input: NodesInput = { ...given, facts, market, need: needOfKubernetesFacts(facts) };
  const { policy, judgementVersion } = given;
  const scope = scopeOfFacts(facts);
  const judged = judgeCandidates({ facts, policy, scope, judgementVersion });
  const room = { facts, types: market.types };
  const free = judged.filter(isFree);
  const unfit = new Map(free.map((one) => [one, whyNotAnyOfGroup(one, room)]));
  const asked = free
    .filter((one) => unfit.get(one) === undefined)
    .flatMap((one) => ask(one, input) ?? []);
  const kept: readonly Kept[] = judged.flatMap((one) => {
    const because = one.judgement.blockers[0]?.sentence ?? unfit.get(one);
    return because === undefined
      ? []
      : [{ name: one.node.name, because: because.endsWith(".") ? because : `${because}.` }];
  });
  const whole = chooseOffers({ ...input, offers: offersForAny(free, input) });
  const [one, ...others] = asked.filter(({ verdict }) => callsForAction(verdict));
  const { offers } = whole;
  if (one === undefined) return { offers, verdict: asked[0]?.verdict ?? noRoom(kept, whole) };
  const going: readonly [Asked, ...Asked[]] = [one, ...others];
  const verdict = concludeGoing(going, { total: judged.length, kept, whole, input });
  return { offers, verdict, moves: going.flatMap(moveOf) };
};

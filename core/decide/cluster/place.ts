/**
 * Where the members that are due go: onto which Spot pools, or back to On-Demand. One answer for the verdict on a group and for each of its batches, and
 * by the same function by which the backtest places a fleet.
 */
import type { GroupMember } from "../../model/group.ts";
import { poolKey, type Pool } from "../../model/market.ts";
import type { Offer } from "../../model/offer.ts";
import type { Policy } from "../../policy/policy.ts";
import { placerOf, type PlacingInput } from "../offers/batch.ts";
import { poolName, usdPerHour } from "../offers/figures.ts";
import type { PricedOffer } from "../offers/offer-cost.ts";
import type { DueMember, DuePart } from "./due.ts";
import { placedSentence } from "./placed.ts";

export interface PlacedMember {
  readonly member: GroupMember;
  /** Absent: on Spot. */
  readonly purchase?: "ON_DEMAND";
  /** Of its zone, best first. */
  readonly offers: readonly [Pool, ...Pool[]];
  /** Why the first of them. */
  readonly sentence: string;
}

export interface Placing extends PlacingInput {
  /** Where members can go On-Demand, best first. */
  readonly wayBack: readonly Offer[];
}

const onSpot = (
  { member }: DueMember,
  [first, ...others]: readonly [PricedOffer, ...PricedOffer[]],
): PlacedMember => ({
  member,
  offers: [first.pool, ...others.map(({ pool }) => pool)],
  sentence: placedSentence([first, ...others]),
});

/** Undefined: nothing of its zone can take it. */
const onDemand = (
  { member }: Pick<DueMember, "member">,
  { wayBack, terms }: Placing,
): PlacedMember | undefined => {
  const [first, ...others] = wayBack
    .filter(({ pool }) => pool.zoneId === member.zoneId)
    .slice(0, terms.policy.maxOffers);
  if (first === undefined) return undefined;
  const { onDemandHourlyUsd } = first;
  const price = onDemandHourlyUsd === undefined ? "" : ` at ${usdPerHour(onDemandHourlyUsd)}`;
  return {
    member,
    purchase: "ON_DEMAND",
    offers: [first.pool, ...others.map(({ pool }) => pool)],
    sentence: `On-Demand ${poolName(first.pool)}${price}`,
  };
};

/** Places one member after the other. Undefined: it stays. */
export const memberPlacer = (placing: Placing): ((due: DueMember) => PlacedMember | undefined) => {
  const place = placerOf(placing);
  return (due) => {
    const { member, standing, pool, to } = due;
    if (to !== undefined) return onDemand(due, placing);
    const { zoneId } = member;
    const placement = place({ standing, zoneId, ...(pool === undefined ? {} : { pool }) });
    switch (placement.kind) {
      case "MOVE":
        return onSpot(due, placement.offers);
      case "FALL_BACK":
        return onDemand(due, placing);
      case "STAY":
        return undefined;
    }
  };
};

/** The zone with the most of them first, one at a time, so that none is emptied before the others. */
const inTurns = (due: readonly DueMember[]): readonly DueMember[] => {
  const left = Map.groupBy(due, ({ member }) => member.zoneId);
  const chosen: DueMember[] = [];
  while (chosen.length < due.length) {
    const [fullest] = [...left]
      .filter(([, some]) => some.length > 0)
      .toSorted(([zone, one], [other, two]) => two.length - one.length || (zone < other ? -1 : 1));
    const [zoneId, [next, ...others]] = fullest ?? ["", []];
    if (next === undefined) break;
    chosen.push(next);
    left.set(zoneId, others);
  }
  return chosen;
};

export interface PlaceInput {
  readonly parts: readonly DuePart[];
  readonly placing: Placing;
  /** In all. */
  readonly atMost: number;
  /** Of a zone at a time. */
  readonly roomIn: (zoneId: string) => number;
}

const countOf = (placed: readonly PlacedMember[], instanceType: string): number =>
  placed.filter(({ member }) => member.instanceType === instanceType).length;

type Place = (due: DueMember) => PlacedMember | undefined;

interface Places {
  /** With regard to those before it. */
  readonly inTurn: Place;
  /** One that is to wait with its move goes back to On-Demand all the same, where it would alone. */
  readonly back: Place;
}

const placesOf = (placing: Placing): Places => ({
  inTurn: memberPlacer(placing),
  back: (due) => {
    const found = memberPlacer(placing)(due);
    return found?.purchase === undefined ? undefined : found;
  },
});

/** Undefined: as many have gone as may. */
const placeNext = (
  { most, isPaced }: DuePart,
  placed: readonly PlacedMember[],
  { inTurn, back }: Places,
): Place | undefined => {
  if (isPaced === undefined) return placed.length < most ? inTurn : undefined;
  const moved = placed.filter(({ purchase }) => purchase === undefined).length;
  return moved < most ? inTurn : back;
};

const placePart = (
  part: DuePart,
  places: Places,
  { atMost, roomIn }: Pick<PlaceInput, "atMost" | "roomIn">,
): readonly PlacedMember[] => {
  const { members, mostOfType = new Map() } = part;
  const placed: PlacedMember[] = [];
  for (const due of inTurns(members)) {
    const place = placeNext(part, placed, places);
    if (placed.length >= atMost || place === undefined) break;
    const { zoneId, instanceType } = due.member;
    const inZone = placed.filter(({ member }) => member.zoneId === zoneId).length;
    const isFull =
      inZone >= roomIn(zoneId) ||
      countOf(placed, instanceType) >= (mostOfType.get(instanceType) ?? Infinity);
    const found = isFull ? undefined : place(due);
    if (found !== undefined) placed.push(found);
  }
  return placed;
};

/** The first part of which any goes: what comes first is done before the next is looked at. */
export const placeFirstPart = (input: PlaceInput): readonly PlacedMember[] => {
  for (const part of input.parts) {
    const placed = placePart(part, placesOf(input.placing), input);
    if (placed.length > 0) return placed;
  }
  return [];
};

/** All parts, each with regard to those before it. */
export const placeAllParts = ({
  parts,
  placing,
}: Pick<PlaceInput, "parts" | "placing">): readonly PlacedMember[] => {
  const places = placesOf(placing);
  const placed = new Map<string, PlacedMember>();
  for (const { members, ...part } of parts) {
    const left = members.filter(({ member }) => !placed.has(member.instanceId));
    const found = placePart({ ...part, members: left }, places, {
      atMost: Infinity,
      roomIn: () => Infinity,
    });
    for (const one of found) placed.set(one.member.instanceId, one);
  }
  return [...placed.values()];
};

const pricesIn = (
  offers: readonly Offer[],
  priceOf: (offer: Offer) => number | undefined,
): ReadonlyMap<string, number> =>
  new Map(
    offers.flatMap((offer) => {
      const price = priceOf(offer);
      return price === undefined ? [] : [[poolKey(offer.pool), price] as const];
    }),
  );

/** As many of them as a batch holds run beside their originals: of each the dearest place, and the dearest of all together. */
export const togetherHourlyUsd = (
  placed: readonly PlacedMember[],
  { offers, wayBack }: Pick<Placing, "offers" | "wayBack">,
  { batchSize }: Pick<Policy, "batchSize">,
): number => {
  const onSpotPrices = pricesIn(offers, ({ spotHourlyUsd }) => spotHourlyUsd);
  const onDemandPrices = pricesIn(wayBack, ({ onDemandHourlyUsd }) => onDemandHourlyUsd);
  const dearest = placed.map(({ purchase, offers: pools }) => {
    const prices = purchase === undefined ? onSpotPrices : onDemandPrices;
    return Math.max(...pools.map((pool) => prices.get(poolKey(pool)) ?? 0));
  });
  return dearest
    .toSorted((one, other) => other - one)
    .slice(0, batchSize)
    .reduce((sum, price) => sum + price, 0);
};

/** What members of a group, or nodes, save by going elsewhere: each against what it costs where it stands, On-Demand or in its Spot pool. */
import { isOnDemand, isOnSpot, type GroupMember } from "../../model/group.ts";
import { poolKey, type MarketFacts, type Pool } from "../../model/market.ts";
import type { Move } from "../../model/move.ts";
import type { Offer } from "../../model/offer.ts";
import type { JudgementVersion } from "../../model/judgement-version.ts";
import type { Savings, Verdict } from "../../model/verdict.ts";
import type { Policy } from "../../policy/policy.ts";
import { onDemandHourlyOf } from "./choice.ts";
import { usd } from "./figures.ts";
import { savingsOfAll, type Prices } from "./savings.ts";

export interface MovesInput {
  readonly moves: readonly Move[];
  /** As they were judged. */
  readonly members: readonly GroupMember[];
  /** All that were judged: of the pools that are left, and of those that are taken. */
  readonly offers: readonly Offer[];
  readonly market: Pick<MarketFacts, "onDemand">;
  readonly policy: Pick<Policy, "coveredHourlyUsd">;
}

const spotHourlyIn = (
  { zoneId, instanceType }: Pick<Pool, "zoneId" | "instanceType">,
  offers: readonly Offer[],
): number | undefined =>
  offers.find(({ pool }) => pool.zoneId === zoneId && pool.instanceType === instanceType)
    ?.spotHourlyUsd;

const priceBefore = (
  member: GroupMember,
  { offers, market, policy }: MovesInput,
): Pick<Prices, "beforeHourlyUsd" | "coveredHourlyUsd"> | undefined => {
  const { coveredHourlyUsd } = policy;
  if (isOnSpot(member)) {
    const beforeHourlyUsd = spotHourlyIn(member, offers);
    return beforeHourlyUsd === undefined ? undefined : { beforeHourlyUsd, coveredHourlyUsd: 0 };
  }
  const beforeHourlyUsd = isOnDemand(member) ? onDemandHourlyOf(member, market) : undefined;
  return beforeHourlyUsd === undefined ? undefined : { beforeHourlyUsd, coveredHourlyUsd };
};

const priceAfter = (
  { pool, purchase }: Move,
  { offers, market }: MovesInput,
): number | undefined =>
  purchase === undefined
    ? offers.find((offer) => poolKey(offer.pool) === poolKey(pool))?.spotHourlyUsd
    : onDemandHourlyOf(pool, market);

/** Nothing is claimed of one whose prices are not among the facts; undefined where there is none of the others. */
export const savingsOfMoves = (input: MovesInput): Savings | undefined =>
  savingsOfAll(
    input.moves.flatMap((move) => {
      const member = input.members.find(({ instanceId }) => instanceId === move.originalId);
      const before = member && priceBefore(member, input);
      const afterHourlyUsd = priceAfter(move, input);
      return before === undefined || afterHourlyUsd === undefined
        ? []
        : [{ ...before, afterHourlyUsd }];
    }),
  );

/** The verdict on some with what all save that are to go; before version 4 it said what the first of them does. */
export const withTogether = (
  verdict: Verdict,
  { judgementVersion, ...input }: MovesInput & { readonly judgementVersion: JudgementVersion },
): Verdict => {
  if (judgementVersion < 4) return verdict;
  const savings = savingsOfMoves(input);
  if (savings === undefined) return verdict;
  const { monthlyUsd } = savings;
  const together = `Together they ${monthlyUsd < 0 ? "cost" : "save"} ${usd(Math.abs(monthlyUsd))} a month${monthlyUsd < 0 ? " more" : ""}.`;
  const sentence = input.moves.length === 1 ? verdict.sentence : `${verdict.sentence} ${together}`;
  return { ...verdict, savings, sentence };
};

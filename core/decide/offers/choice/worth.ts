/** Is a pool worth the move from where the capacity stands: from On-Demand, from Spot, or from none after an interruption? */
import { hoursPerMonth } from "../../../hours.ts";
import type { Policy } from "../../../policy/policy.ts";
import { hours, percent, poolName, usd, usdPerHour } from "../figures.ts";
import { hourlySaving, runningHourlyCost, type PricedOffer, type Terms } from "../offer-cost.ts";
import { choosePlacement, moveCeiling, onDemandHourlyCost, type Standing } from "../placement.ts";
import type { Answer, Conclusion } from "./conclusion.ts";

interface Question {
  readonly standing: Standing;
  /** Those within the limits, cheapest expected cost first. */
  readonly acceptable: readonly PricedOffer[];
  readonly terms: Terms;
}

const coveredNote = ({ coveredHourlyUsd }: Policy): string =>
  coveredHourlyUsd > 0 ? `, of which ${usdPerHour(coveredHourlyUsd)} are covered already` : "";

/** `Spot at $0.0400/h is expected to cost $0.0410/h with its risk`; empty for what is not on Spot. */
const spotNote = (standing: Standing, terms: Terms): string => {
  if (standing.kind !== "SPOT") return "";
  const cost = runningHourlyCost(standing.spotHourlyUsd, standing.risk, terms);
  return `Spot at ${usdPerHour(standing.spotHourlyUsd)} is expected to cost ${usdPerHour(cost)} with its risk`;
};

const againstOnDemand = ({ savingsPercent, spotHourlyUsd }: PricedOffer, terms: Terms): string =>
  `saves ${percent(savingsPercent)} of ${usdPerHour(terms.onDemandHourlyUsd)} On-Demand${coveredNote(terms.policy)} ` +
  `(${usd(hourlySaving(spotHourlyUsd, terms) * hoursPerMonth)} a month)`;

/** One that is lost less often may cost more. */
const againstSpot = (best: PricedOffer, before: number, terms: Terms): string => {
  const saved = before - best.spotHourlyUsd;
  const share = percent((Math.abs(saved) / before) * 100);
  const monthly = `(${usd(Math.abs(saved) * hoursPerMonth)} a month)`;
  const onDemand = `${percent(best.savingsPercent)} less than ${usdPerHour(terms.onDemandHourlyUsd)} On-Demand`;
  return `costs ${share} ${saved < 0 ? "more" : "less"} than the ${usdPerHour(before)} that is paid on Spot now ${monthly}, and ${onDemand}`;
};

const savingOf = (best: PricedOffer, { standing, terms }: Question): string =>
  standing.kind === "SPOT" && terms.judgementVersion >= 4 && standing.spotHourlyUsd > 0
    ? againstSpot(best, standing.spotHourlyUsd, terms)
    : againstOnDemand(best, terms);

const switchSentence = (best: PricedOffer, question: Question): string => {
  const { standing, terms } = question;
  const left = spotNote(standing, terms);
  return (
    `${poolName(best.pool)} at ${usdPerHour(best.spotHourlyUsd)} ${savingOf(best, question)}; it is lost within ` +
    `${hours(best.risk.horizonHours)} with a probability of ${percent(best.risk.probability * 100, "up")} ` +
    `(${best.risk.modelVersion}), and is expected to cost ${usdPerHour(best.expectedHourlyUsd)} all in.` +
    (left === "" ? "" : ` Staying on ${left}.`)
  );
};

/** What is left when no pool is worth the move. */
const withoutMove = ({ standing, acceptable, terms }: Question): Conclusion => {
  const [nearest] = acceptable;
  const cost =
    nearest === undefined
      ? ""
      : ` ${poolName(nearest.pool)} would cost ${usdPerHour(nearest.expectedHourlyUsd)} all in;`;
  const ceiling = usdPerHour(moveCeiling(standing, terms));
  const margin = `${percent(terms.policy.hysteresisPercent)} of ${usdPerHour(terms.onDemandHourlyUsd)}`;
  const stay = { kind: "STAY", reason: "WITHIN_HYSTERESIS" } as const;
  switch (standing.kind) {
    case "ON_DEMAND":
      return {
        ...stay,
        sentence:
          `No pool beats staying at ${usdPerHour(onDemandHourlyCost(terms))} by the margin of ${margin}:${cost} ` +
          `at most ${ceiling} would be worth the move.`,
      };
    case "SPOT":
      return {
        ...stay,
        sentence:
          `No pool beats staying: ${spotNote(standing, terms)};${cost} at most ${ceiling} would be worth the move, ` +
          `with a margin of ${margin} On-Demand.`,
      };
    case "INTERRUPTED":
      return {
        kind: "FALLBACK_ON_DEMAND",
        reason: "ON_DEMAND_IS_CHEAPER",
        sentence:
          `No pool beats On-Demand at ${usdPerHour(onDemandHourlyCost(terms))}:${cost} ` +
          `at most ${ceiling} would be worth it, the launch included.`,
      };
  }
};

/** Does what runs on Spot cost more than On-Demand, its risk counted, with no better pool to go to? */
export const judgeDearness = ({ standing, acceptable, terms }: Question): Answer => {
  if (standing.kind !== "SPOT") return undefined;
  if (choosePlacement(standing, acceptable, terms).kind !== "FALL_BACK") return undefined;
  const { policy, onDemandHourlyUsd } = terms;
  return {
    kind: "FALLBACK_ON_DEMAND",
    reason: "ON_DEMAND_IS_CHEAPER",
    sentence:
      `${spotNote(standing, terms)}, over ${usdPerHour(onDemandHourlyCost(terms))} On-Demand by more than the margin ` +
      `of ${percent(policy.fallbackPercent)} of ${usdPerHour(onDemandHourlyUsd)}, and no pool is worth the move.`,
  };
};

/** Only offers that beat staying by the margin are tried: the launch may come to the last of them. */
export const judgeWorth = (question: Question): Conclusion => {
  const { standing, acceptable, terms } = question;
  const placement = choosePlacement(standing, acceptable, terms);
  if (placement.kind !== "MOVE") return withoutMove(question);
  return {
    kind: "SWITCH",
    reason: "SAVINGS_WORTH_THE_RISK",
    sentence: switchSentence(placement.offers[0], question),
    chosen: placement.offers,
  };
};

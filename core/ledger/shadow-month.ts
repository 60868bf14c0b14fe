/** Adds scores of verdicts in shadow mode to a target's month, and months to a whole. */
import {
  shadowAmounts,
  shadowCounts,
  unscoredReasons,
  type ShadowAmount,
  type ShadowCount,
  type ShadowMonth,
  type ShadowSums,
  type UnscoredReason,
} from "../model/ledger/shadow.ts";
import type { ShadowScore } from "./shadow-score.ts";

const recordOf = <Name extends string, Value>(
  names: readonly Name[],
  valueOf: (name: Name) => Value,
): Record<Name, Value> =>
  Object.fromEntries(names.map((name) => [name, valueOf(name)])) as Record<Name, Value>;

export const noShadowSums: ShadowSums = {
  ...recordOf(shadowAmounts, () => 0n),
  ...recordOf(shadowCounts, () => 0),
};

const addShadowSums = (one: ShadowSums, other: ShadowSums): ShadowSums => ({
  ...recordOf<ShadowAmount, bigint>(shadowAmounts, (name) => one[name] + other[name]),
  ...recordOf<ShadowCount, number>(shadowCounts, (name) => one[name] + other[name]),
});

type Unscored = ShadowMonth["unscored"];

const noneUnscored: Unscored = recordOf(unscoredReasons, () => 0);

/** Shares of a chance are counted in millionths. */
const million = 1_000_000;

const mixed = ({ heldNanoUsd, lostNanoUsd }: ShadowScore, chance: number): bigint =>
  heldNanoUsd +
  ((lostNanoUsd - heldNanoUsd) * BigInt(Math.round(chance * million))) / BigInt(million);

const positive = (nano: bigint): bigint => (nano > 0n ? nano : 0n);

const sumsOf = (score: ShadowScore): ShadowSums => {
  const { chance, hours, exposedHours, heldNanoUsd, lostNanoUsd, wasLost, predicted } = score;
  const likely = mixed(score, chance.likely);
  const came = wasLost === true ? 1 : 0;
  const ends = [mixed(score, chance.low), mixed(score, chance.high)];
  const [first = likely, second = likely] = ends;
  return {
    lowNanoUsd: first < second ? first : second,
    likelyNanoUsd: likely,
    highNanoUsd: first < second ? second : first,
    medianNanoUsd: chance.likely >= 1 / 2 ? lostNanoUsd : heldNanoUsd,
    regretToBestNanoUsd: score.bestNanoUsd - heldNanoUsd,
    regretToStayNanoUsd: positive(-likely),
    decisions: 1,
    hours,
    exposedHours,
    known: wasLost === undefined ? 0 : 1,
    lost: came,
    squaredErrors: wasLost === undefined ? 0 : (predicted - came) ** 2,
  };
};

type Name = Pick<ShadowMonth, "accountId" | "targetId" | "month">;

type Score = ShadowScore | UnscoredReason;

interface Scored {
  readonly until: string;
  /** Of one verdict: of each that it sends elsewhere. */
  readonly scores: readonly Score[];
}

const addOne = (month: ShadowMonth, score: Score): ShadowMonth => {
  if (typeof score === "string") {
    const { unscored } = month;
    return { ...month, unscored: { ...unscored, [score]: unscored[score] + 1 } };
  }
  const sums = sumsOf(score);
  return score.isProven
    ? { ...month, proven: addShadowSums(month.proven, sums) }
    : { ...month, unproven: addShadowSums(month.unproven, sums) };
};

/** @param month undefined: it is the first of it */
export const addScores = (
  month: ShadowMonth | undefined,
  name: Name,
  { until, scores }: Scored,
): ShadowMonth => {
  const { proven = noShadowSums, unproven = noShadowSums, unscored = noneUnscored } = month ?? {};
  return scores.reduce(addOne, { ...name, until, proven, unproven, unscored });
};

/** Of many targets. */
export const totalOfShadows = (
  months: readonly ShadowMonth[],
): Pick<ShadowMonth, "proven" | "unproven" | "unscored"> => ({
  proven: months.map(({ proven }) => proven).reduce(addShadowSums, noShadowSums),
  unproven: months.map(({ unproven }) => unproven).reduce(addShadowSums, noShadowSums),
  unscored: recordOf(unscoredReasons, (reason) =>
    months.reduce((sum, { unscored }) => sum + unscored[reason], 0),
  ),
});

/** Of predicted chances against what came, and of the mean of what came as a prediction of each. Undefined: nothing is known. */
export const brierOf = ({
  known,
  lost,
  squaredErrors,
}: ShadowSums): { readonly model: number; readonly baseRate: number } | undefined => {
  if (known === 0) return undefined;
  const rate = lost / known;
  return { model: squaredErrors / known, baseRate: rate * (1 - rate) };
};

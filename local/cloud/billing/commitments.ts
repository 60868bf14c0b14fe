/**
 * Savings Plans and Reserved Instances: paid by the hour whether they are used or not, and set against On-Demand hours of any account, their
 * own first. Source: Savings Plans user guide, "How Savings Plans apply to your usage" (after Reserved Instances, hour by hour).
 */
import type { ReservedInstances } from "@aws-sdk/client-ec2";
import type { RegionState } from "../ec2/state.ts";
import { prefixOf } from "../pricing/storage-products.ts";
import type { BillLine } from "./line.ts";
import { numberOf, priceOf } from "./rounding.ts";
import { cutByHours, textOf, type Span } from "./spans.ts";

/** A Compute Savings Plan. */
export interface SavingsPlan {
  readonly accountId: string;
  readonly id: string;
  /** Committed USD per hour. */
  readonly hourlyUsd: number;
  /** Share by which its rates are below On-Demand. */
  readonly discount: number;
}

/** What an hour of a commitment takes in. */
interface Commitment {
  readonly accountId: string;
  readonly fee: BillLine;
  readonly covers: (line: BillLine) => boolean;
  /** What it can take in, and what a line takes of that, in the same unit. */
  readonly budget: bigint;
  readonly needOf: (line: BillLine) => bigint;
  /** The lines in whose place the covered part stands. */
  readonly covered: (part: BillLine) => readonly BillLine[];
}

const share = (line: BillLine, part: bigint, whole: bigint): BillLine => ({
  ...line,
  quantity: numberOf((priceOf(line.quantity) * part) / whole),
  costNanoUsd: (line.costNanoUsd * part) / whole,
});

const less = (line: BillLine, part: BillLine): BillLine => ({
  ...line,
  quantity: numberOf(priceOf(line.quantity) - priceOf(part.quantity)),
  costNanoUsd: line.costNanoUsd - part.costNanoUsd,
});

/** Lines of one hour after the commitment: what it covers, what is left, its fee. */
const applied = (lines: readonly BillLine[], commitment: Commitment): readonly BillLine[] => {
  const isOwn = ({ accountId }: BillLine): boolean => accountId === commitment.accountId;
  const candidates = lines.filter(
    (line) => line.lineItemType === "Usage" && commitment.covers(line),
  );
  const inTurn = [...candidates.filter(isOwn), ...candidates.filter((line) => !isOwn(line))];
  let left = commitment.budget;
  const instead = new Map<BillLine, readonly BillLine[]>();
  for (const line of inTurn) {
    const need = commitment.needOf(line);
    if (left === 0n || need === 0n) break;
    const part = need <= left ? line : share(line, left, need);
    const rest = part === line ? [] : [less(line, part)];
    instead.set(line, [...commitment.covered(part), ...rest]);
    left -= need <= left ? need : left;
  }
  return [...lines.flatMap((line) => instead.get(line) ?? [line]), commitment.fee];
};

const isBox = ({ usageType }: BillLine): boolean => /(^|-)(BoxUsage|UnusedBox)/.test(usageType);

const planIn = (plan: SavingsPlan, hour: Span): Commitment => {
  const costNanoUsd = priceOf(plan.hourlyUsd) / 10n;
  const rate = priceOf(1 - plan.discount);
  return {
    accountId: plan.accountId,
    covers: isBox,
    budget: costNanoUsd,
    needOf: ({ costNanoUsd: listed }) => (listed * rate) / priceOf(1),
    covered: (part) => [
      { ...part, lineItemType: "SavingsPlanCoveredUsage" },
      { ...part, lineItemType: "SavingsPlanNegation", costNanoUsd: -part.costNanoUsd },
    ],
    fee: {
      accountId: plan.accountId,
      region: "global",
      resourceId: `arn:aws:savingsplans::${plan.accountId}:savingsplan/${plan.id}`,
      service: "ComputeSavingsPlans",
      usageType: "ComputeSP:1yrNoUpfront",
      operation: "",
      lineItemType: "SavingsPlanRecurringFee",
      startAt: textOf(hour.from),
      endAt: textOf(hour.to),
      quantity: 1,
      unit: "Hrs",
      costNanoUsd,
    },
  };
};

const operations: Readonly<Record<string, string>> = { Windows: "RunInstances:0002" };

/** † Of one type alone: size flexibility is not simulated. */
const reservedIn = (region: RegionState, bought: ReservedInstances, hour: Span): Commitment => {
  const { InstanceType: type = "", InstanceCount: count = 0 } = bought;
  const usageType = `${prefixOf(region.region)}BoxUsage:${type}`;
  const operation = operations[bought.ProductDescription ?? ""] ?? "RunInstances";
  const hourlyUsd = (bought.RecurringCharges ?? []).reduce(
    (sum, { Amount = 0 }) => sum + Amount,
    0,
  );
  return {
    accountId: region.accountId,
    covers: (line) => line.usageType === usageType && line.operation === operation,
    budget: priceOf(count),
    needOf: ({ quantity }) => priceOf(quantity),
    covered: (part) => [{ ...part, lineItemType: "DiscountedUsage", costNanoUsd: 0n }],
    fee: {
      accountId: region.accountId,
      region: region.region,
      resourceId: `arn:aws:ec2:${region.region}:${region.accountId}:reserved-instances/${bought.ReservedInstancesId ?? ""}`,
      service: "AmazonEC2",
      usageType: `${prefixOf(region.region)}HeavyUsage:${type}`,
      operation,
      lineItemType: "RIFee",
      startAt: textOf(hour.from),
      endAt: textOf(hour.to),
      quantity: count,
      unit: "Hrs",
      costNanoUsd: (priceOf(hourlyUsd) * BigInt(count)) / 10n,
    },
  };
};

const isIn = ({ Start, End }: ReservedInstances, hour: Span): boolean =>
  (Start?.getTime() ?? 0) < hour.to * 1000 && hour.from * 1000 < (End?.getTime() ?? Infinity);

interface Bought {
  readonly plans: readonly SavingsPlan[];
  readonly regions: readonly RegionState[];
}

const commitmentsOf = ({ plans, regions }: Bought, hour: Span): readonly Commitment[] => [
  ...regions.flatMap((region) =>
    region.reserved
      .filter((bought) => isIn(bought, hour))
      .map((bought) => reservedIn(region, bought, hour)),
  ),
  ...plans.map((plan) => planIn(plan, hour)),
];

/** @param lines usage at list prices; those of each hour are set against what was committed for it */
export const afterCommitments = (
  lines: readonly BillLine[],
  bought: Bought,
  within: Span,
): readonly BillLine[] => {
  const hourOf = ({ startAt }: BillLine): string => startAt.slice(0, 13);
  const byHour = Map.groupBy(lines, hourOf);
  return cutByHours(within).flatMap((hour) =>
    commitmentsOf(bought, hour).reduce(applied, byHour.get(textOf(hour.from).slice(0, 13)) ?? []),
  );
};

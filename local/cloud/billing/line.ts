/** A line of the simulated AWS bill, in the terms of the Cost and Usage Report. */
import { chargeOf, numberOf } from "./rounding.ts";
import { textOf, type Span } from "./spans.ts";

type LineItemType =
  | "Usage"
  | "SavingsPlanCoveredUsage"
  | "SavingsPlanNegation"
  | "SavingsPlanRecurringFee"
  | "DiscountedUsage"
  | "RIFee";

export interface BillLine {
  readonly accountId: string;
  readonly region: string;
  readonly zoneId?: string;
  /** `i-…` and `vol-…`; an ARN of the others, as AWS has it. */
  readonly resourceId: string;
  readonly service: "AmazonEC2" | "AmazonVPC" | "ComputeSavingsPlans";
  /** `EUC1-SpotUsage:m5.large`, in us-east-1 without a prefix. */
  readonly usageType: string;
  readonly operation: string;
  readonly lineItemType: LineItemType;
  /** ISO 8601: the part of the hour in UTC. */
  readonly startAt: string;
  readonly endAt: string;
  readonly quantity: number;
  /** `Hrs`, `GB-Mo` … */
  readonly unit: string;
  readonly costNanoUsd: bigint;
}

export type LineHead = Pick<
  BillLine,
  "accountId" | "region" | "zoneId" | "resourceId" | "service" | "usageType" | "operation" | "unit"
>;

/** @param quantity and price in units of 10⁻¹⁰ */
export const usageLine = (
  head: LineHead,
  used: { readonly span: Span; readonly quantity: bigint; readonly price: bigint },
): BillLine => ({
  ...head,
  lineItemType: "Usage",
  startAt: textOf(used.span.from),
  endAt: textOf(used.span.to),
  quantity: numberOf(used.quantity),
  costNanoUsd: chargeOf(used.quantity, used.price),
});

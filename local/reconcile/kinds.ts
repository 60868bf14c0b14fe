/** What a line of a bill is for: by AWS's usage types, and by the types of its lines. */

/** Held against the ledger. */
export const comparedKinds = ["SPOT", "ON_DEMAND", "RESERVATION", "VOLUME", "ADDRESS"] as const;
export type ComparedKind = (typeof comparedKinds)[number];

/** Shown beside it, and not tested: nobody can know them as exactly. */
type ShownKind = "SNAPSHOT" | "FAST_RESTORE" | "TRANSFER" | "OTHER";

export type Kind = ComparedKind | ShownKind;

/** `EUC1-`, `USE2-`, `APN1-`, `UGW1-`; in us-east-1 none. */
const regionCode = /^[A-Z]{2,4}\d-/;

/** First match. Source: Cost and Usage Report, lineItem/UsageType; EC2 user guide, "Spot Instance data feed". */
const usages: readonly (readonly [pattern: RegExp, kind: Kind])[] = [
  [/^SpotUsage/, "SPOT"],
  [/^(UnusedBox|UnusedDed)/, "RESERVATION"],
  [/^(BoxUsage|DedicatedUsage|HostBoxUsage)/, "ON_DEMAND"],
  [/^EBS:Volume/, "VOLUME"],
  [/^EBS:Snapshot/, "SNAPSHOT"],
  [/^EBS:FastSnapshotRestore/, "FAST_RESTORE"],
  [/^PublicIPv4:/, "ADDRESS"],
  [/(DataTransfer|-Bytes$)/, "TRANSFER"],
];

export const kindOfUsage = (usageType: string): Kind => {
  const usage = usageType.replace(regionCode, "");
  return usages.find(([pattern]) => pattern.test(usage))?.[1] ?? "OTHER";
};

/** Undefined where the usage type names none: `SpotUsage` alone is m1.small. */
export const instanceTypeOf = (usageType: string): string | undefined => {
  const usage = usageType.replace(regionCode, "");
  if (!/^(SpotUsage|BoxUsage|UnusedBox|DedicatedUsage|UnusedDed)/.test(usage)) return undefined;
  return usage.split(":")[1] ?? "m1.small";
};

export const isCompared = (kind: Kind): kind is ComparedKind =>
  (comparedKinds as readonly Kind[]).includes(kind);

/**
 * What becomes of a line: `USAGE` is what a resource cost; `BESIDE` are fees, discounts, credits and taxes of no resource's hour, shown and not
 * tested. A type that is in neither list is told, and never summed. Source: Cost and Usage Report, lineItem/LineItemType.
 */
export const lineTypes: Readonly<Record<string, "USAGE" | "BESIDE">> = {
  Usage: "USAGE",
  DiscountedUsage: "USAGE",
  SavingsPlanCoveredUsage: "USAGE",
  // Takes back what the covered line has at the list price; what it really cost is on the covered line.
  SavingsPlanNegation: "BESIDE",
  SavingsPlanRecurringFee: "BESIDE",
  SavingsPlanUpfrontFee: "BESIDE",
  RIFee: "BESIDE",
  Fee: "BESIDE",
  Credit: "BESIDE",
  Refund: "BESIDE",
  Tax: "BESIDE",
  Discount: "BESIDE",
  EdpDiscount: "BESIDE",
  BundledDiscount: "BESIDE",
  PrivateRateDiscount: "BESIDE",
  RiVolumeDiscount: "BESIDE",
  SppDiscount: "BESIDE",
};

/** FOCUS, ChargeCategory. */
export const chargeCategories: Readonly<Record<string, "USAGE" | "BESIDE">> = {
  Usage: "USAGE",
  Purchase: "BESIDE",
  Credit: "BESIDE",
  Adjustment: "BESIDE",
  Tax: "BESIDE",
};

/**
 * How the three formats call the same things. Sources: Data Exports user guide, "CUR 2.0 columns"; Cost and Usage Report user guide, data
 * dictionary; FOCUS 1.0 and 1.2, columns, with AWS's own `x_` ones.
 */
import type { BillFormat } from "./bill-row.ts";
import { chargeCategories, kindOfUsage, lineTypes, type Kind } from "./kinds.ts";
import type { Cells } from "./table.ts";

export interface Dialect {
  readonly format: BillFormat;
  /** Without them a file can't be read. */
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** By which it is told from the others. */
  readonly sign: string;
  readonly currency: string;
  readonly account: string;
  readonly resource: string;
  readonly start: string;
  readonly end: string;
  readonly usageType: readonly string[];
  readonly lineType: string;
  readonly invoice: string;
  /** Which line it is; undefined: the format has no names for them. */
  readonly identity: readonly string[];
  readonly becomes: (cells: Cells) => "USAGE" | "BESIDE" | undefined;
  readonly kindOf: (cells: Cells, usageType: string) => Kind;
  /** Text of the amount that counts. */
  readonly cost: (cells: Cells) => string | undefined;
}

type CurName = (group: string, name: string) => string;

/** What was really paid: of covered hours the effective cost, else after discounts where the file has it. */
const curCost =
  (name: CurName) =>
  (cells: Cells): string | undefined => {
    const type = cells(name("lineItem", "LineItemType"));
    if (type === "SavingsPlanCoveredUsage") {
      return (
        cells(name("savingsPlan", "NetSavingsPlanEffectiveCost")) ??
        cells(name("savingsPlan", "SavingsPlanEffectiveCost"))
      );
    }
    if (type === "DiscountedUsage") {
      return (
        cells(name("reservation", "NetEffectiveCost")) ??
        cells(name("reservation", "EffectiveCost"))
      );
    }
    return cells(name("lineItem", "NetUnblendedCost")) ?? cells(name("lineItem", "UnblendedCost"));
  };

const cur = (format: BillFormat, name: CurName): Dialect => {
  const item = (column: string): string => name("lineItem", column);
  return {
    format,
    sign: item("UnblendedCost"),
    currency: item("CurrencyCode"),
    account: item("UsageAccountId"),
    resource: item("ResourceId"),
    start: item("UsageStartDate"),
    end: item("UsageEndDate"),
    usageType: [item("UsageType")],
    lineType: item("LineItemType"),
    invoice: name("bill", "InvoiceId"),
    identity: [name("identity", "LineItemId"), name("identity", "TimeInterval")],
    required: [
      name("identity", "LineItemId"),
      name("identity", "TimeInterval"),
      ...["LineItemType", "UsageAccountId", "UsageStartDate", "UsageEndDate"].map(item),
      ...["UsageType", "CurrencyCode", "UnblendedCost"].map(item),
    ],
    optional: [
      ...["ResourceId", "NetUnblendedCost"].map(item),
      name("bill", "InvoiceId"),
      ...["SavingsPlanEffectiveCost", "NetSavingsPlanEffectiveCost"].map((column) =>
        name("savingsPlan", column),
      ),
      ...["EffectiveCost", "NetEffectiveCost"].map((column) => name("reservation", column)),
    ],
    becomes: (cells) => lineTypes[cells(item("LineItemType")) ?? ""],
    kindOf: (_cells, usageType) => kindOfUsage(usageType),
    cost: curCost(name),
  };
};

/** `lineItem/UnblendedCost` → `line_item_unblended_cost`. */
const underscored: CurName = (group, name) =>
  [group, name].map((part) => part.replace(/(?<=[a-z])[A-Z]/g, "_$&").toLowerCase()).join("_");

const focus: Dialect = {
  format: "FOCUS",
  sign: "EffectiveCost",
  currency: "BillingCurrency",
  account: "SubAccountId",
  resource: "ResourceId",
  start: "ChargePeriodStart",
  end: "ChargePeriodEnd",
  usageType: ["x_UsageType", "SkuMeter"],
  lineType: "ChargeCategory",
  invoice: "InvoiceId",
  identity: [],
  required: [
    "BillingCurrency",
    "SubAccountId",
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "ChargeCategory",
    "EffectiveCost",
  ],
  optional: [
    "ResourceId",
    "x_UsageType",
    "SkuMeter",
    "InvoiceId",
    "ChargeClass",
    "PricingCategory",
  ],
  // A correction changes what an earlier bill said: of which hour, nobody can tell.
  becomes: (cells) =>
    cells("ChargeClass") === "Correction"
      ? "BESIDE"
      : chargeCategories[cells("ChargeCategory") ?? ""],
  // Without the usage type `Dynamic` alone tells Spot. † As AWS fills it.
  kindOf: (cells, usageType) =>
    usageType === "" && cells("PricingCategory") === "Dynamic" ? "SPOT" : kindOfUsage(usageType),
  cost: (cells) => cells("EffectiveCost"),
};

export const dialects: readonly Dialect[] = [
  cur("CUR 2.0", underscored),
  cur("CUR", (group, name) => `${group}/${name}`),
  focus,
];

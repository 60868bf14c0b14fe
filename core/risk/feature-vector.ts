/** Features by name, as model files know them. A new feature is a new row here: the single place to extend. */
import { SpotOptimizerError } from "../errors.ts";
import type { RiskFeatures } from "./model.ts";
import { lossHalfLifeHours } from "./pool-history.ts";

/**
 * Raised when a row changes its meaning or is removed: model files of another version are refused then. A new row
 * changes nothing for models that don't name it, and needs no new version.
 */
export const featureVersion = "features-1";

/** What becomes of a feature as time goes by and no loss comes. */
export type Ageing = "fixed" | "grows" | "halves" | "hour-of-day" | "weekday";

export interface FeatureRow {
  /** In model files. */
  readonly name: string;
  readonly field: keyof RiskFeatures;
  readonly unit: string;
  readonly ageing: Ageing;
}

const rows = [
  {
    name: "band_min_percent",
    field: "bandMinPercent",
    unit: "percent interrupted within a month, lower bound of the Spot Advisor's band",
    ageing: "fixed",
  },
  {
    name: "band_max_percent",
    field: "bandMaxPercent",
    unit: "percent interrupted within a month, upper bound of the Spot Advisor's band",
    ageing: "fixed",
  },
  {
    name: "is_band_known",
    field: "isBandKnown",
    unit: "1 if the feed has a band for the type, else 0",
    ageing: "fixed",
  },
  {
    name: "price_ratio",
    field: "priceRatio",
    unit: "Spot price ÷ On-Demand price of the same type",
    ageing: "fixed",
  },
  {
    name: "hours_since_pool_loss",
    field: "hoursSincePoolLoss",
    unit: "hours since the last recorded loss in the pool",
    ageing: "grows",
  },
  {
    name: "up_streak_hours",
    field: "upStreakHours",
    unit: "hours for which the pool has held as many as are wanted, since a loss or a refused launch; the middle of what is possible",
    ageing: "grows",
  },
  {
    name: "recent_pool_losses",
    field: "recentPoolLosses",
    unit: "recorded losses in the pool, each counting half as much every 24 h",
    ageing: "halves",
  },
  {
    name: "hours_since_neighbour_loss",
    field: "hoursSinceNeighbourLoss",
    unit: "hours since the last recorded loss in another pool of the family in the region",
    ageing: "grows",
  },
  {
    name: "placement_score",
    field: "placementScore",
    unit: "Spot placement score, 1 (unlikely) to 10",
    ageing: "fixed",
  },
  {
    name: "hour_of_day",
    field: "hourOfDay",
    unit: "hours since midnight UTC, 0 to 24",
    ageing: "hour-of-day",
  },
  {
    name: "weekday",
    field: "weekday",
    unit: "0 (Sunday) to 6, UTC",
    ageing: "weekday",
  },
] as const satisfies readonly FeatureRow[];

export const featureTable: readonly FeatureRow[] = rows;

export const featureNames: readonly string[] = featureTable.map(({ name }) => name);

const rowsByName: ReadonlyMap<string, FeatureRow> = new Map(
  featureTable.map((row) => [row.name, row]),
);

/** Throws BrokenModel for a name that is not in the table: model files are checked for that. */
export const featureRow = (name: string): FeatureRow => {
  const row = rowsByName.get(name);
  if (row !== undefined) return row;
  throw new SpotOptimizerError("BrokenModel", `There is no feature ${name} in ${featureVersion}.`);
};

/** Undefined: not known. A truth is 1 or 0. */
export const valueOf = (features: RiskFeatures, { field }: FeatureRow): number | undefined => {
  const value = features[field];
  return typeof value === "boolean" ? Number(value) : value;
};

/** The same by the feature's name. */
export const readFeature = (features: RiskFeatures, name: string): number | undefined =>
  valueOf(features, featureRow(name));

/** In the order of the names. */
export const featureVector = (
  features: RiskFeatures,
  names: readonly string[],
): readonly (number | undefined)[] => names.map((name) => readFeature(features, name));

/** A value `hours` later. `hourOfDay` is that of the beginning: by it the weekday knows when its day ends. */
export const laterValue = (
  ageing: Ageing,
  value: number,
  time: { readonly hours: number; readonly hourOfDay: number },
): number => {
  switch (ageing) {
    case "fixed":
      return value;
    case "grows":
      return value + time.hours;
    case "halves":
      return value * 2 ** (-time.hours / lossHalfLifeHours);
    case "hour-of-day":
      return (value + time.hours) % 24;
    case "weekday":
      return (value + Math.floor((time.hourOfDay + time.hours) / 24)) % 7;
  }
};

const hourRow = featureTable.find(({ ageing }) => ageing === "hour-of-day");

/** The features `hours` later (≥ 0) if no loss comes meanwhile. What is not known stays so. */
export const ageFeatures = (features: RiskFeatures, hours: number): RiskFeatures => {
  const hour = hourRow === undefined ? undefined : features[hourRow.field];
  const time = { hours, hourOfDay: typeof hour === "number" ? hour : 0 };
  const aged = featureTable.flatMap(({ field, ageing }) => {
    const value = features[field];
    return typeof value === "number" && ageing !== "fixed"
      ? [[field, laterValue(ageing, value, time)] as const]
      : [];
  });
  return { ...features, ...Object.fromEntries(aged) };
};

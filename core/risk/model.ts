/** What a risk model is: a version and one function. A model judges nothing; limits are the decision's. */

/** Normalised, so that a model holds for every region and type. Absent means not known, never zero. */
export interface RiskFeatures {
  /** Bounds of the Spot Advisor's band, percent of instances interrupted within a month, 0…100. */
  readonly bandMinPercent: number;
  readonly bandMaxPercent: number;
  /** False when the feed knows no band for the type and the feed's worst stands in for it. */
  readonly isBandKnown: boolean;
  /** Spot price ÷ On-Demand price of the same type. */
  readonly priceRatio?: number;
  /** Hours since the last recorded loss in this very pool. */
  readonly hoursSincePoolLoss?: number;
  /** For how long the pool has held as many as are wanted since it last did not (a loss, a refused launch), as far as is known. */
  readonly upStreakHours?: number;
  /** Losses in the pool, each counting half as much every 24 h. Absent: none on record. */
  readonly recentPoolLosses?: number;
  /** Hours since the last recorded loss in another pool of the same family in the region. */
  readonly hoursSinceNeighbourLoss?: number;
  /** 1 (unlikely to get capacity) … 10. */
  readonly placementScore?: number;
  /** UTC, 0 ≤ hour < 24. */
  readonly hourOfDay?: number;
  /** UTC, 0 Sunday … 6 Saturday. */
  readonly weekday?: number;
}

export interface RiskModel {
  /** Unique among the registered models, such as `hazard-1`; kept in every evaluation. */
  readonly version: string;
  /** Probability, 0…1, that a pool with these features is lost within `horizonHours` (> 0). */
  readonly probability: (features: RiskFeatures, horizonHours: number) => number;
}

/** What CloudWatch has measured of something in a span of time. What is not there is not zero. */

export interface MetricQuestion {
  /** By which the answer is found. */
  readonly key: string;
  /** `AWS/EBS` … */
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: "Sum" | "Maximum" | "Average";
}

/**
 * NONE: CloudWatch has no datapoint of it. UNKNOWN: it could not answer in full (throttled, an internal error, forbidden).
 * Source: CloudWatch API reference, MetricDataResult.
 */
export type MetricReading =
  | {
      readonly kind: "MEASURED";
      /** Hours with a datapoint. */
      readonly datapoints: number;
      /** Of all of them, in the metric's own unit. */
      readonly sum: number;
      readonly greatest: number;
      /** Beginning of the last hour with a datapoint, ISO 8601. */
      readonly lastAt: string;
    }
  | { readonly kind: "NONE" }
  | { readonly kind: "UNKNOWN"; readonly because: string };

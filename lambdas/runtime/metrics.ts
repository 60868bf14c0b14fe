/** Writes metrics as CloudWatch reads them from a log (embedded metric format), by Powertools. */
import { MetricUnit, Metrics } from "@aws-lambda-powertools/metrics";

interface Measured {
  /** Says its unit: `DowntimeSeconds`. */
  readonly name: string;
  readonly value: number;
  readonly status?: string | undefined;
}

const unitOf = (name: string): (typeof MetricUnit)[keyof typeof MetricUnit] => {
  if (name.endsWith("Seconds")) return MetricUnit.Seconds;
  if (name.endsWith("Percent")) return MetricUnit.Percent;
  return name.endsWith("Hours") || name.endsWith("Usd") ? MetricUnit.NoUnit : MetricUnit.Count;
};

/** Those with a status stand in a line of their own each, for they have another dimension; several values of one name are kept apart, for percentiles. */
export const publish = (namespace: string, measures: readonly Measured[]): void => {
  const metrics = new Metrics({ namespace });
  for (const { name, value, status } of measures) {
    if (status === undefined) {
      metrics.addMetric(name, unitOf(name), value);
      continue;
    }
    const single = metrics.singleMetric();
    single.addDimension("Status", status);
    single.addMetric(name, unitOf(name), value);
  }
  metrics.publishStoredMetrics();
};

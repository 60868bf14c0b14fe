/** Writes metrics as CloudWatch reads them from a log (embedded metric format), by Powertools. */
import { MetricUnit, Metrics } from "@aws-lambda-powertools/metrics";
import type { Measure } from "../../core/model/measure.ts";

const unitOf = (name: string): (typeof MetricUnit)[keyof typeof MetricUnit] => {
  if (name.endsWith("Seconds")) return MetricUnit.Seconds;
  if (name.endsWith("Percent")) return MetricUnit.Percent;
  return /(Hours?|Usd)$/.test(name) ? MetricUnit.NoUnit : MetricUnit.Count;
};

/** Those with a dimension stand in a line of their own each; several values of one name are kept apart, for percentiles. */
export const publish = (namespace: string, measures: readonly Measure[]): void => {
  const metrics = new Metrics({ namespace });
  for (const { name, value, by } of measures) {
    if (by === undefined) {
      metrics.addMetric(name, unitOf(name), value);
      continue;
    }
    const single = metrics.singleMetric();
    single.addDimension(by.name, by.value);
    single.addMetric(name, unitOf(name), value);
  }
  metrics.publishStoredMetrics();
};

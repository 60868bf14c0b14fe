/** What CloudWatch has measured: for resources that may be waste, hour by hour. */
import {
  GetMetricDataCommand,
  type CloudWatchClient,
  type GetMetricDataCommandOutput,
  type MetricDataQuery,
  type MetricDataResult,
} from "@aws-sdk/client-cloudwatch";
import { SpotOptimizerError, type ErrorName } from "../../core/errors.ts";
import type { MetricQuestion, MetricReading } from "../../core/model/waste/metric.ts";
import { readAllPages } from "./paging.ts";
import { callAws } from "./translate-error.ts";

/** CloudWatch API reference, GetMetricData: up to 500 queries in a call. Each is charged. */
const mostQueries = 500;

/** An hour: CloudWatch keeps datapoints of that length for 455 days. */
const periodSeconds = 3600;

interface MetricSpan {
  readonly since: Date;
  readonly until: Date;
}

/** A query's id begins with a small letter. */
const idAt = (index: number): string => `q${String(index)}`;

const queryOf = (question: MetricQuestion, index: number): MetricDataQuery => ({
  Id: idAt(index),
  MetricStat: {
    Metric: {
      Namespace: question.namespace,
      MetricName: question.metric,
      Dimensions: Object.entries(question.dimensions).map(([Name, Value]) => ({ Name, Value })),
    },
    Period: periodSeconds,
    Stat: question.statistic,
  },
});

const fetchAll = (
  cloudWatch: CloudWatchClient,
  questions: readonly MetricQuestion[],
  { since, until }: MetricSpan,
): Promise<readonly MetricDataResult[]> =>
  readAllPages<GetMetricDataCommandOutput, MetricDataResult>({
    fetch: (token) =>
      callAws({ action: "GetMetricData" }, () =>
        cloudWatch.send(
          new GetMetricDataCommand({
            MetricDataQueries: questions.map(queryOf),
            StartTime: since,
            EndTime: until,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.MetricDataResults,
    next: (page) => page.NextToken,
  });

const unknown = (because: string): MetricReading => ({ kind: "UNKNOWN", because });

/** Of one query, over all pages. It is complete when its last page says so. */
const readingOf = (results: readonly MetricDataResult[]): MetricReading => {
  const last = results.at(-1);
  if (last === undefined) return unknown("CloudWatch gave no answer.");
  if (last.StatusCode !== "Complete") {
    return unknown(`CloudWatch answered ${last.StatusCode ?? "without a status"}.`);
  }
  const times = results.flatMap(({ Timestamps = [] }) => Timestamps.map((time) => time.getTime()));
  const values = results.flatMap(({ Values = [] }) => Values);
  if (values.length === 0) return { kind: "NONE" };
  return {
    kind: "MEASURED",
    datapoints: values.length,
    sum: values.reduce((sum, value) => sum + value, 0),
    greatest: Math.max(...values),
    lastAt: new Date(Math.max(...times)).toISOString(),
  };
};

/** CloudWatch could not, or may not, answer now. */
const isUnknown = (name: ErrorName): boolean =>
  name === "RetryableThrottled" || name === "RetryableUnavailable" || name === "BrokenPermission";

const readSome = async (
  cloudWatch: CloudWatchClient,
  questions: readonly MetricQuestion[],
  span: MetricSpan,
): Promise<readonly (readonly [string, MetricReading])[]> => {
  try {
    const results = await fetchAll(cloudWatch, questions, span);
    return questions.map(({ key }, index) => [
      key,
      readingOf(results.filter(({ Id }) => Id === idAt(index))),
    ]);
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || !isUnknown(error.name)) throw error;
    return questions.map(({ key }) => [key, unknown(error.message)]);
  }
};

/** By key: a call for each 500 questions. What CloudWatch does not answer is UNKNOWN, never zero. */
export const readMetrics = async (
  cloudWatch: CloudWatchClient,
  questions: readonly MetricQuestion[],
  span: MetricSpan,
): Promise<ReadonlyMap<string, MetricReading>> => {
  const readings = new Map<string, MetricReading>();
  for (let first = 0; first < questions.length; first += mostQueries) {
    const some = questions.slice(first, first + mostQueries);
    for (const [key, reading] of await readSome(cloudWatch, some, span)) readings.set(key, reading);
  }
  return readings;
};

/** What CloudWatch has measured, as scenarios say: datapoints where something was measured, and none elsewhere. */
import type {
  GetMetricDataInput,
  GetMetricDataOutput,
  Metric,
  MetricDataQuery,
  MetricDataResult,
} from "@aws-sdk/client-cloudwatch";
import type { Clock } from "../clock.ts";
import { type Call, CloudError, type Handler } from "../contract.ts";

export interface MetricDeclaration {
  readonly accountId: string;
  readonly region: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. Default: now. */
  readonly untilMs?: number;
  /** How long it was measured, every five minutes. */
  readonly lastingMs: number;
  readonly value: number;
}

interface Measured extends MetricDeclaration {
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface MetricRecords {
  readonly add: (declaration: MetricDeclaration) => void;
  readonly getMetricData: Handler<GetMetricDataInput, GetMetricDataOutput>;
}

/** API reference, GetMetricData. */
const mostQueries = 500;
const usualPoints = 100_800;
const everyMs = 5 * 60_000;

const isOf = (measured: Measured, { Namespace, MetricName, Dimensions = [] }: Metric): boolean =>
  measured.namespace === Namespace &&
  measured.metric === MetricName &&
  Dimensions.length === Object.keys(measured.dimensions).length &&
  Dimensions.every(({ Name = "", Value }) => measured.dimensions[Name] === Value);

const statistics: Readonly<Record<string, (values: readonly number[]) => number>> = {
  Sum: (values) => values.reduce((sum, value) => sum + value, 0),
  Maximum: (values) => Math.max(...values),
  Minimum: (values) => Math.min(...values),
  Average: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
};

/** Values by the beginning of their period. */
const periodsOf = (
  all: readonly Measured[],
  span: { readonly fromMs: number; readonly untilMs: number; readonly periodMs: number },
): ReadonlyMap<number, readonly number[]> => {
  const periods = new Map<number, number[]>();
  for (const { fromMs, untilMs, value } of all) {
    for (let atMs = fromMs; atMs < untilMs; atMs += everyMs) {
      if (atMs < span.fromMs || atMs >= span.untilMs) continue;
      const begin = atMs - (atMs % span.periodMs);
      const values = periods.get(begin) ?? [];
      values.push(value);
      periods.set(begin, values);
    }
  }
  return periods;
};

const resultOf = (
  all: readonly Measured[],
  query: MetricDataQuery,
  input: GetMetricDataInput,
): MetricDataResult => {
  const { Metric: metric = {}, Period: period = 300, Stat: stat = "" } = query.MetricStat ?? {};
  const statistic = statistics[stat];
  if (statistic === undefined) throw new CloudError("ValidationError", `No statistic ${stat}.`);
  const periods = periodsOf(
    all.filter((measured) => isOf(measured, metric)),
    {
      fromMs: input.StartTime?.getTime() ?? 0,
      untilMs: input.EndTime?.getTime() ?? 0,
      periodMs: period * 1000,
    },
  );
  // The newest first, as CloudWatch has it unless told.
  const times = [...periods.keys()].sort((one, other) => other - one);
  return {
    Id: query.Id,
    Label: metric.MetricName,
    Timestamps: times.map((time) => new Date(time)),
    Values: times.map((time) => statistic(periods.get(time) ?? [])),
    StatusCode: "Complete",
  };
};

/** A page of the points: a result that goes on is partial. */
const pageOf = (
  results: readonly MetricDataResult[],
  from: number,
  size: number,
): { readonly page: MetricDataResult[]; readonly isLast: boolean } => {
  let passed = 0;
  const page = results.flatMap((result): MetricDataResult[] => {
    const { Timestamps: times = [], Values: values = [] } = result;
    const begin = Math.max(0, from - passed);
    const end = Math.min(values.length, from + size - passed);
    const isBefore = passed + values.length < from || (values.length > 0 && begin >= values.length);
    passed += values.length;
    if (isBefore || end < 0 || (values.length > 0 && end <= begin)) return [];
    return [
      {
        ...result,
        Timestamps: times.slice(begin, end),
        Values: values.slice(begin, end),
        StatusCode: end < values.length ? "PartialData" : "Complete",
      },
    ];
  });
  return { page, isLast: from + size >= passed };
};

export const createMetrics = (clock: Clock): MetricRecords => {
  const measured: Measured[] = [];
  const ofCaller = ({ caller, region }: Call): readonly Measured[] =>
    measured.filter((each) => each.accountId === caller.accountId && each.region === region);

  return {
    add: (declaration) => {
      const untilMs = declaration.untilMs ?? clock.now();
      measured.push({ ...declaration, untilMs, fromMs: untilMs - declaration.lastingMs });
    },
    getMetricData: (call, input) => {
      const { MetricDataQueries: queries = [], MaxDatapoints: size = usualPoints } = input;
      if (queries.length > mostQueries) {
        throw new CloudError("ValidationError", "Too many MetricDataQueries.");
      }
      const all = ofCaller(call);
      const results = queries.map((query) => resultOf(all, query, input));
      const from = Number(input.NextToken ?? 0);
      const { page, isLast } = pageOf(results, from, size);
      return {
        MetricDataResults: page,
        Messages: [],
        ...(isLast ? {} : { NextToken: String(from + size) }),
      };
    },
  };
};

/** Alarms of the stack: what each means, and what is to be done, stands in docs/runbook.md under the title that it names. */
import { Duration } from "aws-cdk-lib";
import {
  Alarm,
  ComparisonOperator,
  TreatMissingData,
  type IMetric,
} from "aws-cdk-lib/aws-cloudwatch";
import { FilterPattern, MetricFilter, type ILogGroup } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";

export interface AlarmProps {
  /** Ends with the title of its entry in docs/runbook.md. */
  readonly description: string;
  readonly metric: IMetric;
  readonly atLeast: number;
  /** Default: where nothing is measured nothing is wrong. */
  readonly missing?: TreatMissingData;
}

export const alarm = (
  scope: Construct,
  id: string,
  { description, metric, atLeast, missing = TreatMissingData.NOT_BREACHING }: AlarmProps,
): Alarm =>
  new Alarm(scope, id, {
    alarmDescription: description,
    metric,
    threshold: atLeast,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: missing,
  });

export interface LinesProps {
  readonly stage: string;
  readonly logGroup: ILogGroup;
  /** `HaltedAccounts` */
  readonly metricName: string;
  /** Of the keys with which a line is logged, see lambdas/runtime/log.ts: lines that have it are counted. */
  readonly key: string;
  readonly everyMinutes: number;
}

/** How many lines of a log have a key, in so many minutes. Lambda's JSON format has what was logged under `message`. */
export const linesWith = (
  scope: Construct,
  id: string,
  { stage, logGroup, metricName, key, everyMinutes }: LinesProps,
): IMetric =>
  new MetricFilter(scope, id, {
    logGroup,
    metricNamespace: `SpotOptimizer/${stage}`,
    metricName,
    metricValue: "1",
    filterPattern: FilterPattern.exists(`$.message.${key}`),
  }).metric({ statistic: "Sum", period: Duration.minutes(everyMinutes) });

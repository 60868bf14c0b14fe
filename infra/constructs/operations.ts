/** What an operator looks at: the dashboard of the stage, and the alarms on what the function "measure" finds in the table. */
import { Duration } from "aws-cdk-lib";
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  MathExpression,
  Metric,
  TreatMissingData,
  type Alarm,
  type IMetric,
} from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { measureSchedule } from "../../lambdas/access/plain-schedules.ts";
import { measuredAlarms } from "../measured-alarms.ts";
import { alarm } from "./alarms.ts";
import { Schedule } from "./schedule.ts";

export interface OperationsProps {
  readonly stage: string;
  readonly sweepMinutes: number;
  /** The function "measure". */
  readonly measure: IFunction;
  /** ARNs of the state machines. */
  readonly workflows: readonly string[];
}

const { description, everyMinutes } = measureSchedule;
/** Of a graph: a week of it is 168 points. */
const hourly = Duration.hours(1);

const graph = (title: string, left: readonly IMetric[]): GraphWidget =>
  new GraphWidget({ title, left: [...left], width: 8, height: 6 });

export class Operations extends Construct {
  readonly #stage: string;

  constructor(scope: Construct, id: string, props: OperationsProps) {
    super(scope, id);
    this.#stage = props.stage;
    new Schedule(this, "Schedule", { description, everyMinutes, target: props.measure });
    const alarms = measuredAlarms(props.sweepMinutes).map((each) => {
      const { id: name, metricName, isMissingBad, ...rest } = each;
      const metric = this.#ours(metricName, "Maximum").with({
        period: Duration.minutes(everyMinutes),
      });
      const missing = isMissingBad === true ? { missing: TreatMissingData.BREACHING } : {};
      return alarm(this, name, { ...rest, ...missing, metric });
    });
    this.#dashboard(props, alarms);
  }

  #ours(metricName: string, statistic: string): Metric {
    const namespace = `SpotOptimizer/${this.#stage}`;
    return new Metric({ namespace, metricName, statistic, period: hourly });
  }

  #most(...names: readonly string[]): readonly IMetric[] {
    return names.map((name) => this.#ours(name, "Maximum"));
  }

  #percentiles(metricName: string): readonly IMetric[] {
    return ["p50", "p90", "p99"].map((statistic) => this.#ours(metricName, statistic));
  }

  #ended(): readonly IMetric[] {
    return ["SWITCHED", "FELL_BACK", "STAYED", "DEGRADED", "ROLLED_BACK", "NEEDS_OPERATOR"].map(
      (status) =>
        this.#ours("Ended", "Sum").with({ dimensionsMap: { Status: status }, label: status }),
    );
  }

  #searched(search: string): IMetric {
    return new MathExpression({
      expression: `SEARCH('${search}', 'Sum', ${String(hourly.toSeconds())})`,
      label: "",
      period: hourly,
    });
  }

  /** Of all functions, queues or tables of the stage, those of a later release too. */
  #found(dimensions: string, metricName: string, name: string): IMetric {
    return this.#searched(
      `{${dimensions}} MetricName="${metricName}" ${name}="spot-optimizer-${this.#stage}"`,
    );
  }

  /** By whatever values the dimension has. */
  #by(dimension: string, metricName: string): IMetric {
    return this.#searched(`{SpotOptimizer/${this.#stage},${dimension}} MetricName="${metricName}"`);
  }

  #executions(workflows: readonly string[]): readonly IMetric[] {
    return workflows.flatMap((arn) =>
      ["ExecutionsFailed", "ExecutionsAborted", "ExecutionsTimedOut"].map(
        (metricName) =>
          new Metric({
            namespace: "AWS/States",
            metricName,
            dimensionsMap: { StateMachineArn: arn },
            statistic: "Sum",
            period: hourly,
          }),
      ),
    );
  }

  #ofSpotAndGovernance(): GraphWidget[][] {
    return [
      [
        graph("Interruptions per pool and hour", this.#most("InterruptionsPerPoolHour")),
        graph(
          "Per cent: back on On-Demand of a day's moves; of a target in its largest pool",
          this.#most("FallbackSharePercent", "LargestPoolSharePercent"),
        ),
        graph("Launches refused for a quota, all and by class", [
          this.#ours("QuotaRefusals", "Sum"),
          this.#by("QuotaClass", "QuotaRefusals"),
        ]),
      ],
      [
        graph("Waste deleted today", this.#most("DeletionsToday")),
        graph("Recycle Bin, USD a month", this.#most("BinMonthlyUsd")),
        graph(
          "Enforcer: due, cap of a day, places with more due",
          this.#most("EnforcerDue", "EnforcerCap", "EnforcerOverCap"),
        ),
      ],
    ];
  }

  #dashboard({ workflows }: OperationsProps, alarms: readonly Alarm[]): void {
    const ages = ["LastSweepSeconds", "OldestOpenEvaluationSeconds", "OldestNeedsOperatorSeconds"];
    new Dashboard(this, "Dashboard", {
      dashboardName: `spot-optimizer-${this.#stage}`,
      widgets: [
        [new AlarmStatusWidget({ title: "Alarms", alarms: [...alarms], width: 24, height: 3 })],
        [
          graph("Evaluations that ended", this.#ended()),
          graph("Estimated savings of the switches of an hour, USD a month", [
            this.#ours("SavedMonthlyUsd", "Sum"),
          ]),
          graph("Open, and waiting for a person", this.#most("OpenEvaluations", "NeedsOperator")),
        ],
        [
          graph("Time of a switch, seconds", this.#percentiles("SwitchSeconds")),
          graph("Downtime, seconds", this.#percentiles("DowntimeSeconds")),
          graph(
            "Ages, seconds",
            this.#most(...ages, "OldestDueSeconds", "OldestOffBoardingSeconds"),
          ),
        ],
        [
          graph("Executions that failed, were stopped or timed out", this.#executions(workflows)),
          graph("Functions that failed", [
            this.#found("AWS/Lambda,FunctionName", "Errors", "FunctionName"),
          ]),
          graph("Throttled: places, calls by API, functions, table", [
            ...this.#most("ThrottledPlaces"),
            this.#by("Api", "Throttles"),
            this.#found("AWS/Lambda,FunctionName", "Throttles", "FunctionName"),
            this.#found("AWS/DynamoDB,TableName,Operation", "ThrottledRequests", "TableName"),
          ]),
        ],
        [
          graph("This month, USD: saved, net; own cost", this.#most("NetSavedUsd", "OwnCostUsd")),
          graph("Unknown of it, per cent of On-Demand", this.#most("UnknownSharePercent")),
          graph("Age of the ledger, seconds", this.#most("LastLedgerReadingSeconds")),
        ],
        ...this.#ofSpotAndGovernance(),
        [
          graph("Messages in queues, dead letters too", [
            this.#found("AWS/SQS,QueueName", "ApproximateNumberOfMessagesVisible", "QueueName"),
          ]),
          graph("Places whose sweeps fail", this.#most("FailingPlaces")),
          graph(
            "Prices, hours; approvals that expire",
            this.#most("PriceAgeHours", "ApprovalsExpiring"),
          ),
        ],
      ],
    });
  }
}

/** CloudWatch, as far as alarms and datapoints go: DescribeAlarms, GetMetricData, and set-up. Alarms change when a scenario says so. */
import type {
  CompositeAlarm,
  DescribeAlarmsInput,
  DescribeAlarmsOutput,
  EvaluationState,
  MetricAlarm,
  StateValue,
} from "@aws-sdk/client-cloudwatch";
import type { Clock } from "../clock.ts";
import { CloudError, type Handler, type ServiceModule } from "../contract.ts";
import { createMetrics, type MetricDeclaration } from "./metrics.ts";

interface Place {
  readonly accountId: string;
  readonly region: string;
}

interface AlarmDeclaration extends Place {
  readonly name: string;
  /** Default: a metric alarm. */
  readonly type?: "MetricAlarm" | "CompositeAlarm";
  /** Of the metric's dimension InstanceId; none: the alarm is about something else. */
  readonly instanceId?: string;
  /** Default: OK since before the clock began. */
  readonly state?: StateValue;
}

interface Alarm extends Required<Omit<AlarmDeclaration, "instanceId">> {
  readonly instanceId: string | undefined;
  state: StateValue;
  since: number;
  evaluation: EvaluationState | undefined;
}

export interface Monitoring extends ServiceModule {
  addAlarm(alarm: AlarmDeclaration): void;
  /** What was measured, every five minutes for a while. */
  addMetric(metric: MetricDeclaration): void;
  /** From now on; of the same state its beginning stays. */
  setState(name: string, state: StateValue, evaluation?: EvaluationState): void;
}

/** API reference, DescribeAlarms: `MaxRecords`, `AlarmNames`. */
const usualPage = 50;
const mostNames = 100;
const hourMs = 3_600_000;

const shared = (alarm: Alarm) => ({
  AlarmName: alarm.name,
  StateValue: alarm.state,
  StateTransitionedTimestamp: new Date(alarm.since),
  StateUpdatedTimestamp: new Date(alarm.since),
});

const metricAlarm = (alarm: Alarm): MetricAlarm => ({
  ...shared(alarm),
  ...(alarm.evaluation === undefined ? {} : { EvaluationState: alarm.evaluation }),
  Dimensions:
    alarm.instanceId === undefined ? [] : [{ Name: "InstanceId", Value: alarm.instanceId }],
});

const compositeAlarm = (alarm: Alarm): CompositeAlarm => shared(alarm);

export const createMonitoring = ({ clock }: { readonly clock: Clock }): Monitoring => {
  const alarms: Alarm[] = [];
  const metrics = createMetrics(clock);

  const describeAlarms: Handler<DescribeAlarmsInput, DescribeAlarmsOutput> = (call, input) => {
    const { AlarmNames: names = [], AlarmTypes: types = ["MetricAlarm"], NextToken } = input;
    if (names.length > mostNames) throw new CloudError("ValidationError", "Too many AlarmNames.");
    const asked = alarms.filter(
      ({ accountId, region, name, type }) =>
        accountId === call.caller.accountId &&
        region === call.region &&
        types.includes(type) &&
        (names.length === 0 || names.includes(name)),
    );
    const begin = Number(NextToken ?? 0);
    const end = begin + (input.MaxRecords ?? usualPage);
    const page = asked.slice(begin, end);
    return {
      MetricAlarms: page.filter(({ type }) => type === "MetricAlarm").map(metricAlarm),
      CompositeAlarms: page.filter(({ type }) => type === "CompositeAlarm").map(compositeAlarm),
      ...(end < asked.length && { NextToken: String(end) }),
    };
  };

  return {
    service: "monitoring",
    operations: { DescribeAlarms: describeAlarms, GetMetricData: metrics.getMetricData },
    addMetric: metrics.add,
    addAlarm: ({ type = "MetricAlarm", state = "OK", instanceId, ...declared }) => {
      const since = clock.now() - hourMs;
      alarms.push({ ...declared, type, state, instanceId, since, evaluation: undefined });
    },
    setState: (name, state, evaluation) => {
      for (const alarm of alarms) {
        if (alarm.name !== name) continue;
        alarm.evaluation = evaluation;
        if (alarm.state === state) continue;
        alarm.state = state;
        alarm.since = clock.now();
      }
    },
  };
};

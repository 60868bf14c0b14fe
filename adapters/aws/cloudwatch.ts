/** CloudWatch: the state of alarms, metric and composite ones. */
import {
  DescribeAlarmsCommand,
  type CloudWatchClient,
  type DescribeAlarmsCommandOutput,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import type { AlarmFacts } from "../../core/model/alarm.ts";
import { readAllPages } from "./paging.ts";
import { callAws } from "./translate-error.ts";

const instanceIdsOf = ({ Dimensions: own = [], Metrics: metrics = [] }: MetricAlarm) =>
  [...own, ...metrics.flatMap(({ MetricStat: stat }) => stat?.Metric?.Dimensions ?? [])]
    .filter(({ Name }) => Name === "InstanceId")
    .flatMap(({ Value }) => Value ?? []);

/** What both kinds have. */
type AnyAlarm = Pick<
  MetricAlarm,
  | "AlarmName"
  | "StateValue"
  | "StateTransitionedTimestamp"
  | "StateUpdatedTimestamp"
  | "EvaluationState"
>;

const factsOf = (alarm: AnyAlarm, instanceIds: readonly string[]): AlarmFacts => {
  const { AlarmName: name = "", StateValue: state = "unknown", EvaluationState: problem } = alarm;
  // The later of the two, where CloudWatch tells one only: the state is at least as old.
  const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
  return {
    name,
    state,
    instanceIds,
    ...(since === undefined ? {} : { since: since.toISOString() }),
    ...(problem === undefined ? {} : { problem }),
  };
};

/** At most 100 names. One that CloudWatch does not show is not among the answers. */
export const readAlarms = async (
  cloudWatch: CloudWatchClient,
  names: readonly string[],
): Promise<readonly AlarmFacts[]> =>
  readAllPages<DescribeAlarmsCommandOutput, AlarmFacts>({
    fetch: (token) =>
      callAws({ action: "DescribeAlarms", resource: names.join(", ") }, () =>
        cloudWatch.send(
          new DescribeAlarmsCommand({
            AlarmNames: [...names],
            // Without it composite alarms are left out.
            AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
            NextToken: token,
          }),
        ),
      ),
    items: ({ MetricAlarms: metric = [], CompositeAlarms: composite = [] }) => [
      ...metric.map((alarm) => factsOf(alarm, instanceIdsOf(alarm))),
      ...composite.map((alarm) => factsOf(alarm, [])),
    ],
    next: (page) => page.NextToken,
  });

/** API reference, DescribeAlarms: `MaxRecords`. */
const largestPage = 100;
/** Two thousand alarms: CloudWatch allows nine calls a second in an account. */
const mostPages = 20;

/**
 * Names of the metric alarms that have the instance among their dimensions. There is no look-up by instance, so all are read, up to
 * 2,000; `isPart` says that there are more.
 */
export const readAlarmsOf = async (
  cloudWatch: CloudWatchClient,
  instanceId: string,
): Promise<{ readonly names: readonly string[]; readonly isPart: boolean }> => {
  const names: string[] = [];
  let token: string | undefined;
  for (let page = 1; page <= mostPages; page += 1) {
    const answer = await callAws({ action: "DescribeAlarms", resource: "all alarms" }, () =>
      cloudWatch.send(
        new DescribeAlarmsCommand({
          AlarmTypes: ["MetricAlarm"],
          MaxRecords: largestPage,
          NextToken: token,
        }),
      ),
    );
    const found = (answer.MetricAlarms ?? []).filter((alarm) =>
      instanceIdsOf(alarm).includes(instanceId),
    );
    names.push(...found.flatMap(({ AlarmName: name }) => name ?? []));
    token = answer.NextToken;
    if (token === undefined || token === "") return { names: names.sort(), isPart: false };
  }
  return { names: names.sort(), isPart: true };
};

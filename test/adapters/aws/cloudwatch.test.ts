import { beforeEach, describe, expect, it } from "@jest/globals";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { mockClient } from "aws-sdk-client-mock";
import { readAlarms, readAlarmsOf } from "../../../adapters/aws/cloudwatch.ts";
import { awsError } from "./aws-error.ts";

const cloudWatch = new CloudWatchClient({ region: "eu-central-1" });
const mock = mockClient(cloudWatch);
const since = new Date("2026-03-02T08:00:00Z");
const later = new Date("2026-03-02T08:30:00Z");

beforeEach(() => {
  mock.reset();
});

describe("the alarms of an account", () => {
  const AlarmNames = ["errors", "all"];

  it("are asked for by name, composite ones too, on every page", async () => {
    const AlarmTypes = ["MetricAlarm" as const, "CompositeAlarm" as const];
    mock.on(DescribeAlarmsCommand, { AlarmNames, AlarmTypes, NextToken: undefined }).resolves({
      MetricAlarms: [{ AlarmName: "errors", StateValue: "OK", StateTransitionedTimestamp: since }],
      NextToken: "n",
    });
    mock.on(DescribeAlarmsCommand, { AlarmNames, AlarmTypes, NextToken: "n" }).resolves({
      CompositeAlarms: [
        { AlarmName: "all", StateValue: "INSUFFICIENT_DATA", StateUpdatedTimestamp: later },
      ],
    });
    await expect(readAlarms(cloudWatch, AlarmNames)).resolves.toEqual([
      { name: "errors", state: "OK", since: since.toISOString(), instanceIds: [] },
      { name: "all", state: "INSUFFICIENT_DATA", since: later.toISOString(), instanceIds: [] },
    ]);
  });

  it("name the instances of their metrics, and what kept CloudWatch from judging them", async () => {
    mock.on(DescribeAlarmsCommand).resolves({
      MetricAlarms: [
        {
          AlarmName: "errors",
          StateValue: "OK",
          EvaluationState: "PARTIAL_DATA",
          Dimensions: [{ Name: "InstanceId", Value: "i-1" }],
          Metrics: [
            {
              Id: "m1",
              MetricStat: {
                Metric: {
                  Dimensions: [
                    { Name: "InstanceId", Value: "i-2" },
                    { Name: "TargetGroup", Value: "tg" },
                  ],
                },
                Period: 60,
                Stat: "Sum",
              },
            },
          ],
        },
      ],
    });
    await expect(readAlarms(cloudWatch, ["errors"])).resolves.toEqual([
      { name: "errors", state: "OK", problem: "PARTIAL_DATA", instanceIds: ["i-1", "i-2"] },
    ]);
  });

  it("that may not be read are an error, never absent", async () => {
    mock.on(DescribeAlarmsCommand).rejects(awsError("AccessDenied"));
    await expect(readAlarms(cloudWatch, ["errors"])).rejects.toMatchObject({
      name: "BrokenPermission",
    });
  });
});

describe("the alarms that name an instance", () => {
  const named = (name: string, ...ids: readonly string[]) => ({
    AlarmName: name,
    Dimensions: ids.map((Value) => ({ Name: "InstanceId", Value })),
  });

  it("are found among all, on every page", async () => {
    mock.on(DescribeAlarmsCommand, { NextToken: undefined }).resolves({
      MetricAlarms: [named("b", "i-1"), named("other", "i-2"), named("fleet")],
      NextToken: "n",
    });
    mock.on(DescribeAlarmsCommand, { NextToken: "n" }).resolves({
      MetricAlarms: [named("a", "i-2", "i-1")],
    });
    await expect(readAlarmsOf(cloudWatch, "i-1")).resolves.toEqual({
      names: ["a", "b"],
      isPart: false,
    });
  });

  it("are said to be a part where there are more than are read", async () => {
    mock.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [named("a", "i-1")], NextToken: "n" });
    const { isPart, names } = await readAlarmsOf(cloudWatch, "i-1");
    expect([isPart, names.length, mock.calls().length]).toEqual([true, 20, 20]);
  });
});

import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { createMonitoring, type Monitoring } from "../../../../local/cloud/monitoring/service.ts";
import { localClientConfig } from "../../../../local/wire/front/client-config.ts";
import { createFixture, refusalOf, startMs, type Fixture } from "../cloud-fixture.ts";

const accountId = "111122223333";
const region = "eu-west-1";

describe("the simulated CloudWatch", () => {
  let fixture: Fixture;
  let monitoring: Monitoring;
  let client: CloudWatchClient;

  beforeEach(() => {
    fixture = createFixture();
    monitoring = createMonitoring(fixture.cloud);
    fixture.cloud.serve(monitoring);
    monitoring.addAlarm({ accountId, region, name: "errors", instanceId: "i-1" });
    monitoring.addAlarm({ accountId, region, name: "all", type: "CompositeAlarm" });
    monitoring.addAlarm({ accountId, region: "us-east-1", name: "elsewhere" });
    const credentials = fixture.cloud.identities.operator;
    client = new CloudWatchClient(localClientConfig(fixture.cloud, { region, credentials }));
  });

  const describeAlarms = (input: object = {}) => client.send(new DescribeAlarmsCommand(input));

  it("leaves composite alarms out unless they are asked for", async () => {
    const plain = await describeAlarms();
    expect(plain.MetricAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(["errors"]);
    expect(plain.CompositeAlarms).toEqual([]);
    const both = await describeAlarms({ AlarmTypes: ["MetricAlarm", "CompositeAlarm"] });
    expect(both.CompositeAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(["all"]);
  });

  it("tells since when an alarm has its state, which stays where that does", async () => {
    fixture.clock.elapse(60_000);
    monitoring.setState("errors", "ALARM");
    fixture.clock.elapse(60_000);
    monitoring.setState("errors", "ALARM", "PARTIAL_DATA");
    const { MetricAlarms: alarms } = await describeAlarms({ AlarmNames: ["errors"] });
    expect(alarms).toMatchObject([
      {
        StateValue: "ALARM",
        StateTransitionedTimestamp: new Date(startMs + 60_000),
        EvaluationState: "PARTIAL_DATA",
        Dimensions: [{ Name: "InstanceId", Value: "i-1" }],
      },
    ]);
  });

  it("pages, and refuses more names than CloudWatch takes", async () => {
    const AlarmTypes = ["MetricAlarm", "CompositeAlarm"];
    const first = await describeAlarms({ AlarmTypes, MaxRecords: 1 });
    const second = await describeAlarms({ AlarmTypes, NextToken: first.NextToken });
    expect([first.MetricAlarms?.length, second.CompositeAlarms?.length]).toEqual([1, 1]);
    expect(second.NextToken).toBeUndefined();
    const AlarmNames = Array.from({ length: 101 }, (_, index) => `alarm-${String(index)}`);
    expect(await refusalOf(describeAlarms({ AlarmNames }))).toMatchObject({
      code: "ValidationException",
    });
  });
});

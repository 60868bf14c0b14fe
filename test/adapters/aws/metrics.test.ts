import { describe, expect, it } from "@jest/globals";
import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { mockClient } from "aws-sdk-client-mock";
import { readMetrics } from "../../../adapters/aws/metrics.ts";
import type { MetricQuestion } from "../../../core/model/waste/metric.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
import { createMonitoring } from "../../../local/cloud/monitoring/service.ts";
import { metadata } from "./aws-error.ts";
import { dayMs, openPlace, place, refuseNext, startMs } from "./simulated-place.ts";

const hourMs = 3_600_000;
const span = { since: new Date(startMs - 14 * dayMs), until: new Date(startMs) };

const idleTimeOf = (volumeId: string): MetricQuestion => ({
  key: volumeId,
  namespace: "AWS/EBS",
  metric: "VolumeIdleTime",
  dimensions: { VolumeId: volumeId },
  statistic: "Sum",
});

const openMonitoring = () => {
  const { cloud, config } = openPlace();
  const service = createMonitoring(cloud);
  cloud.serve(service);
  return { cloud, service, client: new CloudWatchClient(config) };
};

describe("what CloudWatch has measured", () => {
  it("shows an attachment of one hour between two readings", async () => {
    const { client, service } = openMonitoring();
    service.addMetric({
      ...place,
      namespace: "AWS/EBS",
      metric: "VolumeIdleTime",
      dimensions: { VolumeId: "vol-1" },
      untilMs: startMs - 6 * hourMs,
      lastingMs: hourMs,
      value: 300,
    });
    const readings = await readMetrics(client, [idleTimeOf("vol-1"), idleTimeOf("vol-2")], span);
    expect(readings.get("vol-1")).toEqual({
      kind: "MEASURED",
      datapoints: 1,
      sum: 3600,
      greatest: 3600,
      lastAt: "2026-03-02T03:00:00.000Z",
    });
    expect(readings.get("vol-2")).toEqual({ kind: "NONE" });
  });

  it("is not what was measured before, or of somebody else", async () => {
    const { client, service } = openMonitoring();
    const metric = {
      namespace: "AWS/EBS",
      metric: "VolumeIdleTime",
      dimensions: { VolumeId: "vol-1" },
      lastingMs: hourMs,
      value: 1,
    };
    service.addMetric({ ...place, ...metric, untilMs: startMs - 14 * dayMs });
    service.addMetric({ ...place, ...metric, accountId: "999988887777" });
    const readings = await readMetrics(client, [idleTimeOf("vol-1")], span);
    expect(readings.get("vol-1")).toEqual({ kind: "NONE" });
  });

  it("is zero where zero was measured, which is not nothing", async () => {
    const { client, service } = openMonitoring();
    service.addMetric({
      ...place,
      namespace: "AWS/NATGateway",
      metric: "ActiveConnectionCount",
      dimensions: { NatGatewayId: "nat-1" },
      lastingMs: 14 * dayMs,
      value: 0,
    });
    const question: MetricQuestion = {
      key: "nat",
      namespace: "AWS/NATGateway",
      metric: "ActiveConnectionCount",
      dimensions: { NatGatewayId: "nat-1" },
      statistic: "Maximum",
    };
    const readings = await readMetrics(client, [question], span);
    expect(readings.get("nat")).toMatchObject({
      kind: "MEASURED",
      datapoints: 14 * 24,
      greatest: 0,
      sum: 0,
    });
  });

  it.each(["Throttling", "AccessDeniedException", "InternalServiceFault"])(
    "is unknown, not nothing, where CloudWatch answers %s",
    async (code) => {
      const { client, cloud } = openMonitoring();
      const end = cloud.faults.before(() => {
        throw new CloudError(code, "Not now.", code === "InternalServiceFault" ? 500 : 400);
      });
      const readings = await readMetrics(client, [idleTimeOf("vol-1")], span);
      end();
      expect(readings.get("vol-1")).toMatchObject({ kind: "UNKNOWN" });
    },
  );

  it("takes a call for each 500 questions", async () => {
    const { client, cloud } = openMonitoring();
    const questions = Array.from({ length: 501 }, (_, index) => idleTimeOf(String(index)));
    const readings = await readMetrics(client, questions, span);
    expect(readings.size).toBe(501);
    expect(cloud.journal).toHaveLength(2);
  });

  it("is put together from pages, and unknown where the last of them is not complete", async () => {
    const client = new CloudWatchClient({ region: "eu-central-1" });
    const mock = mockClient(client);
    const at = new Date(startMs);
    mock
      .on(GetMetricDataCommand)
      .resolvesOnce({
        MetricDataResults: [
          { Id: "q0", StatusCode: "PartialData", Timestamps: [at], Values: [2] },
          { Id: "q1", StatusCode: "Complete", Timestamps: [at], Values: [7] },
        ],
        NextToken: "2",
        $metadata: metadata(),
      })
      .resolves({
        MetricDataResults: [
          { Id: "q0", StatusCode: "Complete", Timestamps: [at], Values: [3] },
          { Id: "q2", StatusCode: "InternalError", Timestamps: [], Values: [] },
        ],
        $metadata: metadata(),
      });
    const questions = ["vol-0", "vol-1", "vol-2", "vol-3"].map(idleTimeOf);
    const readings = await readMetrics(client, questions, span);
    expect(readings.get("vol-0")).toMatchObject({ kind: "MEASURED", datapoints: 2, sum: 5 });
    expect(readings.get("vol-1")).toMatchObject({ kind: "MEASURED", greatest: 7 });
    expect(readings.get("vol-2")).toMatchObject({ kind: "UNKNOWN" });
    expect(readings.get("vol-3")).toMatchObject({ kind: "UNKNOWN" });
  });

  it("pages as CloudWatch does", async () => {
    const { client, service } = openMonitoring();
    service.addMetric({
      ...place,
      namespace: "AWS/EBS",
      metric: "VolumeIdleTime",
      dimensions: { VolumeId: "vol-1" },
      lastingMs: 3 * hourMs,
      value: 1,
    });
    const MetricDataQueries = [
      {
        Id: "q0",
        MetricStat: {
          Metric: {
            Namespace: "AWS/EBS",
            MetricName: "VolumeIdleTime",
            Dimensions: [{ Name: "VolumeId", Value: "vol-1" }],
          },
          Period: 3600,
          Stat: "Sum",
        },
      },
    ];
    const asked = {
      MetricDataQueries,
      StartTime: span.since,
      EndTime: span.until,
      MaxDatapoints: 2,
    };
    const first = await client.send(new GetMetricDataCommand(asked));
    expect(first.MetricDataResults?.[0]).toMatchObject({
      StatusCode: "PartialData",
      Values: [12, 12],
    });
    const second = await client.send(
      new GetMetricDataCommand({ ...asked, NextToken: first.NextToken }),
    );
    expect(second.MetricDataResults?.[0]).toMatchObject({ StatusCode: "Complete", Values: [12] });
    expect(second.NextToken).toBeUndefined();
  });
});

describe("a metric that cannot be asked for", () => {
  it("is told as what it is, and not as unknown, where the request itself is wrong", async () => {
    const { client, cloud } = openMonitoring();
    refuseNext(cloud, "GetMetricData", new CloudError("ValidationError", "No."));
    await expect(readMetrics(client, [idleTimeOf("vol-1")], span)).rejects.toMatchObject({
      name: "BrokenRequest",
    });
  });
});

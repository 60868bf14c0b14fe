import { describe, expect, it } from "@jest/globals";
import {
  DescribeEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutPermissionCommand,
} from "@aws-sdk/client-eventbridge";
import { mockClient } from "aws-sdk-client-mock";
import { putBusPolicy, putEvent, readEventBus } from "../../../adapters/aws/eventbridge.ts";
import { awsError } from "./aws-error.ts";

const eventBridge = new EventBridgeClient({ region: "us-east-1" });
const mock = mockClient(eventBridge);
const Arn = "arn:aws:events:us-east-1:111122223333:event-bus/ours";

describe("our event bus", () => {
  it("is read with its policy, and an empty one is none", async () => {
    mock.on(DescribeEventBusCommand, { Name: "ours" }).resolves({ Arn, Policy: "{}" });
    expect(await readEventBus(eventBridge, "ours")).toEqual({ arn: Arn, policy: "{}" });
    mock.on(DescribeEventBusCommand, { Name: "ours" }).resolves({ Arn, Policy: "" });
    expect(await readEventBus(eventBridge, "ours")).toEqual({ arn: Arn });
  });

  it("that is not there is told by name", async () => {
    mock.on(DescribeEventBusCommand).rejects(awsError("ResourceNotFoundException"));
    await expect(readEventBus(eventBridge, "ours")).rejects.toMatchObject({
      name: "BrokenNotFound",
    });
  });

  it("is given a whole policy", async () => {
    mock.on(PutPermissionCommand).resolves({});
    await putBusPolicy(eventBridge, { name: "ours", policy: '{"Statement":[]}' });
    expect(mock.commandCalls(PutPermissionCommand).map(({ args }) => args[0].input)).toEqual([
      { EventBusName: "ours", Policy: '{"Statement":[]}' },
    ]);
  });
});

describe("an event of our own", () => {
  const event = { busName: "ours", source: "us", detailType: "Told", detail: { version: "1" } };

  it("is put on our bus, and known by the id that EventBridge gave it", async () => {
    mock.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: "e-1" }] });
    await expect(putEvent(eventBridge, event)).resolves.toBe("e-1");
    expect(mock.commandCalls(PutEventsCommand)[0]?.args[0].input).toEqual({
      Entries: [
        { EventBusName: "ours", Source: "us", DetailType: "Told", Detail: '{"version":"1"}' },
      ],
    });
  });

  it("that EventBridge answers for, and did not take, is to be repeated", async () => {
    mock
      .on(PutEventsCommand)
      .resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: "InternalFailure" }] });
    await expect(putEvent(eventBridge, event)).rejects.toMatchObject({
      name: "RetryableUnavailable",
      message: "Event bus ours did not take an event (InternalFailure).",
    });
  });
});

import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  DescribeDocumentCommand,
  DescribeInstanceInformationCommand,
  ListCommandInvocationsCommand,
  SendCommandCommand,
  SSMClient,
  type CommandInvocation,
} from "@aws-sdk/client-ssm";
import { mockClient } from "aws-sdk-client-mock";
import {
  findCommand,
  readCommand,
  readDocument,
  readDirectoryDomain,
  readPingStatus,
  sendCommand,
} from "../../../adapters/aws/ssm.ts";
import { awsError, metadata } from "./aws-error.ts";

const ssm = new SSMClient({ region: "eu-central-1" });
const mock = mockClient(ssm);

const order = { document: "quiesce", instanceId: "i-1", seconds: 60, comment: "evl-1 hook" };
const asked = { instanceId: "i-1", commandId: "c-1" };

beforeEach(() => {
  mock.reset();
});

describe("a command", () => {
  it("is sent to one instance, with the time within which it must begin and the name by which it is found", async () => {
    mock
      .on(SendCommandCommand)
      .resolves({ Command: { CommandId: "c-1" }, $metadata: metadata("r-1") });
    await expect(sendCommand(ssm, order)).resolves.toEqual({
      kind: "SENT",
      commandId: "c-1",
      requestId: "r-1",
    });
    expect(mock.commandCalls(SendCommandCommand)[0]?.args[0].input).toEqual({
      DocumentName: "quiesce",
      InstanceIds: ["i-1"],
      TimeoutSeconds: 60,
      Comment: "evl-1 hook",
    });
  });

  it("is not sent where the agent has not registered: a value, not an error", async () => {
    mock.on(SendCommandCommand).rejects(awsError("InvalidInstanceId"));
    await expect(sendCommand(ssm, order)).resolves.toMatchObject({ kind: "NOT_MANAGED" });
  });

  it.each([
    ["InvalidDocument", "BrokenRequest"],
    ["AccessDeniedException", "BrokenPermission"],
    ["ThrottlingException", "RetryableThrottled"],
  ])("that AWS refuses with %s is a %s", async (code, name) => {
    mock.on(SendCommandCommand).rejects(awsError(code));
    await expect(sendCommand(ssm, order)).rejects.toMatchObject({ name });
  });

  it("is found again by its name, among all pages since it was planned", async () => {
    const all = { InstanceId: "i-1", Details: true };
    const Filters = [{ key: "InvokedAfter" as const, value: "2026-03-02T09:00:00Z" }];
    mock
      .on(ListCommandInvocationsCommand, { ...all, Filters, NextToken: undefined })
      .resolves({ CommandInvocations: [{ CommandId: "c-0" }], NextToken: "n" });
    mock
      .on(ListCommandInvocationsCommand, { ...all, Filters, NextToken: "n" })
      .resolves({ CommandInvocations: [{ CommandId: "c-1", Comment: "evl-1 hook" }] });
    const after = "2026-03-02T09:00:00.123Z";
    const wanted = { instanceId: "i-1", comment: "evl-1 hook", after };
    await expect(findCommand(ssm, wanted)).resolves.toBe("c-1");
    await expect(findCommand(ssm, { ...wanted, comment: "evl-2" })).resolves.toBeUndefined();
  });
});

describe("how a command ended", () => {
  const shown = (invocation: CommandInvocation): void => {
    mock
      .on(ListCommandInvocationsCommand, { CommandId: "c-1", InstanceId: "i-1", Details: true })
      .resolves({ CommandInvocations: [{ CommandId: "c-1", ...invocation }] });
  };

  it.each(["Pending", "InProgress", "Delayed", "Cancelling"] as const)(
    "is open while it is %s",
    async (Status) => {
      shown({ Status });
      await expect(readCommand(ssm, asked)).resolves.toEqual({ kind: "RUNNING", status: Status });
    },
  );

  it.each<readonly [string, CommandInvocation, object]>([
    [
      "all steps succeeded",
      { Status: "Success", CommandPlugins: [{ ResponseCode: 0 }, { ResponseCode: 0 }] },
      { status: "Success", hasSucceeded: true, exitCode: 0 },
    ],
    [
      "the first of two steps failed",
      {
        Status: "Failed",
        StatusDetails: "Failed",
        CommandPlugins: [{ ResponseCode: 3, Output: "secret" }, { ResponseCode: 0 }],
      },
      { status: "Failed", hasSucceeded: false, exitCode: 3 },
    ],
    [
      "it was never delivered",
      {
        Status: "TimedOut",
        StatusDetails: "Delivery Timed Out",
        CommandPlugins: [{ ResponseCode: -1 }],
      },
      { status: "Delivery Timed Out", hasSucceeded: false },
    ],
    [
      "somebody cancelled it",
      { Status: "Cancelled" },
      { status: "Cancelled", hasSucceeded: false },
    ],
    [
      "SSM has a status that we do not know",
      { Status: "Superseded" as "Failed" },
      { status: "Superseded", hasSucceeded: false },
    ],
  ])("is told when %s, without a word of what it printed", async (_, invocation, end) => {
    shown(invocation);
    await expect(readCommand(ssm, asked)).resolves.toEqual({ kind: "ENDED", ...end });
  });

  it("is not known while SSM does not show it", async () => {
    mock.on(ListCommandInvocationsCommand).resolves({ CommandInvocations: [] });
    await expect(readCommand(ssm, asked)).resolves.toBeUndefined();
    mock.on(ListCommandInvocationsCommand).rejects(awsError("InvalidCommandId"));
    await expect(readCommand(ssm, asked)).resolves.toBeUndefined();
  });
});

describe("what SSM knows beforehand", () => {
  it("is whether the agent answers", async () => {
    mock
      .on(DescribeInstanceInformationCommand, {
        Filters: [{ Key: "InstanceIds", Values: ["i-1"] }],
      })
      .resolves({ InstanceInformationList: [{ InstanceId: "i-1", PingStatus: "ConnectionLost" }] });
    await expect(readPingStatus(ssm, "i-1")).resolves.toBe("ConnectionLost");
    mock.on(DescribeInstanceInformationCommand).resolves({ InstanceInformationList: [] });
    await expect(readPingStatus(ssm, "i-2")).resolves.toBeUndefined();
  });

  it.each([
    ["WIN-1.corp.example.com", "corp.example.com"],
    ["WIN-1.WORKGROUP", undefined],
    ["WIN-1", undefined],
    [undefined, undefined],
  ])("is the domain of a Windows guest: %s", async (ComputerName, domain) => {
    const found = { InstanceId: "i-1", ...(ComputerName !== undefined && { ComputerName }) };
    mock.on(DescribeInstanceInformationCommand).resolves({ InstanceInformationList: [found] });
    await expect(readDirectoryDomain(ssm, "i-1")).resolves.toBe(domain);
  });

  it("is what a document is, and which parameters it must be given", async () => {
    mock.on(DescribeDocumentCommand, { Name: "quiesce" }).resolves({
      Document: {
        Status: "Active",
        DocumentType: "Command",
        Parameters: [{ Name: "Database" }, { Name: "Seconds", DefaultValue: "30" }],
      },
    });
    await expect(readDocument(ssm, "quiesce")).resolves.toEqual({
      name: "quiesce",
      status: "Active",
      type: "Command",
      requiredParameters: ["Database"],
    });
  });

  it("is that a document does not exist; a refusal is not taken for that", async () => {
    mock.on(DescribeDocumentCommand).rejects(awsError("InvalidDocument"));
    await expect(readDocument(ssm, "gone")).resolves.toEqual({
      name: "gone",
      requiredParameters: [],
    });
    mock.on(DescribeDocumentCommand).rejects(awsError("AccessDeniedException"));
    await expect(readDocument(ssm, "gone")).rejects.toMatchObject({ name: "BrokenPermission" });
  });
});

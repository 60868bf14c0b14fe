import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
  type ExecutionListItem,
} from "@aws-sdk/client-sfn";
import { mockClient } from "aws-sdk-client-mock";
import {
  listExecutionsBefore,
  readDefinition,
  readDefinitionOf,
} from "../../../adapters/aws/workflows.ts";
import { awsError } from "./aws-error.ts";

const sfn = new SFNClient({ region: "eu-central-1" });
const mock = mockClient(sfn);
const stateMachineArn = "arn:aws:states:eu-central-1:123456789012:stateMachine:Linear";
const executionArn = "arn:aws:states:eu-central-1:123456789012:execution:Linear:evl-1";

beforeEach(() => {
  mock.reset();
});

describe("definitions", () => {
  it("are read of the state machine and of an execution", async () => {
    mock.on(DescribeStateMachineCommand).resolves({ definition: "{now}" });
    mock.on(DescribeStateMachineForExecutionCommand).resolves({ definition: "{then}" });
    await expect(readDefinition(sfn, stateMachineArn)).resolves.toBe("{now}");
    await expect(readDefinitionOf(sfn, executionArn)).resolves.toBe("{then}");
  });

  it("of an execution that is no longer known there is none", async () => {
    mock.on(DescribeStateMachineForExecutionCommand).rejects(awsError("ExecutionDoesNotExist"));
    await expect(readDefinitionOf(sfn, executionArn)).resolves.toBeUndefined();
  });

  it("that can't be read are not taken for absent", async () => {
    mock.on(DescribeStateMachineForExecutionCommand).rejects(awsError("AccessDeniedException"));
    await expect(readDefinitionOf(sfn, executionArn)).rejects.toMatchObject({
      name: "BrokenPermission",
    });
  });
});

describe("listExecutionsBefore", () => {
  const asked = {
    stateMachineArn,
    startedUntil: new Date("2026-03-10T00:00:00Z"),
    endedSince: new Date("2026-03-05T00:00:00Z"),
  };
  const execution = (name: string, start: string, stop?: string): ExecutionListItem => ({
    executionArn: name,
    stateMachineArn,
    name,
    status: stop === undefined ? "RUNNING" : "FAILED",
    startDate: new Date(start),
    ...(stop === undefined ? {} : { stopDate: new Date(stop) }),
  });

  it("asks for those that run and those that failed, page by page, and leaves out who can't matter", async () => {
    mock.on(ListExecutionsCommand).resolves({ executions: [] });
    mock
      .on(ListExecutionsCommand, { statusFilter: "RUNNING", nextToken: undefined })
      .resolves({ executions: [execution("late", "2026-03-11")], nextToken: "more" })
      .on(ListExecutionsCommand, { statusFilter: "RUNNING", nextToken: "more" })
      .resolves({ executions: [execution("early", "2026-01-01")] })
      .on(ListExecutionsCommand, { statusFilter: "FAILED" })
      .resolves({
        executions: [
          execution("failed lately", "2026-03-01", "2026-03-06"),
          execution("failed long ago", "2026-03-01", "2026-03-04"),
        ],
      });
    await expect(listExecutionsBefore(sfn, asked)).resolves.toEqual(["early", "failed lately"]);
    const statuses = mock
      .commandCalls(ListExecutionsCommand)
      .map(({ args }) => args[0].input.statusFilter);
    expect(statuses).toEqual(["RUNNING", "RUNNING", "FAILED", "TIMED_OUT", "ABORTED"]);
  });
});

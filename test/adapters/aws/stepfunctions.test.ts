import { beforeEach, describe, expect, it } from "@jest/globals";
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { mockClient } from "aws-sdk-client-mock";
import { describeExecution, startExecution } from "../../../adapters/aws/stepfunctions.ts";
import { awsError } from "./aws-error.ts";

const sfn = new SFNClient({ region: "eu-central-1" });
const mock = mockClient(sfn);
const stateMachineArn = "arn:aws:states:eu-central-1:123456789012:stateMachine:Linear";
const executionArn = "arn:aws:states:eu-central-1:123456789012:execution:Linear:evl-1";
const input = { stateMachineArn, name: "evl-1", input: { evaluationId: "evl-1" } };

beforeEach(() => {
  mock.reset();
});

describe("startExecution", () => {
  it("starts under the given name with JSON input", async () => {
    mock.on(StartExecutionCommand).resolves({ executionArn });
    await expect(startExecution(sfn, input)).resolves.toEqual({ executionArn });
    expect(mock.commandCalls(StartExecutionCommand)[0]?.args[0].input).toStrictEqual({
      stateMachineArn,
      name: "evl-1",
      input: '{"evaluationId":"evl-1"}',
    });
  });

  it.each([stateMachineArn, `${stateMachineArn}:PROD`, `${stateMachineArn}:3`])(
    "a name that was used gives the ARN of that execution (%s)",
    async (arn) => {
      mock.on(StartExecutionCommand).rejects(awsError("ExecutionAlreadyExists"));
      await expect(startExecution(sfn, { ...input, stateMachineArn: arn })).resolves.toEqual({
        executionArn,
      });
    },
  );

  it("what is no state machine's ARN is BrokenInput", async () => {
    mock.on(StartExecutionCommand).rejects(awsError("ExecutionAlreadyExists"));
    await expect(startExecution(sfn, { ...input, stateMachineArn: "x" })).rejects.toMatchObject({
      name: "BrokenInput",
    });
  });

  it.each([
    ["StateMachineDoesNotExist", "BrokenNotFound"],
    ["ExecutionLimitExceeded", "BrokenQuota"],
    ["ThrottlingException", "RetryableThrottled"],
    ["InvalidName", "BrokenRequest"],
  ])("%s is %s", async (code, name) => {
    mock.on(StartExecutionCommand).rejects(awsError(code));
    await expect(startExecution(sfn, input)).rejects.toMatchObject({ name });
  });
});

describe("describeExecution", () => {
  it("tells status, times and failure", async () => {
    mock.on(DescribeExecutionCommand, { executionArn }).resolves({
      executionArn,
      stateMachineArn,
      status: "FAILED",
      startDate: new Date("2026-01-01T00:00:00Z"),
      stopDate: new Date("2026-01-01T00:01:00Z"),
      error: "NeedsOperator",
      cause: "why",
    });
    await expect(describeExecution(sfn, executionArn)).resolves.toEqual({
      executionArn,
      status: "FAILED",
      startedAt: "2026-01-01T00:00:00.000Z",
      stoppedAt: "2026-01-01T00:01:00.000Z",
      error: "NeedsOperator",
      cause: "why",
    });
  });

  it("a running one has no end", async () => {
    mock.on(DescribeExecutionCommand).resolves({
      executionArn,
      stateMachineArn,
      status: "RUNNING",
      startDate: new Date("2026-01-01T00:00:00Z"),
    });
    await expect(describeExecution(sfn, executionArn)).resolves.toEqual({
      executionArn,
      status: "RUNNING",
      startedAt: "2026-01-01T00:00:00.000Z",
    });
  });

  it("an unknown execution is undefined, any other refusal an error", async () => {
    mock
      .on(DescribeExecutionCommand)
      .rejectsOnce(awsError("ExecutionDoesNotExist"))
      .rejectsOnce(awsError("AccessDeniedException"));
    await expect(describeExecution(sfn, executionArn)).resolves.toBeUndefined();
    await expect(describeExecution(sfn, executionArn)).rejects.toMatchObject({
      name: "BrokenPermission",
    });
  });
});

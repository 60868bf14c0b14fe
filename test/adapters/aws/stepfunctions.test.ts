import { beforeEach, describe, expect, it } from "@jest/globals";
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { mockClient } from "aws-sdk-client-mock";
import { startExecution } from "../../../adapters/aws/stepfunctions.ts";
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
    await expect(startExecution(sfn, input)).resolves.toEqual({ kind: "STARTED", executionArn });
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
        kind: "STARTED",
        executionArn,
      });
    },
  );

  it("what is not a state machine's ARN is BrokenInput", async () => {
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
    ["AccessDeniedException", "BrokenPermission"],
  ])("%s is a refusal, %s: nothing was started", async (code, name) => {
    mock.on(StartExecutionCommand).rejects(awsError(code));
    await expect(startExecution(sfn, input)).resolves.toEqual({
      kind: "REFUSED",
      error: expect.objectContaining({ name }),
    });
    expect(mock.commandCalls(DescribeExecutionCommand)).toEqual([]);
  });

  const lost = Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
  const secondTry = Object.assign(awsError("ThrottlingException"), { $metadata: { attempts: 2 } });

  it.each([
    ["a lost answer", lost],
    ["a refusal of a second try", secondTry],
    [
      "an error on AWS's side",
      Object.assign(awsError("InternalFailure"), { $metadata: { httpStatusCode: 500 } }),
    ],
  ])("%s is asked for by name", async (_what, error) => {
    mock.on(StartExecutionCommand).rejects(error);
    mock.on(DescribeExecutionCommand, { executionArn }).resolves({ status: "RUNNING" });
    await expect(startExecution(sfn, input)).resolves.toEqual({ kind: "STARTED", executionArn });
  });

  it.each([
    ["Step Functions doesn't show it", awsError("ExecutionDoesNotExist")],
    ["that answer is lost too", lost],
  ])("a lost answer stays unknown where %s", async (_what, answer) => {
    mock.on(StartExecutionCommand).rejects(lost);
    mock.on(DescribeExecutionCommand).rejects(answer);
    await expect(startExecution(sfn, input)).rejects.toMatchObject({
      name: "RetryableUnavailable",
      message: expect.stringContaining("StartExecution evl-1"),
    });
  });
});

import { beforeEach, describe, expect, it } from "@jest/globals";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
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
  ])("%s is %s", async (code, name) => {
    mock.on(StartExecutionCommand).rejects(awsError(code));
    await expect(startExecution(sfn, input)).rejects.toMatchObject({ name });
  });
});

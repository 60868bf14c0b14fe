/** Step Functions: start a workflow once per name, and look at it. */
import {
  DescribeExecutionCommand,
  StartExecutionCommand,
  type SFNClient,
} from "@aws-sdk/client-sfn";
import { SpotOptimizerError } from "../../core/errors.ts";
import { orAbsent } from "./or-absent.ts";
import { required } from "./required.ts";
import { callAws, expectRefusal } from "./translate-error.ts";
import { withoutUndefined } from "./without-undefined.ts";

/**
 * ARN of an execution by its name: `…:stateMachine:NAME[:version]` becomes `…:execution:NAME:EXECUTION`.
 * @throws BrokenInput for what is not the ARN of a state machine
 */
const executionArnOf = (stateMachineArn: string, name: string): string => {
  const match = /^(arn:[^:]+:states:[^:]+:\d{12}):stateMachine:([^:]+)/.exec(stateMachineArn);
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new SpotOptimizerError("BrokenInput", `${stateMachineArn} is not a state machine's ARN.`);
  }
  return `${match[1]}:execution:${match[2]}:${name}`;
};

/**
 * Starts the workflow under a name that is ours (the evaluation's id), so that a retry can't start it twice:
 * a name that was used already gives that execution's ARN. `input` is sent as JSON.
 */
export const startExecution = async (
  sfn: SFNClient,
  input: {
    readonly stateMachineArn: string;
    readonly name: string;
    readonly input: Readonly<Record<string, unknown>>;
  },
): Promise<{ readonly executionArn: string }> => {
  const { stateMachineArn, name } = input;
  try {
    const answer = await callAws({ action: "StartExecution", resource: name }, () =>
      sfn.send(
        new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input.input) }),
      ),
    );
    return { executionArn: required(answer.executionArn, `the ARN of execution ${name}`) };
  } catch (error) {
    expectRefusal(error, (code) => code === "ExecutionAlreadyExists");
    return { executionArn: executionArnOf(stateMachineArn, name) };
  }
};

export interface ExecutionFacts {
  readonly executionArn: string;
  /** `RUNNING`, `SUCCEEDED`, `FAILED`, `TIMED_OUT`, `ABORTED`, `PENDING_REDRIVE`. */
  readonly status: string;
  /** ISO 8601 */
  readonly startedAt: string;
  readonly stoppedAt?: string;
  /** JSON, of a succeeded execution. */
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** Undefined when there is no such execution (they are kept for 90 days). */
export const describeExecution = (
  sfn: SFNClient,
  executionArn: string,
): Promise<ExecutionFacts | undefined> =>
  orAbsent(async () => {
    const answer = await callAws({ action: "DescribeExecution", resource: executionArn }, () =>
      sfn.send(new DescribeExecutionCommand({ executionArn })),
    );
    return withoutUndefined({
      executionArn,
      status: required(answer.status, `the status of ${executionArn}`),
      startedAt: required(answer.startDate, `the start of ${executionArn}`).toISOString(),
      stoppedAt: answer.stopDate?.toISOString(),
      output: answer.output,
      error: answer.error,
      cause: answer.cause,
    });
  });

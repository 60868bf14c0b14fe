/** Step Functions: start a workflow once per name, and look at it. */
import {
  DescribeExecutionCommand,
  StartExecutionCommand,
  type SFNClient,
} from "@aws-sdk/client-sfn";
import { SpotOptimizerError } from "../../core/errors.ts";
import { required } from "./required.ts";
import { callAws, expectRefusal } from "./translate-error.ts";

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

/**
 * Does this execution still run? One that Step Functions no longer knows does not: it forgets executions 90 days after they
 * ended (developer guide, "Quotas", execution history retention).
 */
export const isExecutionRunning = async (
  sfn: SFNClient,
  executionArn: string,
): Promise<boolean> => {
  try {
    const { status } = await callAws({ action: "DescribeExecution", resource: executionArn }, () =>
      sfn.send(new DescribeExecutionCommand({ executionArn })),
    );
    const known = required(status, `the status of ${executionArn}`);
    return known === "RUNNING" || known === "PENDING_REDRIVE";
  } catch (error) {
    expectRefusal(error, (code) => code === "ExecutionDoesNotExist");
    return false;
  }
};

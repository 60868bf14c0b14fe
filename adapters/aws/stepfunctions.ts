/** Step Functions: start a workflow once per name, and look at it. */
import {
  DescribeExecutionCommand,
  StartExecutionCommand,
  type SFNClient,
} from "@aws-sdk/client-sfn";
import { SpotOptimizerError } from "../../core/errors.ts";
import { required } from "./required.ts";
import { callAws, expectRefusal, wasRefused } from "./translate-error.ts";

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

export interface ExecutionRequest {
  readonly stateMachineArn: string;
  /** Ours, so that a retry can't start it twice. */
  readonly name: string;
}

export type Start =
  | { readonly kind: "STARTED"; readonly executionArn: string }
  /** Step Functions said no: nothing runs under this name. */
  | { readonly kind: "REFUSED"; readonly error: SpotOptimizerError };

export type ExecutionStanding =
  | { readonly kind: "RUNNING"; readonly executionArn: string }
  /** `status`: as Step Functions spells it. */
  | { readonly kind: "ENDED"; readonly executionArn: string; readonly status: string }
  /** Not known: never started, started a moment ago (DescribeExecution is eventually consistent), or long forgotten. */
  | { readonly kind: "UNKNOWN" };

/** Executions are forgotten 90 days after they ended (developer guide, "Quotas", execution history retention). */
const describe = async (sfn: SFNClient, executionArn: string): Promise<ExecutionStanding> => {
  try {
    const { status } = await callAws({ action: "DescribeExecution", resource: executionArn }, () =>
      sfn.send(new DescribeExecutionCommand({ executionArn })),
    );
    const known = required(status, `the status of ${executionArn}`);
    return known === "RUNNING" || known === "PENDING_REDRIVE"
      ? { kind: "RUNNING", executionArn }
      : { kind: "ENDED", executionArn, status: known };
  } catch (error) {
    expectRefusal(error, (code) => code === "ExecutionDoesNotExist");
    return { kind: "UNKNOWN" };
  }
};

/** What has become of the execution of this name. @throws what DescribeExecution answers otherwise */
export const findExecution = (
  sfn: SFNClient,
  { stateMachineArn, name }: ExecutionRequest,
): Promise<ExecutionStanding> => describe(sfn, executionArnOf(stateMachineArn, name));

/** One that Step Functions no longer knows does not run. */
export const isExecutionRunning = async (sfn: SFNClient, executionArn: string): Promise<boolean> =>
  (await describe(sfn, executionArn)).kind === "RUNNING";

/** The answer was lost: it may have started. @throws the error of the start where that can't be found out */
const askedByName = async (
  sfn: SFNClient,
  request: ExecutionRequest,
  error: SpotOptimizerError,
): Promise<Start> => {
  const standing = await findExecution(sfn, request).catch(() => undefined);
  if (standing === undefined || standing.kind === "UNKNOWN") throw error;
  return { kind: "STARTED", executionArn: standing.executionArn };
};

/**
 * Starts the workflow. A name that was used already gives that execution's ARN. `input` is sent as JSON.
 * @throws Retryable… where nobody knows whether it started
 */
export const startExecution = async (
  sfn: SFNClient,
  request: ExecutionRequest & { readonly input: Readonly<Record<string, unknown>> },
): Promise<Start> => {
  const { stateMachineArn, name } = request;
  const executionArn = executionArnOf(stateMachineArn, name);
  const input = JSON.stringify(request.input);
  try {
    const answer = await callAws({ action: "StartExecution", resource: name }, () =>
      sfn.send(new StartExecutionCommand({ stateMachineArn, name, input })),
    );
    const started = required(answer.executionArn, `the ARN of execution ${name}`);
    return { kind: "STARTED", executionArn: started };
  } catch (error) {
    if (!(error instanceof SpotOptimizerError)) throw error;
    if (error.code === "ExecutionAlreadyExists") return { kind: "STARTED", executionArn };
    return wasRefused(error) ? { kind: "REFUSED", error } : askedByName(sfn, request, error);
  }
};

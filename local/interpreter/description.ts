/** An execution as DescribeExecution tells it. */

import type { Execution, ExecutionStatus } from "./execution.ts";
import { judgeRedrive } from "./execution.ts";

export interface ExecutionDescription {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly startDate: Date;
  readonly stopDate?: Date;
  /** JSON. */
  readonly input: string;
  /** JSON; of a succeeded one. */
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly redriveCount: number;
  readonly redriveDate?: Date;
  readonly redriveStatus: "REDRIVABLE" | "NOT_REDRIVABLE";
  readonly redriveStatusReason?: string;
  /** State entries and retries: what AWS bills. */
  readonly transitions: number;
}

const dateField = <Name extends string>(
  name: Name,
  milliseconds: number | undefined,
): Partial<Record<Name, Date>> =>
  milliseconds === undefined
    ? {}
    : ({ [name]: new Date(milliseconds) } as Partial<Record<Name, Date>>);

export const describeExecution = (execution: Execution, nowMs: number): ExecutionDescription => {
  const refusal = judgeRedrive(execution, nowMs);
  const { output, error, cause } = execution;
  return {
    executionArn: execution.arn,
    stateMachineArn: execution.stateMachineArn,
    name: execution.name,
    status: execution.status,
    startDate: new Date(execution.startMs),
    ...dateField("stopDate", execution.stopMs),
    input: execution.input,
    ...(output === undefined ? {} : { output }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
    redriveCount: execution.redriveCount,
    ...dateField("redriveDate", execution.redriveMs),
    ...(refusal === undefined
      ? { redriveStatus: "REDRIVABLE" }
      : { redriveStatus: "NOT_REDRIVABLE", redriveStatusReason: refusal }),
    transitions: execution.transitions,
  };
};

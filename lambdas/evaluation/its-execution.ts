/** Asks Step Functions whether the execution of an evaluation runs, by its name where nobody has noted that it was started. */
import { findExecution, isExecutionRunning } from "../../adapters/aws/stepfunctions.ts";
import type { Evaluation } from "../../core/model/evaluation.ts";
import type { StartContext } from "./start.ts";
import { awaitedExecution, executionNameOf } from "./unstarted.ts";

/** How an execution can be asked for: whoever started it may have died before it could note the ARN. */
const unnotedName = (record: Evaluation): string | undefined =>
  awaitedExecution(record) ??
  (record.executionArn === undefined ? executionNameOf(record) : undefined);

/** One that Step Functions no longer knows does not run. Throws Retryable… when it does not answer. */
export const isItsExecutionRunning = async (
  { sfn, workflowOf }: Pick<StartContext, "sfn" | "workflowOf">,
  record: Evaluation,
): Promise<boolean> => {
  const name = unnotedName(record);
  const { executionArn, mode } = record;
  if (name === undefined) {
    return executionArn !== undefined && (await isExecutionRunning(sfn, executionArn));
  }
  const stateMachineArn = workflowOf(mode);
  if (stateMachineArn === undefined) return false;
  return (await findExecution(sfn, { stateMachineArn, name })).kind === "RUNNING";
};

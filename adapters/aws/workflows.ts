/** The definitions of our workflows, as they are and as executions keep them. */
import {
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  ListExecutionsCommand,
  type ExecutionListItem,
  type ExecutionStatus,
  type SFNClient,
} from "@aws-sdk/client-sfn";
import { readAllPages } from "./paging.ts";
import { required } from "./required.ts";
import { callAws, expectRefusal } from "./translate-error.ts";

/** With which an execution starts now: JSON. */
export const readDefinition = async (sfn: SFNClient, stateMachineArn: string): Promise<string> => {
  const answer = await callAws({ action: "DescribeStateMachine", resource: stateMachineArn }, () =>
    sfn.send(new DescribeStateMachineCommand({ stateMachineArn })),
  );
  return required(answer.definition, `the definition of ${stateMachineArn}`);
};

/** With which the execution started: JSON. Undefined for one that Step Functions no longer knows. */
export const readDefinitionOf = async (
  sfn: SFNClient,
  executionArn: string,
): Promise<string | undefined> => {
  const about = { action: "DescribeStateMachineForExecution", resource: executionArn };
  try {
    const answer = await callAws(about, () =>
      sfn.send(new DescribeStateMachineForExecutionCommand({ executionArn })),
    );
    return required(answer.definition, `the definition of ${executionArn}`);
  } catch (error) {
    expectRefusal(error, (code) => code === "ExecutionDoesNotExist");
    return undefined;
  }
};

/** Those that run, and those that can be redriven (API reference, RedriveExecution). */
const unfinished = ["RUNNING", "FAILED", "TIMED_OUT", "ABORTED"] as const;

/** The most that the API gives at once. */
const maxResults = 1000;

interface Asked {
  readonly stateMachineArn: string;
  readonly startedUntil: Date;
  readonly endedSince: Date;
}

const isMeant = (
  { startDate, stopDate }: ExecutionListItem,
  { startedUntil, endedSince }: Asked,
): boolean =>
  required(startDate, "the start of an execution") <= startedUntil &&
  (stopDate === undefined || stopDate >= endedSince);

const listByStatus = async (
  sfn: SFNClient,
  asked: Asked,
  statusFilter: ExecutionStatus,
): Promise<readonly string[]> => {
  const { stateMachineArn } = asked;
  const all = await readAllPages({
    fetch: (nextToken) =>
      callAws({ action: "ListExecutions", resource: stateMachineArn }, () =>
        sfn.send(
          new ListExecutionsCommand({ stateMachineArn, statusFilter, maxResults, nextToken }),
        ),
      ),
    items: (page) => page.executions,
    next: (page) => page.nextToken,
  });
  return all
    .filter((execution) => isMeant(execution, asked))
    .map(({ executionArn }) => required(executionArn, "the ARN of an execution"));
};

/** ARNs of the executions that began until then and run, or ended without success since `endedSince`: these can be redriven. */
export const listExecutionsBefore = async (
  sfn: SFNClient,
  asked: Asked,
): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const status of unfinished) found.push(...(await listByStatus(sfn, asked, status)));
  return found;
};

/** The interpreter as the service Step Functions: what the SDK's SFN client can call. */

import type {
  DescribeExecutionInput,
  DescribeExecutionOutput,
  DescribeStateMachineForExecutionInput,
  DescribeStateMachineForExecutionOutput,
  DescribeStateMachineInput,
  DescribeStateMachineOutput,
  GetExecutionHistoryInput,
  GetExecutionHistoryOutput,
  ListExecutionsInput,
  ListExecutionsOutput,
  ListStateMachinesInput,
  ListStateMachinesOutput,
  RedriveExecutionInput,
  RedriveExecutionOutput,
  StartExecutionInput,
  StartExecutionOutput,
  StopExecutionInput,
  StopExecutionOutput,
} from "@aws-sdk/client-sfn";
import type { Handler, ServiceModule } from "../cloud/contract.ts";
import { CloudError } from "../cloud/contract.ts";
import type { ExecutionStatus } from "./execution.ts";
import type { ExecutionDescription } from "./description.ts";
import { type RecordedEvent, withoutData } from "./history.ts";
import type { Interpreter } from "./interpreter.ts";

/** Page sizes of the API; 0 means the default. */
const defaultPage = 100;
const largestPage = 1000;

interface PageRequest {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

const required = (field: string, value: string | undefined): string => {
  if (value !== undefined) return value;
  const message = `1 validation error detected: Value at '${field}' failed to satisfy constraint: Member must not be null`;
  throw new CloudError("ValidationException", message);
};

const readPosition = (token: string | undefined): number => {
  if (token === undefined) return 0;
  const position = Number(Buffer.from(token, "base64url").toString("utf8"));
  if (Number.isInteger(position) && position > 0) return position;
  throw new CloudError("InvalidToken", "Invalid Token: 'Invalid token'");
};

const pageOf = <Element>(
  all: readonly Element[],
  request: PageRequest,
): { readonly elements: Element[]; readonly next: { readonly nextToken?: string } } => {
  const begin = readPosition(request.nextToken);
  const asked = request.maxResults ?? 0;
  const end = begin + (asked > 0 ? Math.min(asked, largestPage) : defaultPage);
  const elements = all.slice(begin, end);
  if (end >= all.length) return { elements, next: {} };
  return { elements, next: { nextToken: Buffer.from(String(end)).toString("base64url") } };
};

/** `transitions` is ours, not the API's; the data is only in DescribeExecution. */
const listed = (description: ExecutionDescription): ExecutionsListItem => ({
  executionArn: description.executionArn,
  stateMachineArn: description.stateMachineArn,
  name: description.name,
  status: description.status,
  startDate: description.startDate,
  ...(description.stopDate === undefined ? {} : { stopDate: description.stopDate }),
  redriveCount: description.redriveCount,
  ...(description.redriveDate === undefined ? {} : { redriveDate: description.redriveDate }),
});

type ExecutionsListItem = NonNullable<ListExecutionsOutput["executions"]>[number];

const statuses: ReadonlySet<string> = new Set<ExecutionStatus>([
  "RUNNING",
  "SUCCEEDED",
  "FAILED",
  "TIMED_OUT",
  "ABORTED",
]);

const isStatus = (text: string): text is ExecutionStatus => statuses.has(text);

const historyPage = (
  all: readonly RecordedEvent[],
  input: GetExecutionHistoryInput,
): GetExecutionHistoryOutput => {
  const inOrder = input.reverseOrder === true ? all.toReversed() : all;
  const { elements, next } = pageOf(inOrder, input);
  const hasData = input.includeExecutionData !== false;
  return { events: hasData ? elements : elements.map(withoutData), ...next };
};

const executionOperations = (interpreter: Interpreter) => {
  const StartExecution: Handler<StartExecutionInput, StartExecutionOutput> = (_call, input) =>
    interpreter.start({
      stateMachineArn: required("stateMachineArn", input.stateMachineArn),
      name: input.name,
      input: input.input,
    });

  const DescribeExecution: Handler<DescribeExecutionInput, DescribeExecutionOutput> = async (
    _call,
    { executionArn },
  ) => {
    const arn = required("executionArn", executionArn);
    const { transitions: _transitions, ...description } = await interpreter.describe(arn);
    return {
      ...description,
      inputDetails: { included: true },
      ...(description.output === undefined ? {} : { outputDetails: { included: true } }),
    };
  };

  const ListExecutions: Handler<ListExecutionsInput, ListExecutionsOutput> = async (
    _call,
    input,
  ) => {
    const stateMachineArn = required("stateMachineArn", input.stateMachineArn);
    const { statusFilter } = input;
    if (statusFilter !== undefined && !isStatus(statusFilter)) {
      return { executions: [] };
    }
    const { elements, next } = pageOf(
      await interpreter.list({ stateMachineArn, statusFilter }),
      input,
    );
    return { executions: elements.map(listed), ...next };
  };

  const StopExecution: Handler<StopExecutionInput, StopExecutionOutput> = (_call, input) =>
    interpreter.stop({
      executionArn: required("executionArn", input.executionArn),
      error: input.error,
      cause: input.cause,
    });

  const RedriveExecution: Handler<RedriveExecutionInput, RedriveExecutionOutput> = (
    _call,
    { executionArn },
  ) => interpreter.redrive(required("executionArn", executionArn));

  const GetExecutionHistory: Handler<GetExecutionHistoryInput, GetExecutionHistoryOutput> = async (
    _call,
    input,
  ) => historyPage(await interpreter.history(required("executionArn", input.executionArn)), input);

  return {
    StartExecution,
    DescribeExecution,
    ListExecutions,
    StopExecution,
    RedriveExecution,
    GetExecutionHistory,
  };
};

const stateMachineOperations = (interpreter: Interpreter) => {
  const ListStateMachines: Handler<ListStateMachinesInput, ListStateMachinesOutput> = (
    _call,
    input,
  ) => {
    const { elements, next } = pageOf(interpreter.stateMachines, input);
    const stateMachines = elements.map(({ arn, name, creationDate }) => ({
      stateMachineArn: arn,
      name,
      type: "STANDARD" as const,
      creationDate,
    }));
    return { stateMachines, ...next };
  };

  const DescribeStateMachine: Handler<DescribeStateMachineInput, DescribeStateMachineOutput> = (
    _call,
    { stateMachineArn },
  ) => {
    const record = interpreter.findStateMachine(required("stateMachineArn", stateMachineArn));
    return {
      stateMachineArn: record.arn,
      name: record.name,
      status: "ACTIVE",
      definition: record.definition,
      roleArn: interpreter.roleArn,
      type: "STANDARD",
      creationDate: record.creationDate,
      revisionId: record.revision,
    };
  };

  const DescribeStateMachineForExecution: Handler<
    DescribeStateMachineForExecutionInput,
    DescribeStateMachineForExecutionOutput
  > = async (_call, { executionArn }) => {
    const arn = required("executionArn", executionArn);
    const { execution, definition } = await interpreter.definitionOf(arn);
    return {
      stateMachineArn: execution.stateMachineArn,
      name: execution.stateMachineName,
      definition,
      roleArn: interpreter.roleArn,
      // When it was changed is not kept: not later than this.
      updateDate: new Date(execution.startMs),
      revisionId: execution.revision,
    };
  };

  return { ListStateMachines, DescribeStateMachine, DescribeStateMachineForExecution };
};

export const sfnService = (interpreter: Interpreter): ServiceModule => ({
  service: "states",
  operations: {
    ...executionOperations(interpreter),
    ...stateMachineOperations(interpreter),
  },
});

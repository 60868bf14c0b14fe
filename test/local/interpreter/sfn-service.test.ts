import { describe, expect, it } from "@jest/globals";
import type {
  DescribeExecutionOutput,
  DescribeStateMachineOutput,
  GetExecutionHistoryOutput,
  ListExecutionsOutput,
  ListStateMachinesOutput,
  StartExecutionOutput,
} from "@aws-sdk/client-sfn";
import type { Call } from "../../../local/cloud/contract.ts";
import { sfnService } from "../../../local/interpreter/sfn-service.ts";
import { createLab, failing, machine, startMs, task } from "./lab.ts";

const call: Call = {
  service: "states",
  operation: "",
  region: "eu-west-1",
  caller: { accountId: "111122223333", arn: "arn:aws:iam::111122223333:root" },
  requestId: "r-1",
  at: startMs,
};

const prepare = (definition: object, functions = {}) => {
  const lab = createLab(functions);
  const stateMachineArn = lab.interpreter.register({ name: "workflow", definition });
  const { operations } = sfnService(lab.interpreter);
  const ask = async <Output>(operation: string, input: object): Promise<Output> => {
    const handler = operations[operation];
    if (handler === undefined) throw new Error(`No operation ${operation}.`);
    return (await handler(call, input as never)) as Output;
  };
  return { lab, stateMachineArn, ask };
};

const short = machine({ One: task("f", { Next: "Two" }), Two: { Type: "Succeed" } });

describe("Step Functions as a service", () => {
  it("starts and describes an execution in the SDK's shape", async () => {
    const { lab, stateMachineArn, ask } = prepare(short, { f: () => 1 });
    const { executionArn } = await ask<StartExecutionOutput>("StartExecution", {
      stateMachineArn,
      name: "run",
      input: '{"a":1}',
    });
    await lab.clock.run();
    expect(await ask<DescribeExecutionOutput>("DescribeExecution", { executionArn })).toEqual({
      executionArn,
      stateMachineArn,
      name: "run",
      status: "SUCCEEDED",
      startDate: new Date(startMs),
      stopDate: new Date(startMs),
      input: '{"a":1}',
      inputDetails: { included: true },
      output: '{"value":1}',
      outputDetails: { included: true },
      redriveCount: 0,
      redriveStatus: "NOT_REDRIVABLE",
      redriveStatusReason: "Execution is SUCCEEDED and cannot be redriven",
    });
  });

  it("gives the history in pages, in both orders, with and without data", async () => {
    const { lab, stateMachineArn, ask } = prepare(short, { f: () => 1 });
    const { executionArn } = await ask<StartExecutionOutput>("StartExecution", { stateMachineArn });
    await lab.clock.run();
    const pages: number[][] = [];
    let nextToken: string | undefined;
    do {
      const page: GetExecutionHistoryOutput = await ask("GetExecutionHistory", {
        executionArn,
        maxResults: 4,
        nextToken,
      });
      pages.push((page.events ?? []).map(({ id }) => id ?? 0));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(pages).toEqual([[1, 2, 3, 4], [5, 6, 7, 8], [9]]);
    const reversed = await ask<GetExecutionHistoryOutput>("GetExecutionHistory", {
      executionArn,
      reverseOrder: true,
      includeExecutionData: false,
      maxResults: 1,
    });
    expect(reversed.events).toMatchObject([{ id: 9, executionSucceededEventDetails: {} }]);
    expect(JSON.stringify(reversed.events)).not.toContain("output");
    await expect(
      ask("GetExecutionHistory", { executionArn, nextToken: "nonsense" }),
    ).rejects.toMatchObject({ code: "InvalidToken" });
  });

  it("lists executions and machines", async () => {
    const { stateMachineArn, ask } = prepare(short, { f: () => 1 });
    for (const name of ["a", "b", "c"]) await ask("StartExecution", { stateMachineArn, name });
    const page = await ask<ListExecutionsOutput>("ListExecutions", {
      stateMachineArn,
      maxResults: 2,
    });
    expect(page.executions?.map(({ name, status }) => [name, status])).toEqual([
      ["c", "RUNNING"],
      ["b", "RUNNING"],
    ]);
    expect(page.executions?.[0]).not.toHaveProperty("input");
    expect(page.nextToken).toBeDefined();
    const succeeded = { stateMachineArn, statusFilter: "SUCCEEDED" };
    expect(await ask("ListExecutions", succeeded)).toEqual({ executions: [] });
    expect(await ask<ListStateMachinesOutput>("ListStateMachines", {})).toEqual({
      stateMachines: [
        { stateMachineArn, name: "workflow", type: "STANDARD", creationDate: new Date(startMs) },
      ],
    });
    const described = await ask<DescribeStateMachineOutput>("DescribeStateMachine", {
      stateMachineArn,
    });
    expect(JSON.parse(described.definition ?? "")).toMatchObject({ StartAt: "One" });
  });

  it("stops and redrives", async () => {
    const { lab, stateMachineArn, ask } = prepare(short, { f: failing("Oops") });
    const { executionArn } = await ask<StartExecutionOutput>("StartExecution", { stateMachineArn });
    await lab.clock.run();
    expect(await ask("RedriveExecution", { executionArn })).toEqual({
      redriveDate: new Date(startMs),
    });
    expect(await ask("StopExecution", { executionArn, error: "Enough" })).toEqual({
      stopDate: new Date(startMs),
    });
    expect(await ask("DescribeExecution", { executionArn })).toMatchObject({
      status: "ABORTED",
      error: "Enough",
      redriveCount: 1,
      redriveStatus: "REDRIVABLE",
    });
  });

  it.each([
    ["StartExecution", {}, "ValidationException"],
    ["DescribeExecution", { executionArn: "x" }, "InvalidArn"],
    ["DescribeStateMachine", { stateMachineArn: "x" }, "InvalidArn"],
  ])("%s with %j is refused with %s", async (operation, input, code) => {
    const { ask } = prepare(short);
    await expect(ask(operation, input)).rejects.toMatchObject({ code });
  });
});

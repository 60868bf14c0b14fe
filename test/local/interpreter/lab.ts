/** A bench for workflows: an interpreter on a virtual clock, with functions given as plain TypeScript. */

import type { Table } from "../../../adapters/store/table.ts";
import { VirtualClock } from "../../../local/cloud/clock.ts";
import type { ExecutionDescription } from "../../../local/interpreter/description.ts";
import type { RecordedEvent } from "../../../local/interpreter/history.ts";
import type { Interpreter } from "../../../local/interpreter/interpreter.ts";
import { createInterpreter } from "../../../local/interpreter/interpreter.ts";

export const startMs = Date.UTC(2026, 0, 5, 12);
export const region = "eu-west-1";
export const accountId = "111122223333";

export type LambdaFunction = (payload: unknown) => unknown;

export interface Lab {
  readonly clock: VirtualClock;
  readonly interpreter: Interpreter;
  /** All invocations, in order. */
  readonly invoked: { readonly name: string; readonly payload: unknown; readonly atMs: number }[];
}

export const createLab = (
  functions: Readonly<Record<string, LambdaFunction>> = {},
  options: { readonly table?: Table } = {},
): Lab => {
  const clock = new VirtualClock(startMs);
  const invoked: Lab["invoked"] = [];
  const interpreter = createInterpreter({
    clock,
    region,
    accountId,
    ...(options.table === undefined ? {} : { table: options.table }),
    invoke: async (name, payload) => {
      invoked.push({ name, payload, atMs: clock.now() });
      const run = functions[name];
      if (run === undefined) throw new Error(`No function ${name}.`);
      return await run(payload);
    },
  });
  return { clock, interpreter, invoked };
};

export const task = (functionName: string, fields: object = {}): object => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Parameters: { FunctionName: functionName, "Payload.$": "$" },
  ResultSelector: { "value.$": "$.Payload" },
  TimeoutSeconds: 60,
  ...("Next" in fields ? {} : { End: true }),
  ...fields,
});

/** A machine of these states, beginning with the first. */
export const machine = (states: Readonly<Record<string, object>>, fields: object = {}): object => ({
  StartAt: Object.keys(states)[0] ?? "",
  States: states,
  ...fields,
});

export interface Outcome extends ExecutionDescription {
  /** The output as a value. */
  readonly result: unknown;
  readonly events: readonly RecordedEvent[];
}

export const outcomeOf = async (lab: Lab, executionArn: string): Promise<Outcome> => {
  const description = await lab.interpreter.describe(executionArn);
  const events = await lab.interpreter.history(executionArn);
  const result: unknown =
    description.output === undefined ? undefined : JSON.parse(description.output);
  return { ...description, result, events };
};

/** Runs the definition until nothing is left to do. */
export const execute = async (
  lab: Lab,
  definition: object,
  input: unknown = {},
): Promise<Outcome> => {
  const stateMachineArn = lab.interpreter.register({ name: "workflow", definition });
  const { executionArn } = await lab.interpreter.start({ stateMachineArn, name: "run", input });
  await lab.clock.run();
  return outcomeOf(lab, executionArn);
};

export const typesOf = (events: readonly RecordedEvent[]): readonly string[] =>
  events.map((event) => event.type);

/** Throws an error with this name, as a step does. */
export const failing =
  (name: string, message = "on purpose"): LambdaFunction =>
  () => {
    const error = new Error(message);
    error.name = name;
    throw error;
  };

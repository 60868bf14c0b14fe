/** The same definitions through `aws-local-stepfunctions`, an independent interpreter, where it has the feature. */

import { describe, expect, it } from "@jest/globals";
import { StateMachine } from "aws-local-stepfunctions";
import { createLab, execute, machine, task } from "./lab.ts";

type Functions = Readonly<Record<string, (payload: unknown) => unknown>>;

interface Case {
  readonly definition: object;
  readonly functions?: Functions;
  readonly input?: unknown;
}

type Outcome = { readonly output: unknown } | { readonly error: string };

interface AnyState {
  readonly Type: string;
  readonly Parameters?: { readonly FunctionName?: string };
}
interface AnyMachine {
  readonly States: Readonly<Record<string, AnyState>>;
}

/** Errors of functions only: the other interpreter names its own ones differently. */
const ours = async ({ definition, functions = {}, input = {} }: Case): Promise<Outcome> => {
  const outcome = await execute(createLab(functions), definition, input);
  if (outcome.status === "SUCCEEDED") return { output: outcome.result };
  return { error: outcome.error ?? "" };
};

const theirs = async ({ definition, functions = {}, input = {} }: Case): Promise<Outcome> => {
  const states = Object.entries((definition as AnyMachine).States);
  const handlers = states.flatMap(([name, state]) => {
    const run = functions[state.Parameters?.FunctionName ?? ""];
    if (state.Type !== "Task" || run === undefined) return [];
    const handler = (given: { Payload: unknown }): Promise<unknown> =>
      Promise.resolve({ StatusCode: 200, Payload: run(given.Payload) });
    return [[name, handler] as const];
  });
  const waits = states
    .filter(([, { Type }]) => Type === "Wait")
    .map(([name]) => [name, 0] as const);
  const retries = states.map(([name]) => [name, 0] as const);
  const other = new StateMachine(definition as ConstructorParameters<typeof StateMachine>[0], {
    validationOptions: { noValidate: true },
  });
  const execution = other.run(input as Parameters<typeof other.run>[0], {
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(handlers) as never,
      waitTimeOverrides: Object.fromEntries(waits),
      retryIntervalOverrides: Object.fromEntries(retries),
    },
  });
  try {
    return { output: await execution.result };
  } catch (thrown) {
    const { cause } = thrown as { cause?: unknown };
    return { error: cause instanceof Error ? cause.name : String(thrown) };
  }
};

const fails = (name: string): never => {
  throw Object.assign(new Error("on purpose"), { name });
};

/** Fails as often as told, then answers. */
const failsFirst = (times: number, name: string): (() => unknown) => {
  let calls = 0;
  return () => {
    calls += 1;
    return calls <= times ? fails(name) : "recovered";
  };
};

const end = { Type: "Succeed" };
const choose = (kind: unknown): Case => ({
  definition: machine({
    Pick: {
      Type: "Choice",
      Choices: [
        { Variable: "$.last.kind", StringEquals: "READY", Next: "Yes" },
        { Variable: "$.last.kind", StringEquals: "FAILED", Next: "No" },
        { Variable: "$.last.kind", StringEquals: "READY", Next: "No" },
      ],
    },
    Yes: { Type: "Succeed" },
    No: { Type: "Fail", Error: "No" },
  }),
  input: { last: { kind } },
});
const tried =
  (fields: object, run: (payload: unknown) => unknown): (() => Case) =>
  () => ({
    definition: machine({ Try: task("f", { ...fields, Next: "Done" }), Done: end }),
    functions: { f: run },
    input: { id: 1, a: { b: [1, { c: "x" }] } },
  });

const cases: Readonly<Record<string, () => Case>> = {
  "Choice: first rule": () => choose("READY"),
  "Choice: another rule": () => choose("FAILED"),
  "Wait, then on": () => ({
    definition: machine({ Nap: { Type: "Wait", Seconds: 30, Next: "Done" }, Done: end }),
    input: { a: 1 },
  }),
  "Fail: Error": () => ({
    definition: machine({ No: { Type: "Fail", Error: "Broken", Cause: "c" } }),
  }),
  "Fail: ErrorPath": () => ({
    definition: machine({ No: { Type: "Fail", ErrorPath: "$.e", CausePath: "$.c" } }),
    input: { e: "FromInput", c: "c" },
  }),
  "Task: payload": tried(
    {
      Parameters: {
        FunctionName: "f",
        Payload: {
          fixed: true,
          "x.$": "$.a.b[1].c",
          deep: { "y.$": "$.id" },
          list: [{ "z.$": "$" }],
        },
      },
    },
    (payload) => payload,
  ),
  "Task: result at a new place": tried({ ResultPath: "$.new.place" }, () => [1]),
  "Task: result over what was there": tried({ ResultPath: "$.a.b" }, () => 1),
  "Task: result": tried({ ResultPath: "$.got" }, (payload) => ({ payload })),
  "Task: result dropped": tried({ ResultPath: null }, () => "x"),
  "Task: uncaught": tried({}, () => fails("Oops")),
  "Task: caught": tried(
    { Catch: [{ ErrorEquals: ["Oops"], ResultPath: null, Next: "Done" }] },
    () => fails("Oops"),
  ),
  "Task: caught by States.ALL": tried(
    {
      Catch: [
        { ErrorEquals: ["Other"], Next: "Done" },
        { ErrorEquals: ["States.ALL"], ResultPath: null, Next: "Done" },
      ],
    },
    () => fails("Oops"),
  ),
  "Task: caught by States.TaskFailed": tried(
    { Catch: [{ ErrorEquals: ["States.TaskFailed"], ResultPath: null, Next: "Done" }] },
    () => fails("Oops"),
  ),
  "Task: not caught": tried({ Catch: [{ ErrorEquals: ["Other"], Next: "Done" }] }, () =>
    fails("Oops"),
  ),
  "Task: retried": () => tried({ Retry: [{ ErrorEquals: ["Oops"] }] }, failsFirst(3, "Oops"))(),
  "Task: retried too often": () =>
    tried({ Retry: [{ ErrorEquals: ["Oops"] }] }, failsFirst(4, "Oops"))(),
  "Task: retries, then catch": () =>
    tried(
      {
        Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 1 }],
        Catch: [{ ErrorEquals: ["Oops"], ResultPath: null, Next: "Done" }],
      },
      failsFirst(9, "Oops"),
    )(),
  "Task: retries off": () =>
    tried({ Retry: [{ ErrorEquals: ["Oops"], MaxAttempts: 0 }] }, failsFirst(1, "Oops"))(),
  "a loop": () => ({
    definition: machine({
      Poll: task("f", {
        ResultSelector: { "kind.$": "$.Payload" },
        ResultPath: "$.last",
        Next: "Look",
      }),
      Look: {
        Type: "Choice",
        Choices: [
          { Variable: "$.last.kind", StringEquals: "recovered", Next: "Done" },
          { Variable: "$.last.kind", StringEquals: "WAITING", Next: "Nap" },
        ],
      },
      Nap: { Type: "Wait", Seconds: 15, Next: "Poll" },
      Done: end,
    }),
    functions: (() => {
      let calls = 0;
      return { f: () => ((calls += 1) < 4 ? "WAITING" : "recovered") };
    })(),
    input: { id: 1 },
  }),
};

describe("the other interpreter comes to the same end", () => {
  it.each(Object.keys(cases))("%s", async (name) => {
    const make = cases[name];
    if (make === undefined) throw new Error(`No case ${name}.`);
    // Each interpreter gets functions of its own, since these count their calls.
    expect(await ours(make())).toEqual(await theirs(make()));
  });
});

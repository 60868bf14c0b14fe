/** Compiles a validated definition. */

import type {
  Fail,
  Retrier as RetrierDefinition,
  State,
  StateMachine,
  Task,
  Wait,
} from "../../statemachines/asl.ts";
import { compileRule } from "./choice.ts";
import { runtimeFailure } from "./failures.ts";
import type { Json } from "./json.ts";
import { toJson } from "./json.ts";
import type { CompiledState, FailState, Machine, TaskState, WaitState } from "./machine.ts";
import { parseResultPath } from "./paths.ts";
import type { Retrier } from "./retry.ts";
import { retrierDefaults } from "./retry.ts";
import { compilePath, compileTemplate } from "./templates.ts";

const resultPathOf = (text: string | null | undefined): readonly string[] | undefined =>
  text === null ? undefined : parseResultPath(text ?? "$");

const compileRetrier = (retrier: RetrierDefinition): Retrier => ({
  errorNames: retrier.ErrorEquals,
  intervalSeconds: retrier.IntervalSeconds ?? retrierDefaults.intervalSeconds,
  maxAttempts: retrier.MaxAttempts ?? retrierDefaults.maxAttempts,
  backoffRate: retrier.BackoffRate ?? retrierDefaults.backoffRate,
  maxDelaySeconds: retrier.MaxDelaySeconds ?? Infinity,
  hasFullJitter: retrier.JitterStrategy === "FULL",
});

const compileTask = (name: string, state: Task): TaskState => ({
  type: "Task",
  name,
  functionName: state.Parameters.FunctionName,
  payload:
    state.Parameters["Payload.$"] === undefined
      ? compileTemplate(toJson(state.Parameters.Payload ?? {}))
      : compilePath(state.Parameters["Payload.$"], "Payload.$"),
  timeoutSeconds: state.TimeoutSeconds,
  resultSelector:
    state.ResultSelector === undefined ? undefined : compileTemplate(toJson(state.ResultSelector)),
  resultPath: resultPathOf(state.ResultPath),
  retriers: (state.Retry ?? []).map(compileRetrier),
  catchers: (state.Catch ?? []).map((catcher) => ({
    errorNames: catcher.ErrorEquals,
    resultPath: resultPathOf(catcher.ResultPath),
    next: catcher.Next,
  })),
  next: state.Next,
});

const textField = (
  plain: string | undefined,
  dynamic: string | undefined,
  field: string,
): ((input: Json) => string) => {
  if (dynamic === undefined) return () => plain ?? "";
  const read = compilePath(dynamic, field);
  return (input) => {
    const value = read(input);
    if (typeof value === "string") return value;
    throw runtimeFailure(`${field} must give a text, and gives ${JSON.stringify(value)}`);
  };
};

const compileSeconds = (state: Wait): WaitState["seconds"] => {
  if ("Seconds" in state) return () => state.Seconds;
  const read = compilePath(state.SecondsPath, "SecondsPath");
  return (input) => {
    const value = read(input);
    if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
    throw runtimeFailure(
      `SecondsPath must give a whole number of seconds, and gives ${JSON.stringify(value)}`,
    );
  };
};

const compileFail = (name: string, state: Fail): FailState => ({
  type: "Fail",
  name,
  error: textField(state.Error, state.ErrorPath, "ErrorPath"),
  cause: textField(state.Cause, state.CausePath, "CausePath"),
});

const compileState = (name: string, state: State): CompiledState => {
  switch (state.Type) {
    case "Task":
      return compileTask(name, state);
    case "Choice":
      return { type: "Choice", name, rules: state.Choices.map(compileRule) };
    case "Wait":
      return { type: "Wait", name, seconds: compileSeconds(state), next: state.Next };
    case "Succeed":
      return { type: "Succeed", name };
    case "Fail":
      return compileFail(name, state);
  }
};

/** @throws TypeError if the definition was not validated before */
export const compileMachine = (definition: StateMachine): Machine => ({
  startAt: definition.StartAt,
  timeoutSeconds: definition.TimeoutSeconds,
  states: new Map(
    Object.entries(definition.States).map(([name, state]) => [name, compileState(name, state)]),
  ),
});

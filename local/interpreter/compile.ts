/** Compiles a validated definition. */

import type {
  Choice,
  Fail,
  Retrier as RetrierDefinition,
  State,
  StateMachine,
  Task,
  Wait,
} from "../../statemachines/asl.ts";
import { compileCondition } from "./choice.ts";
import { runtimeFailure } from "./failures.ts";
import type { Json } from "./json.ts";
import { toJson } from "./json.ts";
import type {
  ChoiceState,
  CommonState,
  CompiledState,
  FailState,
  Machine,
  TaskState,
  WaitState,
} from "./machine.ts";
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

const compileRescue = (
  state: State,
): Pick<CommonState, "resultSelector" | "retriers" | "catchers"> => {
  if (state.Type !== "Task") {
    return { resultSelector: undefined, retriers: [], catchers: [] };
  }
  return {
    resultSelector:
      state.ResultSelector === undefined
        ? undefined
        : compileTemplate(toJson(state.ResultSelector)),
    retriers: (state.Retry ?? []).map(compileRetrier),
    catchers: (state.Catch ?? []).map((catcher) => ({
      errorNames: catcher.ErrorEquals,
      resultPath: resultPathOf(catcher.ResultPath),
      next: catcher.Next,
    })),
  };
};

const compileCommon = (name: string, state: State): CommonState => ({
  name,
  resultPath: resultPathOf("ResultPath" in state ? state.ResultPath : undefined),
  next: "Next" in state ? state.Next : undefined,
  ...compileRescue(state),
});

const compileTask = (common: CommonState, state: Task): TaskState => ({
  ...common,
  type: "Task",
  functionName: state.Parameters.FunctionName,
  payload:
    state.Parameters["Payload.$"] === undefined
      ? compileTemplate(toJson(state.Parameters.Payload ?? {}))
      : compilePath(state.Parameters["Payload.$"], "Payload.$"),
  timeoutSeconds: state.TimeoutSeconds,
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

const compileChoice = (common: CommonState, state: Choice): ChoiceState => ({
  ...common,
  type: "Choice",
  rules: state.Choices.map((rule) => ({
    condition: compileCondition(toJson(rule)),
    next: rule.Next,
  })),
  defaultNext: state.Default,
});

const secondsFrom = (value: Json): number => {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  throw runtimeFailure(
    `SecondsPath must give a whole number of seconds, and gives ${JSON.stringify(value)}`,
  );
};

const compileUntil = (state: Wait): WaitState["until"] => {
  if ("Seconds" in state) return (_input, nowMs) => nowMs + state.Seconds * 1000;
  const read = compilePath(state.SecondsPath, "SecondsPath");
  return (input, nowMs) => nowMs + secondsFrom(read(input)) * 1000;
};

const compileFail = (common: CommonState, state: Fail): FailState => ({
  ...common,
  type: "Fail",
  error: textField(state.Error, state.ErrorPath, "ErrorPath"),
  cause: textField(state.Cause, state.CausePath, "CausePath"),
});

const compileState = (name: string, state: State): CompiledState => {
  const common = compileCommon(name, state);
  switch (state.Type) {
    case "Task":
      return compileTask(common, state);
    case "Choice":
      return compileChoice(common, state);
    case "Wait":
      return { ...common, type: "Wait", until: compileUntil(state) };
    case "Succeed":
      return { ...common, type: "Succeed" };
    case "Fail":
      return compileFail(common, state);
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

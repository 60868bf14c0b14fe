import { describe, expect, it } from "@jest/globals";
import { createLab, machine, task } from "./lab.ts";

const refusal = (definition: unknown, substitutions: Record<string, string> = {}): string => {
  try {
    createLab().interpreter.register({ name: "workflow", definition, substitutions });
  } catch (error) {
    return String(error);
  }
  return "";
};

const end = { Type: "Succeed" };
const nap = { Type: "Wait", Seconds: 1 };
const only = (state: object): object => machine({ Only: state });
const payload = (template: object): object =>
  task("f", { Parameters: { FunctionName: "f", Payload: template } });
const retry = (rule: object): object => only(task("f", { Retry: [rule] }));
const choice = (rule: object): object =>
  machine({ Pick: { Type: "Choice", Choices: [{ ...rule, Next: "End" }] }, End: end });
const without = (state: object, field: string): object =>
  Object.fromEntries(Object.entries(state).filter(([name]) => name !== field));

describe("a definition is refused, naming state and field, if", () => {
  it.each<[string, unknown, string]>([
    ["it is not an object", [], "definition must be an object"],
    ["it lacks StartAt", { States: { A: end } }, "StartAt is missing"],
    ["StartAt leads nowhere", { StartAt: "B", States: { A: end } }, 'StartAt names "B"'],
    ["it has an unknown field", { ...only(end), Assign: {} }, "Assign is not in the subset"],
    [
      "it is written in JSONata",
      { ...only(end), QueryLanguage: "JSONata" },
      "QueryLanguage must be",
    ],
    [
      "a state has an unknown type",
      only({ Type: "Nap", End: true }),
      'state "Only": Type must be one of',
    ],
    [
      "a state has an unknown field",
      only({ ...end, Assign: {} }),
      'state "Only": Assign is not in the subset',
    ],
    ["a state has no way on", only(nap), 'state "Only": Next or End is missing'],
    [
      "a state goes on and ends",
      machine({ A: { ...nap, Next: "B", End: true }, B: end }),
      'state "A": Next and End exclude each other',
    ],
    ["End is false", only({ ...nap, End: false }), "End must be true"],
    [
      "a target does not exist",
      only({ ...nap, Next: "Gone" }),
      'state "Only": Next leads to "Gone", which does not exist',
    ],
    [
      "a state is never reached",
      machine({ A: end, B: end }),
      'state "B": Next of no other state leads here',
    ],
    [
      "a name is longer than 80 characters",
      machine({ ["x".repeat(81)]: end }),
      "name must be a text of 1 to 80",
    ],
    [
      "a state has branches",
      only({ Type: "Parallel", Branches: [machine({ In: end })], End: true }),
      'state "Only": Type must be one of Task, Choice, Wait, Succeed, Fail, and is "Parallel"',
    ],
    [
      "a state makes a result of its own",
      only({ Type: "Pass", Result: 1, End: true }),
      'state "Only": Type must be one of Task, Choice, Wait, Succeed, Fail, and is "Pass"',
    ],
    [
      "a state runs once per item",
      only({ Type: "Map", ItemsPath: "$.items", ItemProcessor: machine({ In: end }), End: true }),
      'state "Only": Type must be one of Task, Choice, Wait, Succeed, Fail, and is "Map"',
    ],
    [
      "a Task has no TimeoutSeconds",
      only(without(task("f"), "TimeoutSeconds")),
      'state "Only": TimeoutSeconds is missing',
    ],
    [
      "a Task has TimeoutSecondsPath instead",
      only({ ...without(task("f"), "TimeoutSeconds"), TimeoutSecondsPath: "$.t" }),
      "TimeoutSecondsPath is not in the subset",
    ],
    [
      "a Task names the function as its Resource",
      only(task("f", { Resource: "arn:aws:lambda:eu-west-1:1:function:f" })),
      'state "Only": Resource must be "arn:aws:states:::lambda:invoke"',
    ],
    [
      "a Task has no function",
      only(task("f", { Parameters: {} })),
      "Parameters.FunctionName is missing",
    ],
    [
      "a Task invokes without waiting",
      only(task("f", { Parameters: { FunctionName: "f", InvocationType: "Event" } })),
      "Parameters.InvocationType is not in the subset",
    ],
    [
      "a Task waits for its token",
      only(task("f", { Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken" })),
      'state "Only": Resource must be "arn:aws:states:::lambda:invoke"',
    ],
    [
      "a Task expects heartbeats",
      only(task("f", { HeartbeatSeconds: 5 })),
      'state "Only": HeartbeatSeconds is not in the subset',
    ],
    [
      "a rule is for missed heartbeats",
      retry({ ErrorEquals: ["States.HeartbeatTimeout"] }),
      'state "Only": Retry[0].ErrorEquals[0] names States.HeartbeatTimeout, which no rule can match',
    ],
    [
      "a path has a filter",
      only(task("f", { ResultPath: "$.a[?(@.b)]" })),
      "ResultPath must be null or a path of names",
    ],
    [
      "a path has a wildcard",
      only(payload({ deep: [{ "x.$": "$.a[*]" }] })),
      "Parameters.Payload.deep[0].x.$",
    ],
    [
      "a payload calls a function",
      only(payload({ "x.$": "States.UUID()" })),
      'state "Only": Parameters.Payload.x.$ must be a reference path, and is "States.UUID()"',
    ],
    [
      "a result calls a function",
      only(task("f", { ResultSelector: { "x.$": "States.StringToJson($.Payload)" } })),
      'state "Only": ResultSelector.x.$ must be a reference path',
    ],
    [
      "Fail formats its cause",
      only({ Type: "Fail", CausePath: "States.Format('{}', $.a)" }),
      'state "Only": CausePath must be a reference path',
    ],
    [
      "a field is given twice",
      only(payload({ x: 1, "x.$": "$.x" })),
      "is given both with and without .$",
    ],
    [
      "ResultPath points into a list",
      only(task("f", { ResultPath: "$.a[0]" })),
      "ResultPath must be null or a path of names",
    ],
    [
      "Wait has no duration",
      only({ Type: "Wait", End: true }),
      "Seconds or SecondsPath is missing",
    ],
    [
      "Wait has two durations",
      only({ Type: "Wait", Seconds: 1, SecondsPath: "$.s", End: true }),
      "exclude each other",
    ],
    [
      "Wait has half a second",
      only({ Type: "Wait", Seconds: 0.5, End: true }),
      "Seconds must be a whole number",
    ],
    [
      "Wait is until a moment",
      only({ Type: "Wait", Timestamp: "2026-01-05T12:00:00Z", End: true }),
      'state "Only": Timestamp is not in the subset',
    ],
    [
      "a payload reads the context object",
      only(payload({ "id.$": "$$.Execution.Id" })),
      'state "Only": Parameters.Payload.id.$ must be a reference path, and is "$$.Execution.Id"',
    ],
    [
      "a state reads a part of its input",
      only({ ...nap, InputPath: "$.a", End: true }),
      'state "Only": InputPath is not in the subset',
    ],
    [
      "a state hands on a part of its output",
      only(task("f", { OutputPath: "$.a" })),
      'state "Only": OutputPath is not in the subset',
    ],
    [
      "Fail has Error twice",
      only({ Type: "Fail", Error: "E", ErrorPath: "$.e" }),
      "Error and ErrorPath exclude",
    ],
    ["Succeed goes on", only({ Type: "Succeed", End: true }), "End is not in the subset"],
    [
      "a retry has no error names",
      retry({ ErrorEquals: [] }),
      "Retry[0].ErrorEquals must be a list, and not empty",
    ],
    [
      "a retry comes before it fails",
      retry({ ErrorEquals: ["E"], IntervalSeconds: 0 }),
      "Retry[0].IntervalSeconds must be",
    ],
    [
      "back-off shrinks",
      retry({ ErrorEquals: ["E"], BackoffRate: 0.5 }),
      "BackoffRate must be a number of at least 1",
    ],
    [
      "a retry is misspelt",
      retry({ ErrorEquals: ["E"], MaxAttempt: 1 }),
      "Retry[0].MaxAttempt is not in the subset",
    ],
    [
      "jitter is of another kind",
      retry({ ErrorEquals: ["E"], JitterStrategy: "HALF" }),
      "JitterStrategy must be",
    ],
    [
      "States.ALL has company",
      retry({ ErrorEquals: ["States.ALL", "E"] }),
      "must hold States.ALL alone",
    ],
    [
      "States.ALL is not last",
      only(task("f", { Retry: [{ ErrorEquals: ["States.ALL"] }, { ErrorEquals: ["E"] }] })),
      "may hold States.ALL in the last rule only",
    ],
    [
      "a rule can never match",
      retry({ ErrorEquals: ["States.Runtime"] }),
      "names States.Runtime, which no rule can match",
    ],
    [
      "a Catch leads nowhere",
      only(task("f", { Catch: [{ ErrorEquals: ["E"], Next: "Gone" }] })),
      'leads to "Gone"',
    ],
    [
      "a choice has no comparison",
      choice({ Variable: "$.a" }),
      'state "Pick": Choices[0].StringEquals is missing',
    ],
    [
      "a choice has no variable",
      choice({ StringEquals: "x" }),
      'state "Pick": Choices[0].Variable is missing',
    ],
    [
      "a choice compares otherwise",
      choice({ Variable: "$.a", StringEquals: "x", NumericLessThan: 5 }),
      'state "Pick": Choices[0].NumericLessThan is not in the subset',
    ],
    [
      "an operand has the wrong type",
      choice({ Variable: "$.a", StringEquals: 1 }),
      'state "Pick": Choices[0].StringEquals must be a text, and is 1',
    ],
    [
      "a choice combines rules",
      choice({ Not: { Variable: "$.a", StringEquals: "x" } }),
      'state "Pick": Choices[0].Not is not in the subset',
    ],
    [
      "a choice has a Default",
      machine({ Pick: { Type: "Choice", Choices: [], Default: "End" }, End: end }),
      'state "Pick": Default is not in the subset',
    ],
  ])("%s", (_rule, definition, message) => {
    expect(refusal(definition)).toContain(message);
  });

  it("a placeholder has no substitution", () => {
    expect(refusal(only(task("${Launch}")))).toContain("${Launch} has no substitution");
  });
});

describe("a definition within the subset", () => {
  it("is taken, its placeholders filled", () => {
    const lab = createLab();
    const arn = lab.interpreter.register({
      name: "workflow",
      definition: only(task("${Launch}", { Comment: "costs 5 $" })),
      substitutions: { Launch: "spot-optimizer-launch" },
    });
    expect(arn).toBe("arn:aws:states:eu-west-1:111122223333:stateMachine:workflow");
    expect(lab.interpreter.findStateMachine(arn).definition).toContain(
      '"FunctionName":"spot-optimizer-launch"',
    );
  });

  it("is filled anew for each deployment of the same one", () => {
    const definition = only(task("${Launch}"));
    const functionIn = (Launch: string): string => {
      const lab = createLab();
      const substitutions = { Launch };
      const arn = lab.interpreter.register({ name: "workflow", definition, substitutions });
      return lab.interpreter.findStateMachine(arn).definition;
    };
    expect(functionIn("launch:1")).toContain('"FunctionName":"launch:1"');
    expect(functionIn("launch:2")).toContain('"FunctionName":"launch:2"');
    expect(functionIn("launch:1")).toContain('"FunctionName":"launch:1"');
    expect(refusal(definition)).toContain("has no substitution");
  });

  it("tells all problems at once", () => {
    const message = refusal(machine({ A: { Type: "Wait", Next: "B" }, C: end }));
    expect(message).toContain('state "A": Seconds or');
    expect(message).toContain('state "A": Next leads to "B"');
    expect(message).toContain('state "C": Next of no other state');
  });
});

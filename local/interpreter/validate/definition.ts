/**
 * Is a definition within the portable subset? Refused when it is loaded, not when it is run: unknown fields,
 * targets that do not exist, states that nothing leads to, Tasks without a time-out …
 */

import type { StateMachine } from "../../../statemachines/asl.ts";
import type { Json, JsonObject } from "../json.ts";
import { isJsonList, isJsonObject } from "../json.ts";
import type { Checks } from "./checks.ts";
import { checkFields, exactly, seconds, stateName, text } from "./checks.ts";
import type { DefinitionProblem, Report } from "./problems.ts";
import { DefinitionRefused } from "./problems.ts";
import { checkState } from "./states.ts";

const nextOf = (rules: Json | undefined): readonly string[] =>
  isJsonList(rules)
    ? rules.flatMap((rule) =>
        isJsonObject(rule) && typeof rule["Next"] === "string" ? [rule["Next"]] : [],
      )
    : [];

const targetsOf = (state: JsonObject): readonly string[] => [
  ...(typeof state["Next"] === "string" ? [state["Next"]] : []),
  ...nextOf(state["Choices"]),
  ...nextOf(state["Catch"]),
];

/** Reports a problem of that state. */
type ReportOf = (state: string) => Report;

const checkGraph = (start: Json | undefined, states: JsonObject, reportOf: ReportOf): void => {
  const reached = new Set<string>();
  const open = typeof start === "string" ? [start] : [];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = states[name];
    if (reached.has(name) || !isJsonObject(state)) continue;
    reached.add(name);
    for (const target of targetsOf(state)) {
      if (Object.hasOwn(states, target)) open.push(target);
      else reportOf(name)("Next", `leads to "${target}", which does not exist`);
    }
  }
  for (const name of Object.keys(states)) {
    if (!reached.has(name)) reportOf(name)("Next", "of no other state leads here");
  }
};

const checkStates = (states: JsonObject, reportOf: ReportOf): void => {
  for (const [name, state] of Object.entries(states)) {
    const report = reportOf(name);
    stateName(name, report, "name");
    if (isJsonObject(state)) checkState(state, report);
    else report("state", "must be an object");
  }
};

const required: Checks = {
  StartAt: stateName,
  States: (value, report, field) => {
    if (!isJsonObject(value)) report(field, "must be an object");
  },
};

const optional: Checks = {
  Comment: text,
  Version: exactly("1.0"),
  QueryLanguage: exactly("JSONPath"),
  TimeoutSeconds: seconds,
};

const checkMachine = (machine: JsonObject, report: Report, reportOf: ReportOf): void => {
  checkFields(machine, { required, optional }, report);
  const { StartAt: start, States: states } = machine;
  if (!isJsonObject(states)) return;
  if (typeof start === "string" && !Object.hasOwn(states, start)) {
    report("StartAt", `names "${start}", which does not exist`);
  }
  checkStates(states, reportOf);
  checkGraph(start, states, reportOf);
};

/**
 * @param name of the machine, for the message
 * @throws DefinitionRefused with all problems, each naming state and field
 */
export const validateDefinition = (name: string, definition: Json): StateMachine => {
  const problems: DefinitionProblem[] = [];
  const report: Report = (field, problem) => {
    problems.push({ field, problem });
  };
  const reportOf: ReportOf = (state) => (field, problem) => {
    problems.push({ state, field, problem });
  };
  if (isJsonObject(definition)) checkMachine(definition, report, reportOf);
  else report("definition", "must be an object");
  if (problems.length > 0) throw new DefinitionRefused(name, problems);
  return definition as unknown as StateMachine;
};

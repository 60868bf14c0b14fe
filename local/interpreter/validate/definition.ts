/**
 * Is a definition within the portable subset? Refused when it is loaded, not when it is run: unknown fields,
 * targets that do not exist, states that nothing leads to, names used twice, Tasks without a time-out …
 */

import type { StateMachine } from "../../../statemachines/asl.ts";
import type { Json, JsonObject } from "../json.ts";
import { isJsonList, isJsonObject } from "../json.ts";
import type { Checks } from "./checks.ts";
import { checkFields, exactly, objectOf, seconds, stateName, text } from "./checks.ts";
import type { Finding, Report } from "./findings.ts";
import { DefinitionRefused } from "./findings.ts";
import { checkState } from "./states.ts";

interface Walk {
  readonly findings: Finding[];
  readonly names: Set<string>;
}

/** Where a branch hangs: in which state and field, and whether a Map is around it. */
interface Place {
  readonly report: Report;
  readonly field: string;
  readonly isInMap: boolean;
  /** What the branch may have besides StartAt and States. */
  readonly optional: Checks;
}

const branchFields: Checks = {
  StartAt: stateName,
  States: (value, report, field) => {
    if (!isJsonObject(value)) report(field, "must be an object");
  },
};

const nextOf = (rules: Json | undefined): readonly string[] =>
  isJsonList(rules)
    ? rules.flatMap((rule) =>
        isJsonObject(rule) && typeof rule["Next"] === "string" ? [rule["Next"]] : [],
      )
    : [];

const targetsOf = (state: JsonObject): readonly string[] => [
  ...(typeof state["Next"] === "string" ? [state["Next"]] : []),
  ...(typeof state["Default"] === "string" ? [state["Default"]] : []),
  ...nextOf(state["Choices"]),
  ...nextOf(state["Catch"]),
];

const checkGraph = (start: Json | undefined, states: JsonObject, walk: Walk): void => {
  const reached = new Set<string>();
  const open = typeof start === "string" ? [start] : [];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = states[name];
    if (reached.has(name) || !isJsonObject(state)) continue;
    reached.add(name);
    for (const target of targetsOf(state)) {
      if (Object.hasOwn(states, target)) open.push(target);
      else {
        const problem = `leads to "${target}", which does not exist here`;
        walk.findings.push({ state: name, field: "Next", problem });
      }
    }
  }
  for (const name of Object.keys(states)) {
    if (!reached.has(name)) {
      walk.findings.push({ state: name, field: "Next", problem: "of no other state leads here" });
    }
  }
};

const reporterOf =
  (walk: Walk, state: string): Report =>
  (field, problem) => {
    walk.findings.push({ state, field, problem });
  };

const checkNested = (state: JsonObject, place: Place, walk: Walk): void => {
  const { report, isInMap } = place;
  const branches = state["Branches"];
  if (state["Type"] === "Parallel" && isJsonList(branches)) {
    branches.forEach((branch, index) => {
      const field = `Branches[${String(index)}]`;
      checkBranch(branch, { report, field, isInMap, optional: { Comment: text } }, walk);
    });
  }
  if (state["Type"] === "Map") {
    if (isInMap) report("Type", "must not be Map inside of another Map");
    const optional = { Comment: text, ProcessorConfig: objectOf({ Mode: exactly("INLINE") }) };
    const processor = state["ItemProcessor"] ?? null;
    checkBranch(processor, { report, field: "ItemProcessor", isInMap: true, optional }, walk);
  }
};

const checkStates = (states: JsonObject, place: Place, walk: Walk): void => {
  for (const [name, state] of Object.entries(states)) {
    const report = reporterOf(walk, name);
    stateName(name, report, "name");
    if (walk.names.has(name)) report("name", "is used twice in this machine");
    walk.names.add(name);
    if (!isJsonObject(state)) {
      report("state", "must be an object");
      continue;
    }
    checkState(state, report);
    checkNested(state, { ...place, report }, walk);
  }
};

const checkBranch = (branch: Json, place: Place, walk: Walk): void => {
  if (!isJsonObject(branch)) {
    place.report(place.field, "must be an object");
    return;
  }
  checkFields(
    branch,
    { required: branchFields, optional: place.optional, within: place.field },
    place.report,
  );
  const states = branch["States"];
  if (!isJsonObject(states)) return;
  const start = branch["StartAt"];
  if (typeof start === "string" && !Object.hasOwn(states, start)) {
    place.report("StartAt", `names "${start}", which does not exist here`);
  }
  checkStates(states, place, walk);
  checkGraph(start, states, walk);
};

const machineFields: Checks = {
  Comment: text,
  Version: exactly("1.0"),
  QueryLanguage: exactly("JSONPath"),
  TimeoutSeconds: seconds,
};

/**
 * @param name of the machine, for the message
 * @throws DefinitionRefused with all findings, each naming state and field
 */
export const validateDefinition = (name: string, definition: Json): StateMachine => {
  const walk: Walk = { findings: [], names: new Set() };
  const report: Report = (field, problem) => {
    walk.findings.push({ field, problem });
  };
  if (isJsonObject(definition)) {
    const place: Place = { report, field: "", isInMap: false, optional: machineFields };
    checkBranch(definition, place, walk);
  } else report("definition", "must be an object");
  if (walk.findings.length > 0) throw new DefinitionRefused(name, walk.findings);
  return definition as unknown as StateMachine;
};

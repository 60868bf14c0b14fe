/**
 * The nodes of the workflows, as the console draws them: each Task with the phase under which its step stands in a record, and where it leads. Choices
 * and Waits belong to the Task that leads to them. Made when the page is built, so that a state that is added is drawn without a change of the page.
 */
import { functionNames, functionRows } from "../../lambdas/access/functions.ts";
import { placeholderOf } from "../../lambdas/access/placeholder.ts";
import type { State, StateMachine, Task } from "../../statemachines/asl.ts";
import { workflows, type WorkflowMode } from "../../statemachines/workflows.ts";

export interface WorkflowNode {
  /** Of the state. */
  readonly name: string;
  /** Name of the step's phases in a record. */
  readonly phase: string;
  /** Of the first of a stage: its name. */
  readonly stage?: string;
  /** On a detour: the way that is hoped for does not pass it. Failures lead to the roll-back, which is one of its own. */
  readonly lane: "WAY" | "DETOUR" | "ROLL_BACK";
  /** Names of the nodes that may follow, itself not among them. */
  readonly next: readonly string[];
}

/** First state of each stage; one that is added in between is of the stage before it. */
const stages: Readonly<Record<WorkflowMode, Readonly<Record<string, string>>>> = {
  LINEAR: {
    "Open evaluation": "Judge",
    "Prepare image": "Prepare, while the original serves",
    "Freeze original": "Hand over",
    "Retire original": "Close",
  },
  CLUSTER: {
    "Open evaluation": "Judge",
    "Plan batch": "Prepare, while the originals serve",
    "Remove originals": "Hand over",
    "Restore group": "Close",
  },
  KUBERNETES: {
    "Open evaluation": "Judge",
    "Plan node": "Prepare, while the node serves",
    "Cordon node": "Hand over",
    "Release node": "Close",
    "Answer warning": "Where EC2 takes a node back",
    "Roll back": "Where it does not succeed",
  },
};

const stepNames = new Map(
  functionNames.map((name) => [
    `\${${placeholderOf(name)}}`,
    functionRows[name].folder.split("/").at(-1) ?? name,
  ]),
);

/** Of a step that a workflow has twice: lambdas/linear. */
const finalPhases: Readonly<Record<string, string>> = {
  "prepare-image": "final-image",
  launch: "relaunch",
  "await-healthy": "await-relaunched",
};

const phaseOf = ({ Parameters: { FunctionName, Payload } }: Task): string => {
  const step = stepNames.get(FunctionName) ?? FunctionName;
  const isFinal = JSON.stringify(Payload ?? {}).includes('"purpose":"final"');
  return (isFinal ? finalPhases[step] : undefined) ?? step;
};

const followers = (state: State): readonly string[] => {
  if (state.Type === "Choice") return state.Choices.map(({ Next }) => Next);
  return "Next" in state ? [state.Next ?? []].flat() : [];
};

/** Tasks that a state leads to, through Choices and Waits. */
const tasksAfter = ({ States }: StateMachine, from: string): readonly string[] => {
  const found = new Set<string>();
  const seen = new Set<string>();
  const follow = (name: string): void => {
    const state = States[name];
    if (state === undefined || seen.has(name)) return;
    seen.add(name);
    if (state.Type === "Task") found.add(name);
    else followers(state).forEach(follow);
  };
  followers(States[from] ?? { Type: "Succeed" }).forEach(follow);
  return [...found].filter((name) => name !== from);
};

const rollBack = "Roll back";
/** Every evaluation comes to it, also after rounds of batches or nodes. */
const record = "Record outcome";

/** The first of its choices is what a state hopes for. */
const wayThrough = (workflow: StateMachine): ReadonlySet<string> => {
  const way = new Set<string>();
  for (
    let name: string | undefined = workflow.StartAt;
    name !== undefined && !way.has(name);
    name = followers(workflow.States[name] ?? { Type: "Succeed" })[0]
  ) {
    way.add(name);
  }
  return way;
};

const laneOf = (name: string, way: ReadonlySet<string>): WorkflowNode["lane"] => {
  if (name === rollBack) return "ROLL_BACK";
  return way.has(name) || name === record ? "WAY" : "DETOUR";
};

const nodesOf = (mode: WorkflowMode): readonly WorkflowNode[] => {
  const workflow: StateMachine = workflows[mode];
  const tasks = Object.entries(workflow.States).flatMap(([name, state]) =>
    state.Type === "Task"
      ? [{ name, phase: phaseOf(state), next: tasksAfter(workflow, name) }]
      : [],
  );
  const way = wayThrough(workflow);
  return tasks.map((task) => {
    const stage = stages[mode][task.name];
    return {
      ...task,
      lane: laneOf(task.name, way),
      ...(stage !== undefined && { stage }),
    };
  });
};

export const workflowNodes = (): Readonly<Record<WorkflowMode, readonly WorkflowNode[]>> => ({
  LINEAR: nodesOf("LINEAR"),
  CLUSTER: nodesOf("CLUSTER"),
  KUBERNETES: nodesOf("KUBERNETES"),
});

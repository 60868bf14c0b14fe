/**
 * The nodes of the workflows, as the console draws them: each Task with the phase under which its step stands in a record, and where it leads. Choices
 * and Waits belong to the Task that leads to them. Made when the page is built, so that a state that is added is drawn without a change of the page.
 */
import { functionNames, functionRows } from "../../lambdas/access/functions.ts";
import { placeholderOf } from "../../lambdas/access/placeholder.ts";
import {
  stageOf,
  type Stage,
  type State,
  type StateMachine,
  type Task,
} from "../../statemachines/asl.ts";
import { workflows, type WorkflowMode } from "../../statemachines/workflows.ts";

export interface WorkflowNode {
  /** Of the state. */
  readonly name: string;
  /** Name of the step's phases in a record. */
  readonly phase: string;
  /** Of the first of a stage, as the workflow says it of each state: its name. */
  readonly stage?: string;
  /** On a detour: the way that is hoped for does not pass it. Failures lead to the roll-back, which is one of its own. */
  readonly lane: "WAY" | "DETOUR" | "ROLL_BACK";
  /** Names of the nodes that may follow, itself not among them. */
  readonly next: readonly string[];
}

const served: Readonly<Record<WorkflowMode, string>> = {
  LINEAR: "the original serves",
  CLUSTER: "the originals serve",
  KUBERNETES: "the node serves",
};

const words: Readonly<Record<Stage, string>> = {
  JUDGE: "Judge",
  PREPARE: "Prepare",
  HAND_OVER: "Hand over",
  CLOSE: "Close",
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

/** Above the first of those that follow each other in one stage. What EC2 takes back goes through stages again, on a way of its own. */
const headingOf = (
  mode: WorkflowMode,
  { stage, lane }: { readonly stage: Stage | undefined; readonly lane: WorkflowNode["lane"] },
): string | undefined => {
  if (stage === undefined) return undefined;
  const word = words[stage];
  if (lane === "DETOUR" && mode === "KUBERNETES") return `${word}, where EC2 takes a node back`;
  return stage === "PREPARE" ? `${word}, while ${served[mode]}` : word;
};

/** Of the workflow of that mode, or of a copy of it. */
export const nodesOf = (mode: WorkflowMode, workflow: StateMachine): readonly WorkflowNode[] => {
  const way = wayThrough(workflow);
  const tasks = Object.entries(workflow.States).flatMap(([name, state]) =>
    state.Type === "Task"
      ? [
          {
            node: {
              name,
              phase: phaseOf(state),
              lane: laneOf(name, way),
              next: tasksAfter(workflow, name),
            },
            stage: state[stageOf],
          },
        ]
      : [],
  );
  return tasks.map(({ node, stage }, index) => {
    const heading =
      stage === tasks[index - 1]?.stage ? undefined : headingOf(mode, { stage, lane: node.lane });
    return { ...node, ...(heading !== undefined && { stage: heading }) };
  });
};

export const workflowNodes = (): Readonly<Record<WorkflowMode, readonly WorkflowNode[]>> => ({
  LINEAR: nodesOf("LINEAR", workflows.LINEAR),
  CLUSTER: nodesOf("CLUSTER", workflows.CLUSTER),
  KUBERNETES: nodesOf("KUBERNETES", workflows.KUBERNETES),
});

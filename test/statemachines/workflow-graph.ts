/** A workflow as a graph: which state leads where, and which function it calls. */
import type { Choice, State, StateMachine, Task } from "../../statemachines/asl.ts";

export const entriesOf = (workflow: StateMachine): readonly (readonly [string, State])[] =>
  Object.entries(workflow.States);

export const tasksOf = (workflow: StateMachine): readonly (readonly [string, Task])[] =>
  entriesOf(workflow).filter((entry): entry is [string, Task] => entry[1].Type === "Task");

export const choicesOf = (workflow: StateMachine): readonly (readonly [string, Choice])[] =>
  entriesOf(workflow).filter((entry): entry is [string, Choice] => entry[1].Type === "Choice");

/** `Launch` for `${Launch}`. */
export const placeholderIn = (task: Task): string => {
  const match = /^\$\{(\w+)\}$/.exec(task.Parameters.FunctionName);
  if (match?.[1] === undefined) {
    throw new Error(`${task.Parameters.FunctionName} is not a placeholder.`);
  }
  return match[1];
};

export const stateOf = (workflow: StateMachine, name: string): State => {
  const state = workflow.States[name];
  if (state === undefined) throw new Error(`The workflow has no state "${name}".`);
  return state;
};

/** What a Choice compares with, in order, and where each leads. */
export const routesOf = (choice: Choice): readonly { kind: string; next: string }[] =>
  choice.Choices.map(({ StringEquals, Next }) => ({ kind: StringEquals, next: Next }));

const afterSuccess = (state: State): readonly string[] => {
  if (state.Type === "Choice") return routesOf(state).map(({ next }) => next);
  return "Next" in state ? [state.Next] : [];
};

const afterFailure = (state: State): readonly string[] =>
  "Catch" in state ? state.Catch.map(({ Next }) => Next) : [];

/** Every state that can be entered from `start`, failures included, when `closed` states lead nowhere. */
export const reachable = (
  workflow: StateMachine,
  start: string,
  closed: readonly string[] = [],
): ReadonlySet<string> => {
  const found = new Set<string>();
  const open = [start];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    if (closed.includes(name)) continue;
    const state = stateOf(workflow, name);
    open.push(...afterSuccess(state), ...afterFailure(state));
  }
  return found;
};

/** The states entered when each Choice sees the kind that `kinds` gives for it. */
export const walk = (
  workflow: StateMachine,
  kinds: Readonly<Record<string, string>>,
): readonly string[] => {
  const nextOf = (name: string): string | undefined => {
    const state = stateOf(workflow, name);
    if (state.Type !== "Choice") return afterSuccess(state)[0];
    const route = routesOf(state).find(({ kind }) => kind === kinds[name]);
    if (route === undefined) throw new Error(`"${name}" has no route for what was given.`);
    return route.next;
  };
  const path: string[] = [];
  let name: string | undefined = workflow.StartAt;
  while (name !== undefined) {
    path.push(name);
    name = nextOf(name);
  }
  return path;
};

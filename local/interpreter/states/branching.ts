/** Parallel and inline Map: branches and iterations are threads; the state waits until all have ended. */

import { scopeOf, scopeWith } from "../context.ts";
import type { Phase, Thread } from "../execution.ts";
import type { Json } from "../json.ts";
import { isJsonList } from "../json.ts";
import { runtimeFailure } from "../failures.ts";
import type { MapState, ParallelState } from "../machine.ts";
import type { Run } from "../run.ts";
import { checkPayload, effectiveInput } from "./flow.ts";
import type { BranchEvents, Flow } from "./flow.ts";

type Join = Extract<Phase, { kind: "JOIN" }>;

const joinOf = (thread: Thread): Join => {
  if (thread.phase.kind !== "JOIN") {
    throw new Error(`"${thread.state}" has branches, and does not wait for them.`);
  }
  return thread.phase;
};

const emptyResults = (count: number): readonly Json[] => Array.from({ length: count }, () => null);

/** Begins as many iterations as MaxConcurrency leaves room for. */
export const beginIterations = (run: Run, thread: Thread, state: MapState): void => {
  const items = joinOf(thread).items ?? [];
  const room = state.maxConcurrency - run.childrenOf(thread).length;
  const first = joinOf(thread).nextItem;
  for (let index = first; index < Math.min(items.length, first + room); index += 1) {
    const value = items[index] ?? null;
    const input = iterationInput(run, thread, { state, index, value });
    const lastEventId = run.recordOwn("MapIterationStarted", thread.lastEventId, {
      mapIterationStartedEventDetails: { name: state.name, index },
    });
    thread.phase = { ...joinOf(thread), nextItem: index + 1 };
    const iteration = { index, value };
    run.addThread({
      parent: thread.id,
      slot: index,
      iteration,
      state: state.startAt,
      input,
      lastEventId,
    });
  }
};

const iterationInput = (
  run: Run,
  thread: Thread,
  {
    state,
    index,
    value,
  }: { readonly state: MapState; readonly index: number; readonly value: Json },
): Json => {
  if (state.item === undefined) return value;
  const scope = scopeWith(run, thread, {
    input: effectiveInput(run, thread),
    iteration: { index, value },
  });
  const input = state.item(scope);
  checkPayload(state.name, JSON.stringify(input));
  return input;
};

export const createBranching = (flow: () => Flow) => {
  const finishIfAll = (run: Run, thread: Thread, state: MapState | ParallelState): void => {
    const join = joinOf(thread);
    if (join.finished < join.results.length) return;
    run.record(thread, state.type === "Map" ? "MapStateSucceeded" : "ParallelStateSucceeded");
    flow().complete(run, thread, join.results);
  };

  const startParallel = (run: Run, thread: Thread, state: ParallelState): void => {
    const input = state.parameters(scopeOf(run, thread, effectiveInput(run, thread)));
    checkPayload(state.name, JSON.stringify(input));
    const started = run.record(thread, "ParallelStateStarted");
    const results = emptyResults(state.branches.length);
    run.setPhase(thread, { kind: "JOIN", results, finished: 0, nextItem: 0 });
    state.branches.forEach((startAt, slot) => {
      run.addThread({ parent: thread.id, slot, state: startAt, input, lastEventId: started });
    });
  };

  const startMap = (run: Run, thread: Thread, state: MapState): void => {
    const items = state.items(scopeOf(run, thread, effectiveInput(run, thread)));
    if (!isJsonList(items)) {
      throw runtimeFailure(
        `Reference path for the items of '${state.name}' must point to a list, and points to ${JSON.stringify(items)}`,
      );
    }
    run.record(thread, "MapStateStarted", {
      mapStateStartedEventDetails: { length: items.length },
    });
    const results = emptyResults(items.length);
    run.setPhase(thread, { kind: "JOIN", results, finished: 0, items, nextItem: 0 });
    beginIterations(run, thread, state);
    finishIfAll(run, thread, state);
  };

  const joinBranch = (run: Run, parent: Thread, ended: { thread: Thread; output: Json }): void => {
    const state = run.stateOf(parent);
    if (state.type !== "Map" && state.type !== "Parallel") {
      throw new Error(`"${state.name}" has branches, and is neither Map nor Parallel.`);
    }
    if (state.type === "Map") {
      run.record(ended.thread, "MapIterationSucceeded", {
        mapIterationSucceededEventDetails: { name: state.name, index: ended.thread.slot },
      });
    }
    const join = joinOf(parent);
    parent.phase = {
      ...join,
      results: join.results.with(ended.thread.slot, ended.output),
      finished: join.finished + 1,
    };
    const before = parent.lastEventId;
    parent.lastEventId = ended.thread.lastEventId;
    run.removeThread(ended.thread);
    if (state.type === "Map" && join.nextItem < (join.items ?? []).length) {
      parent.lastEventId = before;
      beginIterations(run, parent, state);
    }
    finishIfAll(run, parent, state);
  };

  const events: BranchEvents = {
    ended: (run, thread, output) => {
      const parent = thread.parent === undefined ? undefined : run.threads.get(thread.parent);
      if (parent === undefined)
        throw new Error(`"${thread.state}" ended, and nothing waits for it.`);
      flow().guard(run, parent, () => {
        joinBranch(run, parent, { thread, output });
      });
    },
    failed: (run, parent, thread) => {
      const state = run.stateOf(parent);
      if (state.type === "Map") {
        const name = state.name;
        run.record(thread, "MapIterationFailed", {
          mapIterationFailedEventDetails: { name, index: thread.slot },
        });
        for (const other of run.childrenOf(parent)) {
          if (other === thread) continue;
          run.record(other, "MapIterationAborted", {
            mapIterationAbortedEventDetails: { name, index: other.slot },
          });
        }
      }
      parent.lastEventId = thread.lastEventId;
      run.record(parent, state.type === "Map" ? "MapStateFailed" : "ParallelStateFailed");
    },
  };

  return { startParallel, startMap, events };
};

/** What holds of each workflow, whatever its mode. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { errorNames, familyOf } from "../../core/errors.ts";
import { functionNames, functionRows } from "../../lambdas/access/functions.ts";
import { placeholderOf } from "../../lambdas/access/placeholder.ts";
import { leaseSeconds } from "../../lambdas/evaluation/lease.ts";
import { goldenText } from "../../infra/golden.ts";
import { VirtualClock } from "../../local/cloud/clock.ts";
import { createInterpreter } from "../../local/interpreter/interpreter.ts";
import { workflowName, workflows, type WorkflowMode } from "../../statemachines/workflows.ts";
import {
  choicesOf,
  entriesOf,
  placeholderIn,
  reachable,
  routesOf,
  stateOf,
  tasksOf,
} from "./workflow-graph.ts";
import { byPlaceholder, inputFieldsOf, kindsOf, stepNames } from "./workflow-functions.ts";

const modes = Object.keys(workflows) as WorkflowMode[];

/** States that change nothing in the customer's account, and ask it much. */
const judging: readonly string[] = [
  "Check eligibility",
  "Scrape Spot market",
  "Filter offers",
  "Predict interruption risk",
  "Decide",
];

/** States that undo something. */
const undoing: readonly string[] = ["Roll back", "Restore group", "Release node"];

describe.each(modes)("%s", (mode) => {
  const definition = workflows[mode];
  const tasks = tasksOf(definition).map(([name, task]) => ({ name, task }));
  const choices = choicesOf(definition).map(([name, choice]) => ({ name, choice }));

  describe("every state", () => {
    it.each(entriesOf(definition).map(([name, state]) => ({ name, state })))(
      "$name tells the operator what it is for",
      ({ state }) => {
        expect(state.Comment).toMatch(/^[A-Z0-9].+\.$/);
      },
    );

    it("can be reached, and nothing else is named", () => {
      expect([...reachable(definition, definition.StartAt)].sort()).toEqual(
        Object.keys(definition.States).sort(),
      );
    });
  });

  describe("every task", () => {
    it.each(tasks)("$name has a time-out", ({ task }) => {
      expect(task.TimeoutSeconds).toBeGreaterThan(0);
    });

    it.each(tasks)("$name is retried by name only, and a bounded number of times", ({ task }) => {
      const matched = (task.Retry ?? []).flatMap((retrier) => retrier.ErrorEquals);
      expect(matched).not.toHaveLength(0);
      expect(matched).not.toContain("States.ALL");
      expect(matched).not.toContain("States.TaskFailed");
      for (const retrier of task.Retry ?? []) expect(retrier.MaxAttempts).toBeGreaterThan(0);
    });

    it.each(tasks)(
      "$name is retried for every Retryable error and for none of our other errors",
      ({ task }) => {
        const matched: readonly string[] = (task.Retry ?? []).flatMap(
          (retrier) => retrier.ErrorEquals,
        );
        const ours = errorNames.filter((name) => matched.includes(name));
        expect(ours).toEqual(errorNames.filter((name) => familyOf(name) === "Retryable"));
      },
    );

    it.each(tasks)(
      "$name outwaits 200 launches at once, 5,000 where it only judges, and no single wait is near the lease",
      ({ name, task }) => {
        const launches = judging.includes(name) ? 5000 : 200;
        const [retrier] = (task.Retry ?? []).filter(({ ErrorEquals }) =>
          ErrorEquals.includes("RetryableThrottled"),
        );
        const { IntervalSeconds = 1, BackoffRate = 2, MaxAttempts = 3 } = retrier ?? {};
        const longest = retrier?.MaxDelaySeconds ?? Infinity;
        const delays = Array.from({ length: MaxAttempts }, (_, attempt) =>
          Math.min(IntervalSeconds * BackoffRate ** attempt, longest),
        );
        // Full jitter: a wait is half of its delay. RunInstances has 5 tokens and gains 2 a second.
        const halved = delays.reduce((sum, delay) => sum + delay, 0) / 2;
        const seconds = (launches - 5) / 2;
        expect(halved).toBeGreaterThan(judging.includes(name) ? seconds : 2 * seconds);
        expect(longest).toBeLessThanOrEqual(leaseSeconds / 3);
      },
    );

    it.each(tasks)("$name leads any other failure to where it is dealt with", ({ name, task }) => {
      // Its failure fails the execution there, so that a redrive repeats it.
      if (name === "Record outcome") {
        expect(task.Catch).toBeUndefined();
        return;
      }
      // A failed adoption must not lead to an undoing: the world is to be left as it is.
      const isLast = name === "Roll back" || name === "Adopt what serves";
      const next = isLast ? "Record outcome" : "Roll back";
      // What ended the roll-back must not hide what began it.
      const noted = isLast ? "$.rollbackFailure" : "$.failure";
      expect(task.Catch).toEqual([{ ErrorEquals: ["States.ALL"], ResultPath: noted, Next: next }]);
    });

    it.each(tasks)("$name gives its step every field of its input, and no other", ({ task }) => {
      const given = Object.keys(z.record(z.string(), z.unknown()).parse(task.Parameters.Payload));
      expect(given.map((key) => key.replace(/\.\$$/, "")).sort()).toEqual(
        [...inputFieldsOf(placeholderIn(task))].sort(),
      );
    });

    it.each(tasks)(
      "$name carries a kind, a summary and how long to wait only",
      ({ name, task }) => {
        const selected = Object.keys(task.ResultSelector ?? {});
        // An undo is told how long it waited before: it takes longer from look to look.
        const remembered = undoing.includes(name) ? ["wait.$"] : [];
        expect(selected.filter((key) => key !== "waitSeconds.$")).toEqual([
          "kind.$",
          "summary.$",
          ...remembered,
        ]);
        expect(task.ResultPath).toMatch(/^\$\.\w+$/);
      },
    );
  });

  describe("every choice", () => {
    it.each(choices)(
      "$name names each kind that its step can return, and no other",
      ({ choice }) => {
        const [variable] = new Set(
          choice.Choices.map((rule) => ("Variable" in rule ? rule.Variable : undefined)),
        );
        const judged = tasks.filter(({ task }) => variable === `${String(task.ResultPath)}.kind`);
        const kinds = new Set(judged.flatMap(({ task }) => kindsOf(placeholderIn(task))));
        expect(judged).not.toHaveLength(0);
        expect(
          routesOf(choice)
            .map(({ kind }) => kind)
            .sort(),
        ).toEqual([...kinds].sort());
      },
    );

    it.each(tasks)("$name is followed by one if its kinds differ", ({ task }) => {
      if (kindsOf(placeholderIn(task)).length === 1) return;
      const next = stateOf(definition, task.Next ?? "");
      expect(next.Type).toBe("Choice");
    });

    it.each(choices)(
      "$name waits, and asks the same step again, on WAITING",
      ({ name, choice }) => {
        const asked = tasks.filter(({ task }) => task.Next === name).map((task) => task.name);
        const waits = routesOf(choice).filter(({ kind }) => kind === "WAITING");
        const back = waits.map(({ next }) => {
          const state = stateOf(definition, next);
          return state.Type === "Wait" ? state.Next : undefined;
        });
        expect(back).toEqual(waits.map(() => asked[0]));
      },
    );

    it("has Wait states that are told their seconds by the very answer before them", () => {
      const told = entriesOf(definition).flatMap(([name, state]) =>
        state.Type === "Wait" && "SecondsPath" in state
          ? [{ name, path: state.SecondsPath, asks: state.Next ?? "" }]
          : [],
      );
      expect(told.length).toBeGreaterThan(0);
      for (const { path, asks } of told) {
        const asked = tasks.find(({ name }) => name === asks)?.task;
        expect(`${asked?.ResultPath ?? ""}.waitSeconds`).toBe(path);
        expect(asked?.ResultSelector?.["waitSeconds.$"]).toBe("$.Payload.waitSeconds");
      }
    });
  });

  describe("the portable subset", () => {
    const interpreter = createInterpreter({
      clock: new VirtualClock(0),
      invoke: () => Promise.reject(new Error("Nothing is invoked here.")),
      region: "eu-west-1",
      accountId: "111122223333",
    });
    const substitutions = Object.fromEntries(
      stepNames.map((name) => [placeholderOf(name), `spot-optimizer-${name}`]),
    );

    it("holds the workflow", () => {
      const name = workflowName(mode);
      const arn = interpreter.register({ name, definition, substitutions });
      expect(arn.endsWith(`:stateMachine:${name}`)).toBe(true);
    });

    it("does not hold a workflow without its functions", () => {
      const { JudgeDecide: _missing, ...others } = substitutions;
      expect(() => interpreter.register({ name: "x", definition, substitutions: others })).toThrow(
        /JudgeDecide/,
      );
    });
  });

  describe("the generated file", () => {
    it("is the workflow as it is now (npm run golden)", () => {
      const file = new URL(
        `../../statemachines/golden/${workflowName(mode)}.asl.json`,
        import.meta.url,
      );
      expect(readFileSync(file, "utf8")).toBe(goldenText(definition));
    });
  });
});

describe("functions", () => {
  it("are those of the access list, each under its placeholder, and each is used by a workflow", () => {
    const used = new Set(
      modes.flatMap((mode) => tasksOf(workflows[mode]).map(([, task]) => placeholderIn(task))),
    );
    expect([...used].sort()).toEqual([...byPlaceholder.keys()].sort());
  });

  it.each(functionNames.map((name) => ({ name })))(
    "$name has a folder with a step, and a handler that only wires",
    ({ name }) => {
      const folder = new URL(`../../${functionRows[name].folder}/`, import.meta.url);
      const handler = readFileSync(new URL("handler.ts", folder), "utf8");
      expect(handler).toMatch(/export const handler\b/);
      if (name === "api") return;
      expect(existsSync(new URL("step.ts", folder))).toBe(true);
      expect(handler.split("\n").length).toBeLessThanOrEqual(30);
    },
  );
});

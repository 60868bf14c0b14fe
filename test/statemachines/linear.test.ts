import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { errorNames, familyOf } from "../../core/errors.ts";
import { finalChecks, paces } from "../../core/decide/linear/paces.ts";
import { looksWithin } from "../../core/decide/switch/pace.ts";
import type { Pace } from "../../core/model/evaluation.ts";
import { effectivePolicy } from "../../core/policy/policy.ts";
import {
  customerCallsOf,
  functionNames,
  functionRows,
  isStepName,
  type FunctionName,
} from "../../lambdas/access/functions.ts";
import { placeholderOf } from "../../lambdas/access/placeholder.ts";
import { leaseSeconds } from "../../lambdas/evaluation/lease.ts";
import { goldenText } from "../../infra/golden.ts";
import { VirtualClock } from "../../local/cloud/clock.ts";
import { steps } from "../../local/platform/steps.ts";
import { createInterpreter } from "../../local/interpreter/interpreter.ts";
import { linearWorkflow } from "../../statemachines/linear.ts";
import {
  choicesOf,
  entriesOf,
  placeholderIn,
  reachable,
  routesOf,
  stateOf,
  tasksOf,
  walk,
} from "./workflow-graph.ts";

/** Started by a request or a schedule, not by the workflow. */
const stepNames = functionNames.filter(isStepName);

const byPlaceholder = new Map(stepNames.map((name) => [placeholderOf(name), name]));

const functionOf = (placeholder: string): FunctionName => {
  const name = byPlaceholder.get(placeholder);
  if (name === undefined) throw new Error(`${placeholder} is not the placeholder of a function.`);
  return name;
};

const kindSchema = z.union([
  z.object({ const: z.string() }).transform((kind) => [kind.const]),
  z.object({ enum: z.array(z.string()) }).transform((kind) => kind.enum),
]);

const stepOf = (placeholder: string): { input: z.ZodType; output: z.ZodType } => {
  const step = steps.get(functionOf(placeholder));
  if (step === undefined) throw new Error(`There is no step for ${placeholder}.`);
  return step;
};

const inputFieldsOf = (placeholder: string): readonly string[] => {
  const { input } = stepOf(placeholder);
  const schema = z.toJSONSchema(input, { io: "input", unrepresentable: "any" });
  return Object.keys(
    z.object({ properties: z.record(z.string(), z.unknown()) }).parse(schema).properties,
  );
};

/** Every kind that the step's output schema lets through. */
const kindsOf = (placeholder: string): readonly string[] => {
  const { output } = stepOf(placeholder);
  const { properties } = z
    .object({ properties: z.object({ kind: kindSchema }) })
    .parse(z.toJSONSchema(output, { io: "output" }));
  return properties.kind;
};

const changesSomething = (name: FunctionName): boolean =>
  customerCallsOf(name).some((action) => !/:(Describe|Get)/.test(action));

const tasks = tasksOf(linearWorkflow).map(([name, task]) => ({ name, task }));
const choices = choicesOf(linearWorkflow).map(([name, choice]) => ({ name, choice }));

describe("every state", () => {
  it.each(entriesOf(linearWorkflow).map(([name, state]) => ({ name, state })))(
    "$name tells the operator what it is for",
    ({ state }) => {
      expect(state.Comment).toMatch(/^[A-Z0-9].+\.$/);
    },
  );

  it("can be reached, and nothing else is named", () => {
    expect([...reachable(linearWorkflow, linearWorkflow.StartAt)].sort()).toEqual(
      Object.keys(linearWorkflow.States).sort(),
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
    "$name outwaits 200 launches at once, and no single wait is near the lease",
    ({ task }) => {
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
      expect(halved).toBeGreaterThan(2 * ((200 - 5) / 2));
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

  it.each(tasks)("$name carries a kind, a summary and how long to wait only", ({ name, task }) => {
    const selected = Object.keys(task.ResultSelector ?? {});
    const remembered = name === "Roll back" ? ["wait.$"] : [];
    expect(selected.filter((key) => key !== "waitSeconds.$")).toEqual([
      "kind.$",
      "summary.$",
      ...remembered,
    ]);
    expect(task.ResultPath).toMatch(/^\$\.\w+$/);
  });
});

describe("every choice", () => {
  it.each(choices)("$name names each kind that its step can return, and no other", ({ choice }) => {
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
  });

  it.each(tasks)("$name is followed by one if its kinds differ", ({ task }) => {
    if (kindsOf(placeholderIn(task)).length === 1) return;
    const next = stateOf(linearWorkflow, task.Next ?? "");
    expect(next.Type).toBe("Choice");
  });

  it.each(choices)("$name waits, and asks the same step again, on WAITING", ({ name, choice }) => {
    const asked = tasks.filter(({ task }) => task.Next === name).map((task) => task.name);
    const waits = routesOf(choice).filter(({ kind }) => kind === "WAITING");
    const back = waits.map(({ next }) => {
      const state = stateOf(linearWorkflow, next);
      return state.Type === "Wait" ? state.Next : undefined;
    });
    expect(back).toEqual(waits.map(() => asked[0]));
  });

  it("has Wait states that are told their seconds by the very answer before them", () => {
    const told = entriesOf(linearWorkflow).flatMap(([name, state]) =>
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

describe("functions", () => {
  it("are those of the access list, each under its placeholder", () => {
    const used = new Set(tasks.map(({ task }) => placeholderIn(task)));
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
      expect(handler.split("\n").length).toBeLessThanOrEqual(24);
    },
  );

  it("that change something run after the decision only, but for the roll-back", () => {
    const before = reachable(linearWorkflow, "Check eligibility", ["What was decided?"]);
    const effects = tasks.filter(
      ({ name, task }) => before.has(name) && changesSomething(functionOf(placeholderIn(task))),
    );
    // The launch that "Check eligibility" asks for is a dry run: local/lab/promises/verdicts-touch-nothing.ts.
    expect(effects.map(({ name }) => name)).toEqual(["Check eligibility", "Roll back"]);
  });

  it("go on for a person where a decision to PROCEED begins, go back, or adopt and no more", () => {
    const asked = stateOf(linearWorkflow, "What is asked?");
    const routes = asked.Type === "Choice" ? routesOf(asked) : [];
    expect(routes).toEqual([
      { kind: "EVALUATE", next: "Check eligibility" },
      { kind: "RESUME", next: "Prepare image" },
      { kind: "ROLL_BACK", next: "Roll back" },
      { kind: "ADOPT", next: "Adopt what serves" },
    ]);
    const adopting = reachable(linearWorkflow, "Adopt what serves");
    const effects = tasks.filter(
      ({ name, task }) => adopting.has(name) && changesSomething(functionOf(placeholderIn(task))),
    );
    // A record that finds its replacement lost goes there, which no adoption has, and which would leave it alone.
    expect(effects.map(({ name }) => name)).toEqual(["Roll back", "Adopt what serves"]);
  });

  it("that change something run on PROCEED only", () => {
    const decision = stateOf(linearWorkflow, "What was decided?");
    const routes = decision.Type === "Choice" ? routesOf(decision) : [];
    expect(routes.filter(({ next }) => next !== "Record outcome")).toEqual([
      { kind: "PROCEED", next: "Prepare image" },
    ]);
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
    const arn = interpreter.register({ name: "linear", definition: linearWorkflow, substitutions });
    expect(arn).toMatch(/:stateMachine:linear$/);
  });

  it("does not hold a workflow without its functions", () => {
    const { LinearLaunch: _launch, ...others } = substitutions;
    expect(() =>
      interpreter.register({ name: "x", definition: linearWorkflow, substitutions: others }),
    ).toThrow(/LinearLaunch/);
  });
});

describe("length", () => {
  const decided = { "What is asked?": "EVALUATE", "Eligible?": "ELIGIBLE" };

  it("of STAY is at most 12 states", () => {
    const path = walk(linearWorkflow, {
      ...decided,
      "What was decided?": "STAY",
      "How did it end?": "STAYED",
    });
    expect(path.at(-1)).toBe("Done");
    expect(path.length).toBeLessThanOrEqual(12);
  });

  it.each([
    { frozen: "MOVE_IDENTITY", root: "READY" },
    { frozen: "TRANSFER_ROOT", root: "READY" },
    { frozen: "TRANSFER_ROOT", root: "RELAUNCH" },
  ])("of a switch by $frozen, root $root, is at most 45 states", ({ frozen, root }) => {
    const path = walk(linearWorkflow, {
      ...decided,
      "What was decided?": "PROCEED",
      "Image ready?": "READY",
      "Launched?": "LAUNCHED",
      "Has it proved itself?": "HEALTHY",
      "Frozen?": frozen,
      "Final image ready?": "READY",
      "Root replaced?": root,
      "Relaunched?": "LAUNCHED",
      "Has it proved itself too?": "HEALTHY",
      "Identity moved?": "MOVED",
      "Verified?": "VERIFIED",
      "Retired?": "RETIRED",
      "How did it end?": "SWITCHED",
    });
    expect(path.at(-1)).toBe("Done");
    expect(path.length).toBeLessThanOrEqual(45);
  });

  it("of a switch that uses each default deadline to the full fits into an execution's history", () => {
    const {
      imageDeadlineMinutes,
      healthyDeadlineMinutes,
      stopDeadlineMinutes,
      moveDeadlineMinutes,
    } = effectivePolicy("LINEAR");
    const rollBackMinutes = 60;
    const waits: readonly { readonly pace: Pace; readonly minutes: number }[] = [
      { pace: paces.warmImage, minutes: imageDeadlineMinutes },
      { pace: paces.warmChecks, minutes: healthyDeadlineMinutes },
      { pace: paces.verify, minutes: healthyDeadlineMinutes },
      { pace: paces.stop, minutes: stopDeadlineMinutes },
      { pace: paces.finalImage, minutes: imageDeadlineMinutes },
      { pace: paces.rootTask, minutes: healthyDeadlineMinutes },
      { pace: finalChecks({ waits: {}, progress: {} }), minutes: healthyDeadlineMinutes },
      { pace: paces.move, minutes: moveDeadlineMinutes },
      { pace: paces.verify, minutes: moveDeadlineMinutes },
      { pace: paces.retire, minutes: stopDeadlineMinutes },
    ];
    const polls = waits.map(({ pace, minutes }) => looksWithin(pace, minutes * 60, Infinity));
    const rollBackPolls = entriesOf(linearWorkflow).map(([, state]) =>
      state.Type === "Wait" && "Seconds" in state ? (rollBackMinutes * 60) / state.Seconds : 0,
    );
    /** Task: entered, scheduled, started, succeeded, exited; Choice and Wait: entered, exited. */
    const eventsPerPoll = 5 + 2 + 2;
    const events =
      eventsPerPoll * [...polls, ...rollBackPolls].reduce((sum, count) => sum + count, 0);
    expect(events).toBeLessThan(25_000 * 0.9);
  });
});

describe("the generated file", () => {
  it("is the workflow as it is now (npm run golden)", () => {
    const file = new URL("../../statemachines/golden/linear.asl.json", import.meta.url);
    expect(readFileSync(file, "utf8")).toBe(goldenText(linearWorkflow));
  });
});

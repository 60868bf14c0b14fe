import { describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { blockersOf, phasesToCome, servedFrom } from "../../../core/decide/story.ts";
import type { Evaluation, LinearEvaluation, Phase } from "../../../core/model/evaluation.ts";
import { phasesOfMode } from "../../../core/model/phase.ts";
import type { PipelineMode } from "../../../core/model/pipeline-mode.ts";
import { effectivePolicy } from "../../../core/policy/policy.ts";
import { stageOf } from "../../../statemachines/asl.ts";
import { workflows, type WorkflowMode } from "../../../statemachines/workflows.ts";
import { at, evaluation, swap } from "../../adapters/store/examples.ts";

const going = (change: Partial<LinearEvaluation> = {}): LinearEvaluation =>
  evaluation(1, {
    verdict: {
      kind: "SWITCH",
      reason: "SAVINGS_WORTH_THE_RISK",
      sentence: "It saves.",
      offers: [],
      modelVersion: "streak-1",
      policyVersion: "pol-1",
      judgedAt: at(1),
    },
    ...change,
  });

const phase = (name: string, round?: number): Phase => ({
  name,
  startedAt: at(1),
  endedAt: at(2),
  ...(round !== undefined && { round }),
});

const withPolicy = (overrides: Parameters<typeof effectivePolicy>[1]): LinearEvaluation =>
  going({ policy: effectivePolicy("LINEAR", overrides) });

/** The same record as one of another mode. */
const asMode = (mode: PipelineMode, change: object = {}): Evaluation =>
  ({ ...going(), mode, ...change }) as unknown as Evaluation;

const between = ["prepare-image", "launch", "await-healthy", "freeze-original"];
const after = ["move-identity", "verify", "retire-original", "record"];

describe("what is still to come", () => {
  it.each([
    [{}, ["final-image", "replace-root"]],
    [{ consistency: "stateless" as const }, []],
    [{ consistency: "move-volumes" as const }, []],
    [{ rootTransfer: "move-root-volume" as const }, ["move-root"]],
    [{ rootTransfer: "relaunch" as const }, ["final-image", "relaunch", "await-relaunched"]],
  ])("goes the way of its policy: %j", (overrides, transfer) => {
    expect(phasesToCome(withPolicy(overrides))).toEqual([...between, ...transfer, ...after]);
  });

  it("is what was not begun, and the way that EC2 has left open", () => {
    const begun = going({
      phases: [phase("prepare-image"), phase("launch")],
      progress: { rootTransfer: "relaunch" },
    });
    expect(phasesToCome(begun).slice(0, 5)).toEqual([
      "await-healthy",
      "freeze-original",
      "final-image",
      "relaunch",
      "await-relaunched",
    ]);
  });

  it("of a group is what this batch has before it", () => {
    const phases = [phase("plan-batch", 1), phase("launch", 1), phase("plan-batch", 2)];
    expect(phasesToCome(asMode("CLUSTER", { phases }))[0]).toBe("launch");
  });

  it("is nothing where it stays, goes back, recovers, or has ended", () => {
    const { verdict: _none, ...judging } = going();
    for (const each of [
      judging,
      going({ status: "SWITCHED" }),
      going({ kind: "RECOVER" }),
      going({ phases: [phase("roll-back")] }),
    ]) {
      expect(phasesToCome(each)).toEqual([]);
    }
  });
});

describe("since when a replacement serves", () => {
  it("is when the identity began to move, the first member joined, or the first node", () => {
    expect(servedFrom(going({ progress: { servedFrom: at(5) } }), [])).toBe(at(5));
    const joined = [swap({ joinedAt: at(9) }), swap({ joinedAt: at(7) })];
    expect(servedFrom(asMode("CLUSTER"), joined)).toBe(at(7));
    const node = asMode("KUBERNETES", { phases: [phase("await-joined", 1)] });
    expect(servedFrom(node, [swap({ stage: "JOINED" })])).toBe(at(2));
  });

  it("is not known before", () => {
    expect(servedFrom(going(), [])).toBeUndefined();
    expect(servedFrom(asMode("CLUSTER"), [swap()])).toBeUndefined();
    const node = asMode("KUBERNETES", { phases: [phase("await-joined", 1)] });
    expect(servedFrom(node, [swap({ stage: "UNDONE" })])).toBeUndefined();
  });
});

describe("what holds pods", () => {
  const blocker = {
    namespace: "shop",
    pod: "web-1",
    code: "BUDGET",
    sentence: "Its budget allows none.",
    since: at(3),
  };
  const draining = (change: object = {}): Evaluation =>
    asMode("KUBERNETES", { progress: { drain: { blockers: [blocker] } }, ...change });

  it("is told while the node is drained, and of nodes alone", () => {
    expect(blockersOf(draining())).toEqual([blocker]);
    expect(blockersOf(draining({ endedAt: at(9) }))).toEqual([]);
    expect(blockersOf(going())).toEqual([]);
  });
});

/** What a state is called in the record: its step, and what it is called for. */
const phasesOfState: Readonly<Record<string, string>> = {
  "prepare-image final": "final-image",
  "launch final": "relaunch",
  "await-healthy final": "await-relaunched",
};

const kebab = (name: string): string => name.replaceAll(/([a-z])([A-Z])/g, "$1-$2").toLowerCase();

describe("the table of phases", () => {
  const modes = Object.keys(workflows) as WorkflowMode[];

  it.each(modes)(
    "%s: has the stage that the workflow gives each state, and no other phase",
    (mode) => {
      const stages = Object.values(workflows[mode].States).flatMap((state) => {
        if (state.Type !== "Task") return [];
        const { FunctionName, Payload } = state.Parameters;
        const step = kebab(FunctionName.replace(/^\$\{[A-Z][a-z]+/, "").replace("}", ""));
        const purpose = (Payload as { purpose?: string } | undefined)?.purpose ?? "";
        return [[phasesOfState[`${step} ${purpose}`] ?? step, state[stageOf]] as const];
      });
      const known = Object.entries(phasesOfMode[mode]).map(([name, { stage }]) => [name, stage]);
      expect(Object.fromEntries(known)).toEqual(Object.fromEntries(stages));
    },
  );

  it("says how long phases take as the demo's evaluations have taken", () => {
    const golden = JSON.parse(readFileSync("test/local/demo/golden/seed-1.json", "utf8")) as {
      stories: { mode: PipelineMode; phases: { name: string; seconds?: number }[] }[];
    };
    const taken = new Map<string, number[]>();
    for (const { mode, phases } of golden.stories) {
      for (const { name, seconds } of phases) {
        const key = `${mode} ${name}`;
        if (seconds !== undefined) taken.set(key, [...(taken.get(key) ?? []), seconds]);
      }
    }
    const wrong = Object.entries(phasesOfMode).flatMap(([mode, phases]) =>
      Object.entries(phases).flatMap(([name, { usualSeconds = 0 }]) => {
        const all = (taken.get(`${mode} ${name}`) ?? []).toSorted((one, other) => one - other);
        const [low = 0, high = 0] = [
          all[Math.floor((all.length - 1) / 2)],
          all[Math.ceil((all.length - 1) / 2)],
        ];
        const median = (low + high) / 2;
        // A few seconds more or less are the seed's luck.
        return Math.abs(median - usualSeconds) > 2 + 0.2 * median
          ? [`${mode} ${name}: ${String(median)} and not ${String(usualSeconds)}`]
          : [];
      }),
    );
    expect(wrong).toEqual([]);
  });
});

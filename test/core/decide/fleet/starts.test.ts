import { describe, expect, it } from "@jest/globals";
import { isToAct, isToLook, type Judged } from "../../../../core/decide/fleet/starts.ts";
import { goOnWith } from "../../../../core/decide/switch/judged-run.ts";
import type { Target } from "../../../../core/model/target.ts";
import type { Verdict } from "../../../../core/model/verdict.ts";
import { judgedRun, linearTarget } from "../../../adapters/store/stored-items/samples.ts";

const now = new Date("2026-03-02T12:00:00.000Z");
const hoursAgo = (hours: number): string =>
  new Date(now.getTime() - hours * 3_600_000).toISOString();

const { evaluateAt: _at, failedAttempt: _attempt, ...plain } = linearTarget;

const judgedOf = (change: {
  readonly target?: Partial<Target>;
  readonly kind?: Verdict["kind"];
  readonly actionSince?: string;
  readonly isLookWanted?: boolean;
  readonly lookedAt?: string;
}): Judged => {
  const { kind = "SWITCH", actionSince, isLookWanted = false, lookedAt } = change;
  const { actionSince: _since, ...run } = judgedRun;
  return {
    target: { ...plain, isShadowMode: false, ...change.target } as Target,
    run: { ...run, kind, ...(actionSince !== undefined && { actionSince }) },
    verdict: {
      kind,
      reason: "SAVINGS_WORTH_THE_RISK",
      sentence: "It is worth it.",
      offers: [],
      modelVersion: "streak-1",
      policyVersion: "pol-0",
      judgedAt: now.toISOString(),
    },
    isLookWanted,
    ...(lookedAt !== undefined && { lookedAt }),
  };
};

describe("a target that would be switched", () => {
  it.each([
    { name: "that was never evaluated", target: {}, acts: true },
    {
      name: "that was evaluated an hour ago",
      target: { lastEvaluatedAt: hoursAgo(1) },
      acts: false,
    },
    {
      name: "that was evaluated six hours ago",
      target: { lastEvaluatedAt: hoursAgo(6) },
      acts: true,
    },
    { name: "in shadow mode", target: { isShadowMode: true }, acts: false },
  ])("$name is begun: $acts", ({ target, acts }) => {
    const { lastEvaluatedAt: _never, ...others } = plain;
    const judged = judgedOf({ target });
    const fresh = { ...judged, target: { ...others, isShadowMode: false, ...target } as Target };
    expect(isToAct(fresh, now)).toBe(acts);
    // What acts is not looked at besides.
    if (acts) expect(isToLook(fresh, now)).toBe(false);
  });

  it("is begun at once where the verdict is newer than its last evaluation", () => {
    const target = { lastEvaluatedAt: hoursAgo(1) };
    expect(isToAct(judgedOf({ target, actionSince: hoursAgo(0.5) }), now)).toBe(true);
    expect(isToAct(judgedOf({ target, actionSince: hoursAgo(2) }), now)).toBe(false);
  });
});

const group = {
  isShadowMode: true,
  pipelineMode: "CLUSTER",
  group: { asgName: "web" },
} as unknown as Partial<Target>;

describe("a group of which only an evaluation tells more", () => {
  it.each([
    { hours: 23, looked: false },
    { hours: 25, looked: true },
  ])("is evaluated once a day: after $hours hours $looked", ({ hours, looked }) => {
    const target = { ...group, lastEvaluatedAt: hoursAgo(hours) };
    expect(isToLook(judgedOf({ target, isLookWanted: true }), now)).toBe(looked);
    expect(isToLook(judgedOf({ target }), now)).toBe(false);
  });

  it("is begun in earnest at once: its evaluation is the look", () => {
    const target = { ...group, isShadowMode: false, lastEvaluatedAt: hoursAgo(6) };
    expect(isToAct(judgedOf({ target, isLookWanted: true }), now)).toBe(true);
  });
});

describe("an instance that is to be looked at", () => {
  const { lastEvaluatedAt: _never, ...never } = plain;
  const open = (change: Parameters<typeof judgedOf>[0]): Judged => {
    const { target, ...judged } = judgedOf({ ...change, isLookWanted: true });
    return { ...judged, target: { ...never, isShadowMode: target.isShadowMode } };
  };

  it("is not begun in earnest before", () => {
    expect(isToAct(open({ target: { isShadowMode: false } }), now)).toBe(false);
  });

  it.each([
    {
      name: "that would be switched for 23 hours",
      change: { actionSince: hoursAgo(23) },
      is: false,
    },
    {
      name: "that would be switched for 25 hours",
      change: { actionSince: hoursAgo(25) },
      is: true,
    },
    {
      name: "whose look has lapsed 23 hours ago",
      change: { actionSince: hoursAgo(100), lookedAt: hoursAgo(47) },
      is: false,
    },
    {
      name: "whose look has lapsed 25 hours ago",
      change: { actionSince: hoursAgo(100), lookedAt: hoursAgo(49) },
      is: true,
    },
  ])("$name is evaluated instead: $is", ({ change, is }) => {
    expect(isToLook(open(change), now)).toBe(is);
  });
});

describe("a run of verdicts", () => {
  const next = { ...judgedRun, count: 1, firstAt: hoursAgo(1), lastAt: hoursAgo(1) };

  it("goes on with one that is alike: the first stays, the last is the new one", () => {
    const { run, ended } = goOnWith(judgedRun, { ...next, sentence: "At another price." });
    expect(ended).toBeUndefined();
    expect(run).toEqual({
      ...judgedRun,
      count: judgedRun.count + 1,
      lastAt: next.lastAt,
      sentence: "At another price.",
    });
  });

  it("ends with one that is not, and says still since when something is to be done", () => {
    const other = { ...next, alike: "b".repeat(43), actionSince: hoursAgo(1) };
    expect(goOnWith(judgedRun, other)).toEqual({
      run: { ...other, actionSince: judgedRun.actionSince },
      ended: judgedRun,
    });
  });

  it("counts one of a clock that was set back, and keeps its times", () => {
    const earlier = {
      ...next,
      firstAt: "2020-01-01T00:00:00.000Z",
      lastAt: "2020-01-01T00:00:00.000Z",
    };
    expect(goOnWith(judgedRun, earlier).run).toEqual({ ...judgedRun, count: judgedRun.count + 1 });
  });
});

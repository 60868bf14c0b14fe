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

describe("a group that is to be looked at", () => {
  it("is not begun in earnest before, and is once it was", () => {
    const target = { ...group, isShadowMode: false, lastEvaluatedAt: hoursAgo(6) };
    expect(isToAct(judgedOf({ target, isLookWanted: true }), now)).toBe(false);
    expect(isToAct(judgedOf({ target }), now)).toBe(true);
  });

  it.each([
    { hours: 23, looked: false },
    { hours: 25, looked: true },
  ])("is evaluated where no sweep of a day could look: after $hours hours $looked", (change) => {
    const { hours, looked } = change;
    const target = { ...group, lastEvaluatedAt: hoursAgo(25) };
    const since = { actionSince: hoursAgo(hours) };
    expect(isToLook(judgedOf({ target, isLookWanted: true, ...since }), now)).toBe(looked);
    expect(isToLook(judgedOf({ target, ...since }), now)).toBe(false);
  });

  it("is so as well where it would stay, as far as the lists tell", () => {
    const target = { ...group, lastEvaluatedAt: hoursAgo(25) };
    const stays = judgedOf({ target, kind: "STAY", isLookWanted: true });
    expect(isToLook(stays, now)).toBe(true);
    expect(isToLook({ ...stays, lookedAt: hoursAgo(25) }, now)).toBe(false);
  });

  it("is not evaluated in shadow mode because it would fall back", () => {
    const judged = judgedOf({ target: group, isLookWanted: true, actionSince: hoursAgo(50) });
    const product = "Linux/UNIX";
    const offer = { region: "us-east-1", zoneId: "use1-az1", instanceType: "m5.large", product };
    const verdict: Verdict = { ...judged.verdict, kind: "FALLBACK_ON_DEMAND", offers: [offer] };
    expect(isToLook({ ...judged, verdict }, now)).toBe(false);
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

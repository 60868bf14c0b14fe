import { describe, expect, it } from "@jest/globals";
import { findOut } from "../../../../core/decide/switch/found-out.ts";
import type { Effect, EvaluationStatus } from "../../../../core/model/evaluation.ts";
import type { Intent, IntentWithCalls } from "../../../../core/model/intent.ts";

const at = (seconds: number): string =>
  new Date(Date.UTC(2026, 2, 1, 10, 0, seconds)).toISOString();

const effect = (seconds: number, change: Partial<Effect> = {}): Effect => ({
  action: "StopInstances",
  resource: "i-1",
  at: at(seconds),
  requestId: "unknown",
  outcome: "UNKNOWN",
  ...change,
});

const planned = (status: Intent["status"], ...effects: readonly Effect[]): IntentWithCalls => ({
  intent: {
    id: "stop-original",
    status,
    fence: 1,
    plannedAt: at(0),
    change: { kind: "STOP_INSTANCE", instanceId: "i-1" },
  },
  effects,
});

const told = (
  status: EvaluationStatus,
  intents: readonly IntentWithCalls[],
  alone: readonly Effect[] = [],
): readonly (string | undefined)[] =>
  findOut({ status, intents, alone }).map(({ found }) => found?.kind);

describe("a call whose answer is not known", () => {
  const done = effect(9, { outcome: "DONE", requestId: "r-2" });

  it.each([
    ["was made again and carried out", "RUNNING", planned("ACTED", effect(1), done), "REPEATED"],
    [
      "was found done when the switch was verified",
      "SWITCHED",
      planned("COMMITTED", effect(1)),
      "DONE",
    ],
    ["was found by its token", "RUNNING", planned("ACTED", effect(1)), "DONE"],
    ["was undone, whatever it did", "ROLLED_BACK", planned("UNDONE", effect(1)), "UNDONE"],
    ["is not known still", "RUNNING", planned("PLANNED", effect(1)), undefined],
    [
      "is not known where another call of its intent acted",
      "RUNNING",
      planned("ACTED", effect(1), effect(9, { action: "AttachVolume", outcome: "DONE" })),
      undefined,
    ],
    [
      "is not known where a person has adopted what serves",
      "ADOPTED",
      planned("SETTLED", effect(1)),
      undefined,
    ],
    [
      "is not known where it was only refused since",
      "NEEDS_OPERATOR",
      planned("PLANNED", effect(1), effect(9, { outcome: "REFUSED" })),
      undefined,
    ],
  ] as const)("%s", (_what, status, story, kind) => {
    expect(told(status, [story])[0]).toBe(kind);
  });

  it.each([
    ["a roll-back that came to its end", "ROLLED_BACK", planned("UNDONE"), "DONE"],
    ["a roll-back that did not", "NEEDS_OPERATOR", planned("ACTED"), undefined],
    ["the janitor, who found it done", "SWITCHED", planned("SETTLED"), "DONE"],
    ["an adoption, which looks at nothing", "ADOPTED", planned("SETTLED"), undefined],
    ["the janitor, who is still to look", "SWITCHED", planned("COMMITTED"), undefined],
  ] as const)("of %s", (_what, status, story, kind) => {
    expect(told(status, [story], [effect(5)])).toEqual([kind]);
  });

  it("that was not made again but earlier is not explained by that", () => {
    const earlier = effect(1, { outcome: "DONE" });
    expect(told("RUNNING", [planned("ACTED", earlier, effect(5))])).toEqual([undefined, undefined]);
  });

  it("says nothing of calls that were answered, and stands in its place in time", () => {
    const refused = effect(3, { outcome: "REFUSED" });
    const story = {
      status: "SWITCHED",
      intents: [planned("COMMITTED", effect(5), refused)],
      alone: [done],
    } as const;
    expect(findOut(story).map(({ at: when, found }) => [when, found?.kind])).toEqual([
      [at(3), undefined],
      [at(5), "REPEATED"],
      [at(9), undefined],
    ]);
  });
});

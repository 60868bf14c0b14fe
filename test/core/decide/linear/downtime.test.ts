import { describe, expect, it } from "@jest/globals";
import {
  downtimeSeconds,
  originalStoppedAt,
  type DowntimeInput,
} from "../../../../core/decide/linear/downtime.ts";
import type { Effect } from "../../../../core/model/evaluation.ts";
import type { Intent, RecordedCalls } from "../../../../core/model/intent.ts";

const at = (seconds: number): string =>
  new Date(Date.UTC(2026, 2, 1, 12, 0, seconds)).toISOString();

const effect = (action: string, seconds: number, outcome: Effect["outcome"] = "DONE"): Effect => ({
  action,
  resource: "i-1",
  at: at(seconds),
  requestId: "r",
  outcome,
});

const stop = (
  effects: readonly Effect[],
  change: Partial<Intent> = {},
): RecordedCalls["intents"] => [
  {
    intent: {
      id: "stop-original",
      status: "ACTED",
      fence: 1,
      plannedAt: at(0),
      actedAt: at(0),
      change: { kind: "STOP_INSTANCE", instanceId: "i-1" },
      ...change,
    },
    effects,
  },
];

const stopped = stop([effect("StopInstances", 0)]);
const { actedAt: _never, ...lost } = stop([])[0]?.intent ?? {};
const stopLost = (status: Intent["status"]): RecordedCalls["intents"] => [
  { intent: { ...(lost as Intent), status }, effects: [effect("StopInstances", 0, "UNKNOWN")] },
];

describe("when the original was stopped", () => {
  it.each([
    ["when the stop was asked for", stopped, [], at(0)],
    [
      "not when it was refused",
      stop([effect("StopInstances", 0, "REFUSED"), effect("StopInstances", 60)]),
      [],
      at(60),
    ],
    [
      "also where its answer was lost and it was carried out later",
      stop([effect("StopInstances", 0, "UNKNOWN"), effect("StopInstances", 60)]),
      [],
      at(0),
    ],
    [
      "where its answer was lost and it had to be started again",
      stopLost("UNDONE"),
      [effect("StartInstances", 30)],
      at(0),
    ],
    ["never, where the answer was lost and it ran on", stopLost("UNDONE"), [], undefined],
    ["also where the switch was made with it", stopLost("COMMITTED"), [], at(0)],
    ["never, where nobody asked", [], [], undefined],
    [
      "when the end of a Spot Instance with data was asked for",
      stop([effect("TerminateInstances", 7)], {
        change: { kind: "END_ORIGINAL", instanceId: "i-1" },
      }),
      [],
      at(7),
    ],
  ] as const)("%s", (_what, intents, alone, expected) => {
    expect(originalStoppedAt({ intents, alone })).toBe(expected);
  });
});

describe("downtime", () => {
  const seconds = (change: Partial<DowntimeInput>, alone: readonly Effect[] = []) =>
    downtimeSeconds({
      progress: {},
      isStateless: false,
      calls: { intents: stopped, alone },
      ...change,
    });
  const giveUp = [effect("TerminateInstances", 500)];

  it.each([
    ["lasts from the stop to the proof", { progress: { servingAt: at(200) } }, [], 200],
    [
      "lasts from when EC2 had ended it, where nobody asked",
      { progress: { servingAt: at(200), takenAt: at(40) }, calls: { intents: [], alone: [] } },
      [],
      160,
    ],
    [
      "lasts until the original serves again, not until all is tidied up",
      { progress: { restoredAt: at(80) } },
      [effect("StartInstances", 20), effect("DeregisterImage", 400)],
      80,
    ],
    [
      "is stated twice where a replacement that served was lost",
      { progress: { servingAt: at(200), replacementLostAt: at(450), restoredAt: at(530) } },
      [],
      280,
    ],
    [
      "begins anew when a replacement that serves is given up",
      { progress: { servingAt: at(200), restoredAt: at(530) } },
      giveUp,
      230,
    ],
    [
      "is one span where a roll-back took something before a person resumed and the replacement served",
      { progress: { servingAt: at(600) } },
      giveUp,
      600,
    ],
    [
      "ends where its owner stops the original that was started again",
      { progress: { ownersStop: { at: at(90), sentence: "His." } } },
      [effect("StartInstances", 20)],
      90,
    ],
    [
      "does not count where its owner had stopped it before",
      { progress: { ownersStop: { at: at(-30), sentence: "His." } } },
      [],
      undefined,
    ],
    ["is not stated while nobody serves", {}, [], undefined],
    [
      "is not stated when a replacement that served was lost and nobody serves",
      { progress: { servingAt: at(200), replacementLostAt: at(450) } },
      [],
      undefined,
    ],
    [
      "is nothing for a stateless load whose replacement serves",
      { isStateless: true, progress: { servingAt: at(0) } },
      [],
      undefined,
    ],
    [
      "of a stateless load lasts from the loss of its replacement",
      { isStateless: true, progress: { replacementLostAt: at(10), restoredAt: at(25) } },
      [],
      15,
    ],
    [
      "of a stateless load lasts from when its address is taken until the original serves",
      { isStateless: true, progress: { servingAt: at(5), restoredAt: at(60) } },
      [effect("AssociateAddress", 20)],
      40,
    ],
    [
      "is nothing where the original serves before the replacement is given up",
      { isStateless: true, progress: { servingAt: at(5), restoredAt: at(60) } },
      giveUp,
      undefined,
    ],
  ] as const)("%s", (_what, change, alone, expected) => {
    expect(seconds(change, alone)).toBe(expected);
  });
});

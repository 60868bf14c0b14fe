import { describe, expect, it } from "@jest/globals";
import { holdsStill } from "../../../../core/decide/fleet/kept-look.ts";
import { keptLook } from "../../../adapters/store/stored-items/samples.ts";

const { launchedAt, policyVersion, isShadowMode, triedAt } = keptLook;
const instance = { launchedAt, state: "running" as const };
const hoursLater = (hours: number): Date => new Date(Date.parse(triedAt) + hours * 3_600_000);
const question = { instance, policyVersion, isShadowMode, now: hoursLater(1) };

describe("what was found at an instance", () => {
  it.each([
    { name: "an hour later", change: {}, holds: true },
    { name: "after a day", change: { now: hoursLater(24) }, holds: false },
    { name: "by a clock two days ahead", change: { now: hoursLater(-48) }, holds: false },
    { name: "by a clock an hour ahead", change: { now: hoursLater(-1) }, holds: true },
    {
      name: "once it was started anew",
      change: { instance: { ...instance, launchedAt: "2026-03-04T00:00:00.000Z" } },
      holds: false,
    },
    {
      name: "once it is stopped",
      change: { instance: { ...instance, state: "stopped" as const } },
      holds: false,
    },
    { name: "under another policy", change: { policyVersion: "pol-1" }, holds: false },
    { name: "once shadow mode has ended", change: { isShadowMode: false }, holds: false },
  ])("$name holds: $holds", ({ change, holds }) => {
    expect(holdsStill(keptLook, { ...question, ...change })).toBe(holds);
  });
});

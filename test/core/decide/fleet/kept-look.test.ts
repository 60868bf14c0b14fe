import { describe, expect, it } from "@jest/globals";
import { holdsStill, settingsOf } from "../../../../core/decide/fleet/kept-look.ts";
import type { BulkGroup } from "../../../../core/model/place-reading.ts";
import { keptGroupLook, keptLook } from "../../../adapters/store/stored-items/samples.ts";
import { clusterTarget, plainGroup } from "../cluster/plain-group.ts";
import { asListedGroup, placeOf } from "./in-place.ts";

const { launchedAt, policyVersion, isShadowMode, triedAt } = keptLook;
const shown = { launchedAt, state: "running" as const };
const hoursLater = (hours: number): Date => new Date(Date.parse(triedAt) + hours * 3_600_000);
const question = { shown, policyVersion, isShadowMode, now: hoursLater(1) };

describe("what was found at an instance", () => {
  it.each([
    { name: "an hour later", change: {}, holds: true },
    { name: "after a day", change: { now: hoursLater(24) }, holds: false },
    { name: "by a clock two days ahead", change: { now: hoursLater(-48) }, holds: false },
    { name: "by a clock an hour ahead", change: { now: hoursLater(-1) }, holds: true },
    {
      name: "once it was started anew",
      change: { shown: { ...shown, launchedAt: "2026-03-04T00:00:00.000Z" } },
      holds: false,
    },
    {
      name: "once it is stopped",
      change: { shown: { ...shown, state: "stopped" as const } },
      holds: false,
    },
    { name: "under another policy", change: { policyVersion: "pol-1" }, holds: false },
    { name: "once shadow mode has ended", change: { isShadowMode: false }, holds: false },
  ])("$name holds: $holds", ({ change, holds }) => {
    expect(holdsStill(keptLook, { ...question, ...change })).toBe(holds);
  });
});

describe("what was found at a group", () => {
  const { settings } = keptGroupLook;
  const asked = { ...question, policyVersion: keptGroupLook.policyVersion };

  it("holds while it is set up as it was, and no longer than a day", () => {
    expect(holdsStill(keptGroupLook, { ...asked, shown: { settings } })).toBe(true);
    expect(holdsStill(keptGroupLook, { ...asked, shown: { settings: "other" } })).toBe(false);
    const late = { ...asked, shown: { settings }, now: hoursLater(24) };
    expect(holdsStill(keptGroupLook, late)).toBe(false);
    // Its target is another kind of target since.
    expect(holdsStill(keptGroupLook, asked)).toBe(false);
  });
});

describe("how a group is set up", () => {
  const listed = asListedGroup(plainGroup);
  const setUp = (
    change: Partial<BulkGroup> = {},
    of: Partial<typeof clusterTarget> = {},
  ): unknown => {
    const items = [{ ...listed, ...change }];
    return settingsOf(
      { ...placeOf(), groups: { kind: "READ", items } },
      { ...clusterTarget, ...of },
    );
  };

  it.each<[string, Partial<BulkGroup>]>([
    ["its members", { members: listed.members.slice(1) }],
    ["its sizes", { minSize: 0, maxSize: 99, desiredCapacity: 7 }],
    ["when it is to be scaled", { scheduledActions: [{ name: "night" }] }],
  ])("does not depend on %s", (...[, change]) => {
    expect(setUp(change)).toEqual(setUp());
  });

  it.each<[string, Partial<BulkGroup>]>([
    ["another group of its name", { arn: "arn:aws:autoscaling:::autoScalingGroup:other" }],
    ["a process that is suspended", { suspendedProcesses: [{ process: "Launch", reason: "" }] }],
    ["what sends it traffic", { trafficSources: ["arn:other"] }],
    ["its tags", { tags: { "spot-optimizer:enabled": "false" } }],
    ["its subnets", { subnetIds: [] }],
  ])("is another by %s", (...[, change]) => {
    expect(setUp(change)).not.toEqual(setUp());
  });

  it("is another after our own switch", () => {
    expect(setUp({}, { lastSwitchAt: triedAt })).not.toEqual(setUp());
  });

  it("is nothing where the lists do not show it", () => {
    const reading = { ...placeOf(), groups: { kind: "READ" as const, items: [] } };
    expect(settingsOf(reading, clusterTarget)).toEqual({});
  });
});

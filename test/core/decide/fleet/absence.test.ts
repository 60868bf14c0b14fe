import { describe, expect, it } from "@jest/globals";
import {
  goneAs,
  isToAskFor,
  isToRetire,
  noteSight,
  sightOf,
  type Sight,
} from "../../../../core/decide/fleet/absence.ts";
import type { Absence } from "../../../../core/model/absence.ts";
import { targetSchema, type Target } from "../../../../core/model/target.ts";
import { linearTarget, plainInstance } from "../linear/eligible-facts.ts";
import { placeOf } from "./in-place.ts";

const beganMs = Date.parse("2026-03-01T12:00:00.000Z");
const minuteMs = 60_000;

/** Readings at so many minutes after the first one's clock. */
const after = (
  minutes: readonly number[],
  sight: Sight = "NOT_SHOWN",
  target: Target = linearTarget,
): Absence | undefined =>
  minutes.reduce<Absence | undefined>((stored, minute) => {
    const readAt = new Date(beganMs + minute * minuteMs).toISOString();
    return noteSight(stored, target, { sight, readAt });
  }, undefined);

const isDueAfter = (...minutes: readonly number[]): boolean => {
  const absence = after(minutes);
  return absence !== undefined && isToAskFor(absence);
};

describe("what readings do not show", () => {
  it("is asked for after four complete readings over at least an hour, and not before", () => {
    expect(isDueAfter(0, 15, 30, 45)).toBe(false);
    expect(isDueAfter(0, 15, 30, 45, 60)).toBe(true);
    expect(isDueAfter(0, 20, 40)).toBe(false);
    expect(isDueAfter(0, 20, 40, 60)).toBe(true);
    expect(isDueAfter(0, 1, 2, 3, 4, 5)).toBe(false);
  });

  it("is not gone the sooner for a clock that was set back by an hour, and set right again", () => {
    // Four readings within three quarters of an hour, whatever their clock says.
    expect(isDueAfter(0, -45, -30, -15)).toBe(false);
    expect(isDueAfter(-60, 15, 30, 45)).toBe(false);
    expect(isDueAfter(0, 15, -30, 45)).toBe(false);
    // And in the end it is: five quarters of an hour.
    expect(isDueAfter(0, -45, -30, -15, 0, 15, 30)).toBe(true);
  });

  it("is not gone because no sweep ran for a day", () => {
    expect(isDueAfter(0, 24 * 60, 24 * 60 + 1, 24 * 60 + 2)).toBe(false);
  });

  it("begins anew once a reading shows it, and counts nothing of one that was cut short", () => {
    const counted = after([0, 15, 30]);
    const readAt = new Date(beganMs + 45 * minuteMs).toISOString();
    expect(noteSight(counted, linearTarget, { sight: "SHOWN", readAt })).toBeUndefined();
    expect(noteSight(counted, linearTarget, { sight: "UNKNOWN", readAt })).toBe(counted);
  });

  it("begins anew where the target has moved on to another instance", () => {
    const counted = after([0, 15, 30]);
    const moved = { ...linearTarget, instanceId: plainInstance.instanceId.replace(/.$/, "9") };
    const readAt = new Date(beganMs + 45 * minuteMs).toISOString();
    const target = targetSchema().parse(moved);
    expect(noteSight(counted, target, { sight: "NOT_SHOWN", readAt })).toMatchObject({
      readings: 1,
      unseenSeconds: 0,
      subject: moved.instanceId,
    });
  });

  it("is retired after a day of readings from the pause on", () => {
    const day = Array.from({ length: 24 * 4 + 1 }, (_, quarter) => quarter * 15);
    const goneSince = (minutes: readonly number[]): boolean => {
      const [first = 0, ...others] = minutes;
      let absence = after([first]);
      if (absence === undefined) throw new Error("Nothing is counted.");
      absence = goneAs(absence, "TERMINATED");
      for (const minute of others) {
        const readAt = new Date(beganMs + minute * minuteMs).toISOString();
        const noted = noteSight(absence, linearTarget, { sight: "NOT_SHOWN", readAt });
        if (noted === undefined) throw new Error("The pause was forgotten.");
        absence = noted;
      }
      return isToRetire(absence);
    };
    expect(goneSince(day)).toBe(true);
    expect(goneSince(day.slice(0, -1))).toBe(false);
    // One reading of a clock that is a day ahead.
    expect(goneSince([0, 24 * 60])).toBe(false);
  });
});

describe("what a reading says of an instance", () => {
  const shown = (change: Partial<typeof plainInstance>): Sight =>
    sightOf(placeOf({ ...plainInstance, ...change }), linearTarget);

  it("is that it ends only once EC2 shows it as terminated", () => {
    expect(shown({})).toBe("SHOWN");
    expect(shown({ state: "stopped" })).toBe("SHOWN");
    expect(shown({ state: "shutting-down" })).toBe("SHOWN");
    expect(shown({ state: "terminated" })).toBe("TERMINATED");
    expect(sightOf(placeOf(), linearTarget)).toBe("NOT_SHOWN");
  });

  it("is that it is there where its description can't be understood", () => {
    const failure = { error: "BrokenFacts", cause: "EC2 left out its type." };
    const unreadable = [{ id: linearTarget.instanceId, failure }];
    expect(sightOf({ ...placeOf(), unreadable }, linearTarget)).toBe("SHOWN");
  });
});

describe("what a reading says of a group", () => {
  const { instanceId: _of, ...common } = linearTarget;
  const group = targetSchema().parse({
    ...common,
    instanceId: linearTarget.instanceId,
    pipelineMode: "CLUSTER",
    group: { asgName: "web-blue" },
  });

  it("is nothing where the groups were not read to their end, or not asked for", () => {
    const failure = { error: "RetryableThrottled", cause: "Rate exceeded" };
    const failed = { ...placeOf(), groups: { kind: "FAILED" as const, failure } };
    expect(sightOf(failed, group)).toBe("UNKNOWN");
    expect(sightOf({ ...placeOf(), groups: { kind: "NOT_ASKED" } }, group)).toBe("UNKNOWN");
    expect(sightOf({ ...placeOf(), groups: { kind: "READ", items: [] } }, group)).toBe("NOT_SHOWN");
  });
});

import { describe, expect, it } from "@jest/globals";
import { capOf, leftOfCap, mayStopNow, withStop } from "../../../core/enforce/cap.ts";
import { isGraceOver, warningOf } from "../../../core/enforce/grace.ts";
import type { EnforcerPlace } from "../../../core/model/enforcer.ts";
import {
  atHour,
  idOf,
  many,
  nothingKnown,
  owned,
  place,
  readAt,
  told,
  unowned,
  type World,
} from "./samples.ts";

/** One of fifty; hourly from `from` to `to`. */
const hourly = (world: World, from: number, to: number): World => {
  let next = world;
  for (let hour = from; hour <= to; hour += 1) {
    next = told(readAt(next, hour, [unowned(), ...many(50, owned, 2)]), hour);
  }
  return next;
};

const isOver = ({ rows }: World, hours: number): boolean =>
  rows.every((row) => isGraceOver(row, atHour(hours)));

describe("grace", () => {
  it("is over after a day and twenty readings, and not before", () => {
    const day = hourly(nothingKnown, 0, 24);
    expect(isOver(day, 24)).toBe(false);
    expect(isOver(hourly(day, 25, 25), 25)).toBe(true);
  });

  it("is not over for a scanner that was down from hour 2 to 23: at hour 24 nobody is stopped", () => {
    const begun = hourly(nothingKnown, 0, 2);
    const back = hourly(begun, 24, 25);
    expect(back.rows[0]?.readings).toBe(5);
    expect(isOver(back, 25)).toBe(false);
    expect(isOver(hourly(back, 26, 39), 39)).toBe(false);
    expect(isOver(hourly(back, 26, 40), 40)).toBe(true);
  });

  it("is not over where the last two readings are not in a row", () => {
    const day = hourly(nothingKnown, 0, 25);
    const later = hourly(day, 28, 28);
    expect(isOver(later, 28)).toBe(false);
    expect(isOver(hourly(later, 29, 29), 29)).toBe(true);
  });

  it("is not over by an old reading: who is due must have been seen so just now", () => {
    const day = hourly(nothingKnown, 0, 25);
    expect(isOver(day, 27)).toBe(false);
  });

  it("runs since the owner was told: what was flagged long ago is not stopped a day later than its notice", () => {
    let world = nothingKnown;
    for (let hour = 0; hour <= 30; hour += 1) world = readAt(world, hour, [unowned()]);
    const late = told(world, 30);
    expect(isOver(late, 31)).toBe(false);
    expect(isOver(hourly(late, 31, 54), 54)).toBe(false);
    expect(isOver(hourly(late, 31, 55), 55)).toBe(true);
  });

  it("is not shortened by a clock ten minutes off, ahead or behind", () => {
    // Flagged and told by a clock that is behind, judged by one that is right.
    const behind = told(readAt(nothingKnown, -1 / 6, [unowned()]), -1 / 6);
    const day = hourly(behind, 1, 24);
    expect(isOver(day, 24 - 1 / 60)).toBe(false);
    // And by one that goes back and forth a reading is counted once an hour.
    const ahead = readAt(day, 24 + 1 / 6, [unowned()]);
    expect(readAt(ahead, 24, [unowned()]).rows).toEqual(ahead.rows);
  });

  it("counts two readings of one hour once, as two runs at once make them", () => {
    const first = readAt(nothingKnown, 0, [unowned()]);
    const second = readAt(readAt(first, 0, [unowned()]), 0.5, [unowned()]);
    expect(second.rows[0]?.readings).toBe(1);
  });
});

describe("the last notice", () => {
  const warned = (hours: number) => ({
    ...(hourly(nothingKnown, 0, 0).rows[0] as NonNullable<World["rows"][number]>),
    warning: { at: atHour(hours).toISOString(), messageId: "m-2" },
  });

  it("comes an hour before the stop, by whichever clock, and is sent anew where the stop was held up", () => {
    expect(warningOf(warned(0), atHour(1))).toBe("RUNS");
    expect(warningOf(warned(0), atHour(1.2))).toBe("OVER");
    expect(warningOf(warned(0), atHour(6))).toBe("NONE");
    const [none] = hourly(nothingKnown, 0, 0).rows;
    expect(none && warningOf(none, atHour(0))).toBe("NONE");
  });
});

describe("the cap of a day", () => {
  const standing: EnforcerPlace = {
    ...place,
    dueAt: atHour(1).toISOString(),
    running: 200,
    stops: [],
  };

  it.each([
    [0, 0],
    [30, 0],
    [49, 0],
    [50, 1],
    [149, 2],
    [249, 4],
    [250, 5],
    [10_000, 5],
  ])("of %i running instances is %i", (running, cap) => {
    expect(capOf(running)).toBe(cap);
  });

  it("is of any 24 hours, and 0 where nothing was read", () => {
    const used = withStop(
      standing,
      { instanceId: idOf(1), at: atHour(0).toISOString() },
      atHour(0),
    );
    expect(leftOfCap(used, atHour(23.9))).toBe(3);
    expect(leftOfCap(used, atHour(24))).toBe(4);
    const { running: _unread, ...unread } = standing;
    expect(leftOfCap(unread, atHour(0))).toBe(0);
  });

  it("is used up at least thirty seconds apart", () => {
    const used = withStop(
      standing,
      { instanceId: idOf(1), at: atHour(0).toISOString() },
      atHour(0),
    );
    expect(mayStopNow(used, new Date(atHour(0).getTime() + 29_000))).toBe(false);
    expect(mayStopNow(used, new Date(atHour(0).getTime() + 30_000))).toBe(true);
  });
});

import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { standingOfWindows } from "../../../../core/decide/switch/maintenance.ts";

const berlin = "Sun 02:00-04:00 Europe/Berlin";

describe("a window", () => {
  it("that is not set is open at any time", () => {
    expect(standingOfWindows([], "2026-03-01T00:00:00.000Z")).toEqual({ kind: "ANY_TIME" });
  });

  it.each([
    { when: "at its first minute", at: "2026-03-01T01:00:00Z", until: "2026-03-01T03:00:00.000Z" },
    { when: "in its last", at: "2026-03-01T02:59:59Z", until: "2026-03-01T03:00:00.000Z" },
    { when: "in summer time", at: "2026-07-05T00:00:00Z", until: "2026-07-05T02:00:00.000Z" },
    {
      when: "in the night that is an hour shorter",
      at: "2026-03-29T01:00:00Z",
      until: "2026-03-29T02:00:00.000Z",
    },
    {
      when: "in the night that is an hour longer",
      at: "2026-10-25T02:30:00Z",
      until: "2026-10-25T03:00:00.000Z",
    },
  ])("is open $when", ({ at, until }) => {
    expect(standingOfWindows([berlin], at)).toEqual({ kind: "OPEN", closesAt: until });
  });

  it.each([
    { when: "before", at: "2026-03-01T00:59:59Z", opensAt: "2026-03-01T01:00:00.000Z" },
    { when: "at its end", at: "2026-03-01T03:00:00Z", opensAt: "2026-03-08T01:00:00.000Z" },
    {
      when: "before the clocks change",
      at: "2026-03-26T12:00:00Z",
      opensAt: "2026-03-29T01:00:00.000Z",
    },
  ])("is closed $when, and says when it opens", ({ at, opensAt }) => {
    expect(standingOfWindows([berlin], at)).toEqual({ kind: "CLOSED", window: berlin, opensAt });
  });

  it("whose hour the clocks leave out opens a week later", () => {
    const window = "Sun 02:00-03:00 Europe/Berlin";
    expect(standingOfWindows([window], "2026-03-23T00:00:00Z")).toEqual({
      kind: "CLOSED",
      window,
      opensAt: "2026-04-05T00:00:00.000Z",
    });
  });

  it("across midnight belongs to the day on which it opens", () => {
    const window = "Fri 22:00-02:00 UTC";
    expect(standingOfWindows([window], "2026-03-07T01:00:00Z").kind).toBe("OPEN");
    expect(standingOfWindows([window], "2026-03-06T01:00:00Z").kind).toBe("CLOSED");
  });

  it("is the next of several", () => {
    const windows = [berlin, "Wed 10:00-12:00 UTC"];
    expect(standingOfWindows(windows, "2026-03-02T00:00:00Z")).toMatchObject({
      window: "Wed 10:00-12:00 UTC",
      opensAt: "2026-03-04T10:00:00.000Z",
    });
  });

  it("is open when it said that it would be", () => {
    const zones = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"];
    fc.assert(
      fc.property(
        fc.date({
          min: new Date("2026-01-01"),
          max: new Date("2027-01-01"),
          noInvalidDate: true,
        }),
        fc.constantFrom(...zones),
        fc.nat(23),
        (at, zone, hour) => {
          const from = String(hour).padStart(2, "0");
          const until = String((hour + 2) % 24).padStart(2, "0");
          const windows = [`Sun,Wed ${from}:00-${until}:00 ${zone}`];
          const now = standingOfWindows(windows, at.toISOString());
          const then = now.kind === "CLOSED" ? now.opensAt : at.toISOString();
          const atOpening = standingOfWindows(windows, then);
          expect(atOpening.kind).toBe("OPEN");
        },
      ),
    );
  });
});

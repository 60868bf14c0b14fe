import { describe, expect, it } from "@jest/globals";
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
    expect(standingOfWindows([berlin], at)).toEqual({
      kind: "CLOSED",
      next: { window: berlin, opensAt },
    });
  });

  it("whose hour the clocks leave out opens a week later", () => {
    const window = "Sun 02:00-03:00 Europe/Berlin";
    expect(standingOfWindows([window], "2026-03-23T00:00:00Z")).toEqual({
      kind: "CLOSED",
      next: { window, opensAt: "2026-04-05T00:00:00.000Z" },
    });
  });

  it("across midnight belongs to the day on which it opens", () => {
    const window = "Fri 22:00-02:00 UTC";
    expect(standingOfWindows([window], "2026-03-07T01:00:00Z").kind).toBe("OPEN");
    expect(standingOfWindows([window], "2026-03-06T01:00:00Z").kind).toBe("CLOSED");
  });

  it("is the next of several", () => {
    const windows = [berlin, "Wed 10:00-12:00 UTC"];
    expect(standingOfWindows(windows, "2026-03-02T00:00:00Z")).toEqual({
      kind: "CLOSED",
      next: { window: "Wed 10:00-12:00 UTC", opensAt: "2026-03-04T10:00:00.000Z" },
    });
  });

  it.each([
    { zone: "Europe/Berlin", on: "2026-03-29", opens: "01:00", closes: "02:30" },
    { zone: "America/New_York", on: "2026-03-08", opens: "07:00", closes: "08:30" },
  ])("of $zone whose first half hour the clocks leave out opens behind it", (one) => {
    const window = `Sun 02:30-04:30 ${one.zone}`;
    const [opensAt, closesAt] = [one.opens, one.closes].map((time) => `${one.on}T${time}:00.000Z`);
    expect(standingOfWindows([window], `${one.on}T00:30:00Z`)).toEqual({
      kind: "CLOSED",
      next: { window, opensAt },
    });
    expect(standingOfWindows([window], opensAt ?? "")).toEqual({ kind: "OPEN", closesAt });
  });

  it.each([
    { zone: "Europe/Berlin", opensAt: "2026-10-25T00:30:00.000Z", until: "2026-10-25T03:00" },
    { zone: "America/New_York", opensAt: "2026-11-01T05:30:00.000Z", until: "2026-11-01T08:00" },
  ])("of $zone whose hour comes twice opens at the first", ({ zone, opensAt, until }) => {
    const window = `Sun ${zone === "Europe/Berlin" ? "02:30-04:00" : "01:30-03:00"} ${zone}`;
    const before = new Date(Date.parse(opensAt) - 60_000).toISOString();
    expect(standingOfWindows([window], before)).toEqual({
      kind: "CLOSED",
      next: { window, opensAt },
    });
    const closesAt = `${until}:00.000Z`;
    expect(standingOfWindows([window], opensAt)).toEqual({ kind: "OPEN", closesAt });
  });
});

describe("a window by a cron expression", () => {
  const sunday = { cron: "30 2 ? * SUN *", duration: "2h", timezone: "Europe/Berlin" };
  const name = "30 2 ? * SUN * for 2h Europe/Berlin";

  it("is open for its duration", () => {
    expect(standingOfWindows([sunday], "2026-03-01T01:29:59Z")).toEqual({
      kind: "CLOSED",
      next: { window: name, opensAt: "2026-03-01T01:30:00.000Z" },
    });
    for (const at of ["2026-03-01T01:30:00Z", "2026-03-01T03:29:59Z"]) {
      expect(standingOfWindows([sunday], at)).toEqual({
        kind: "OPEN",
        closesAt: "2026-03-01T03:30:00.000Z",
      });
    }
    expect(standingOfWindows([sunday], "2026-03-01T03:30:00Z").kind).toBe("CLOSED");
  });

  it("is passed over in the night in which the clocks leave its opening out", () => {
    expect(standingOfWindows([sunday], "2026-03-28T12:00:00Z")).toEqual({
      kind: "CLOSED",
      next: { window: name, opensAt: "2026-04-05T00:30:00.000Z" },
    });
  });

  it("opens once in the night in which its opening comes twice, at the first, for as long as ever", () => {
    expect(standingOfWindows([sunday], "2026-10-25T00:30:00Z")).toEqual({
      kind: "OPEN",
      closesAt: "2026-10-25T02:30:00.000Z",
    });
    expect(standingOfWindows([sunday], "2026-10-25T02:30:00Z").kind).toBe("CLOSED");
  });

  it("is as long in a night that is an hour shorter", () => {
    const saturday = { ...sunday, cron: "0 23 ? * SAT *", duration: "5h" };
    expect(standingOfWindows([saturday], "2026-03-29T02:59:00Z")).toEqual({
      kind: "OPEN",
      closesAt: "2026-03-29T03:00:00.000Z",
    });
  });

  it("stays open while it opens again and again", () => {
    const often = { cron: "*/10 * * * *", duration: "168h", timezone: "UTC" };
    expect(standingOfWindows([often], "2026-03-01T01:29:00Z")).toEqual({
      kind: "OPEN",
      closesAt: "2026-03-08T01:20:00.000Z",
    });
  });

  it("may be years away", () => {
    const leap = { cron: "0 0 29 FEB ? *", duration: "1h", timezone: "UTC" };
    expect(standingOfWindows([leap], "2096-03-01T00:00:00Z")).toMatchObject({
      next: { opensAt: "2104-02-29T00:00:00.000Z" },
    });
  });

  it("whose years are over says no next opening, and is open until the last one closes", () => {
    const over = { cron: "0 2 1 1 ? 2026", duration: "2h", timezone: "UTC" };
    expect(standingOfWindows([over], "2026-01-01T03:59:59Z").kind).toBe("OPEN");
    expect(standingOfWindows([over], "2026-01-01T04:00:00Z")).toEqual({ kind: "CLOSED" });
  });

  it("stands beside weekly ones", () => {
    expect(standingOfWindows([berlin, sunday], "2026-03-01T02:00:00Z")).toEqual({
      kind: "OPEN",
      closesAt: "2026-03-01T03:30:00.000Z",
    });
  });
});

import { describe, expect, it } from "@jest/globals";
import { readCron } from "../../../core/model/cron.ts";
import {
  maintenanceWindowSchema,
  nameOfWindow,
  parseMaintenanceWindow,
} from "../../../core/model/maintenance-window.ts";
import { policyOverridesSchema } from "../../../core/policy/policy.ts";

const sunday = { cron: "0 2 ? * SUN *", duration: "2h", timezone: "Europe/Berlin" };

/** What is said of each form of a window that does not fit, with the field. */
const saidOf = (window: unknown): readonly string[] => {
  const issues = maintenanceWindowSchema().safeParse(window).error?.issues ?? [];
  return issues
    .flatMap((issue) => (issue.code === "invalid_union" ? issue.errors.flat() : [issue]))
    .filter(({ code }) => code !== "invalid_type")
    .map(({ path, message }) => `${path.join(".")}: ${message}`);
};

describe("a maintenance window is read", () => {
  it.each([
    { duration: "2h", minutes: 120 },
    { duration: "60m", minutes: 60 },
    { duration: "1h30m", minutes: 90 },
    { duration: "168h", minutes: 10_080 },
  ])("a cron expression with a duration of $duration", ({ duration, minutes }) => {
    const window = { ...sunday, duration };
    expect(maintenanceWindowSchema().parse(window)).toEqual(window);
    expect(parseMaintenanceWindow(window)).toEqual({
      kind: "CRON",
      opens: readCron(sunday.cron),
      durationMinutes: minutes,
      timeZone: "Europe/Berlin",
    });
  });

  it.each([
    { text: "Sun 02:00-04:00 Europe/Berlin", days: [0], from: 120, until: 240 },
    { text: "Mon-Fri 22:00-02:00 UTC", days: [1, 2, 3, 4, 5], from: 1320, until: 120 },
    { text: "Sat-Mon 01:00-05:00 UTC", days: [0, 1, 6], from: 60, until: 300 },
    { text: "Wed,Sat,Sun 01:30-05:00 America/New_York", days: [0, 3, 6], from: 90, until: 300 },
    { text: "daily 00:00-00:00 UTC", days: [0, 1, 2, 3, 4, 5, 6], from: 0, until: 0 },
  ])("$text", ({ text, days, from, until }) => {
    expect(maintenanceWindowSchema().safeParse(text).success).toBe(true);
    expect(parseMaintenanceWindow(text)).toMatchObject({
      days,
      fromMinute: from,
      untilMinute: until,
    });
  });
});

describe("a maintenance window is refused, and told why", () => {
  it.each([
    { text: "", says: "must be a window such as" },
    { text: "Sunday 02:00-04:00 UTC", says: "must be a window such as" },
    { text: "Son 02:00-04:00 UTC", says: "must be a window such as" },
    { text: "Mon-Wed-Fri 02:00-04:00 UTC", says: "must be a window such as" },
    { text: "Sun 24:00-04:00 UTC", says: "must be a window such as" },
    { text: "Sun 02:60-04:00 UTC", says: "must be a window such as" },
    { text: "Sun 02:00-04:00", says: "must be a window such as" },
    { text: "Sun 02:00-04:00 Europe/Bonn", says: "must name a time zone" },
    { text: "Sun 02:00-02:30 UTC", says: "must be at least 60 minutes long" },
  ])("$text", ({ text, says }) => {
    expect(saidOf(text)).toEqual([expect.stringContaining(says)]);
    expect(() => parseMaintenanceWindow(text)).toThrow(TypeError);
  });

  it.each([
    { change: { cron: "0 2 ? * 8 *" }, says: "cron: must have as day-of-week 1 to 7" },
    { change: { duration: "two hours" }, says: "duration: must be a duration such as 2h" },
    { change: { duration: "" }, says: "duration: must be a duration such as 2h" },
    { change: { duration: "-2h" }, says: "duration: must be a duration such as 2h" },
    { change: { duration: "59m" }, says: "duration: must be at least 60 minutes long" },
    { change: { duration: "168h1m" }, says: "duration: must be at most 168h long" },
    { change: { timezone: "Europe/Bonn" }, says: "timezone: must name a time zone" },
  ])("$says", ({ change, says }) => {
    const window = { ...sunday, ...change };
    expect(saidOf(window)).toEqual([expect.stringContaining(says)]);
  });

  it("where a part is missing, and where a field is unknown", () => {
    const { timezone: _timezone, ...withoutZone } = sunday;
    expect(maintenanceWindowSchema().safeParse(withoutZone).success).toBe(false);
    expect(maintenanceWindowSchema().safeParse({ ...sunday, from: "02:00" }).success).toBe(false);
  });
});

it("a window by a cron expression is named by its parts", () => {
  expect(nameOfWindow(sunday)).toBe("0 2 ? * SUN * for 2h Europe/Berlin");
  expect(nameOfWindow("daily 00:00-00:00 UTC")).toBe("daily 00:00-00:00 UTC");
});

it("overrides that were stored before cron expressions were known are read as ever", () => {
  const stored = { maintenanceWindows: ["Sun 02:00-04:00 Europe/Berlin"] };
  expect(policyOverridesSchema().parse(stored)).toEqual(stored);
  const both = { maintenanceWindows: [...stored.maintenanceWindows, sunday] };
  expect(policyOverridesSchema().parse(both)).toEqual(both);
});

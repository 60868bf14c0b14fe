import { describe, expect, it } from "@jest/globals";
import {
  maintenanceWindowSchema,
  parseMaintenanceWindow,
} from "../../../core/model/maintenance-window.ts";

describe("a maintenance window is read", () => {
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
    const parsed = maintenanceWindowSchema().safeParse(text);
    expect(parsed.error?.issues.map(({ message }) => message)).toEqual([
      expect.stringContaining(says),
    ]);
    expect(() => parseMaintenanceWindow(text)).toThrow(TypeError);
  });
});

/** When a scheduled action of a group comes next, within a short time. Source: EC2 Auto Scaling user guide, "Recurring schedules": five fields, and an IANA time zone. */
import { readCron, type Cron } from "../../../model/cron.ts";
import { datesIn } from "../../../model/cron-days.ts";
import { wallClock } from "../wall-clock.ts";

const minuteMs = 60_000;

const matches = (cron: Cron, wall: Date): boolean => {
  const [year, month] = [wall.getUTCFullYear(), wall.getUTCMonth() + 1];
  return (
    cron.minutesOfDay.includes(wall.getUTCHours() * 60 + wall.getUTCMinutes()) &&
    cron.months.includes(month) &&
    datesIn(cron.days, year, month).includes(wall.getUTCDate())
  );
};

export type NextRun =
  { readonly kind: "AT"; readonly at: string } | { readonly kind: "NONE" | "UNREADABLE" };

/** The first time within the span, both ends included. `UNREADABLE`: nobody knows. */
export const nextRun = (
  { recurrence, timeZone = "UTC" }: { readonly recurrence: string; readonly timeZone?: string },
  { from, until }: { readonly from: string; readonly until: string },
): NextRun => {
  const cron = recurrence.trim().split(/\s+/).length === 5 ? readCron(recurrence) : "";
  if (typeof cron === "string") return { kind: "UNREADABLE" };
  const end = Date.parse(until);
  for (let at = Math.ceil(Date.parse(from) / minuteMs) * minuteMs; at <= end; at += minuteMs) {
    if (matches(cron, new Date(wallClock(timeZone, at)))) {
      return { kind: "AT", at: new Date(at).toISOString() };
    }
  }
  return { kind: "NONE" };
};

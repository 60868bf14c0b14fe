/** What EventBridge's schedules run on AWS, on the laptop's clock: at the same times of the world, whenever the process was started. */
import { allSchedules } from "../../lambdas/access/plain-schedules.ts";
import type { Clock } from "../cloud/clock.ts";
import type { LocalFunctions } from "./functions.ts";

const minuteMs = 60_000;

const everyMinutes: readonly (readonly [name: string, minutes: number])[] = [
  ["schedule-sweep", 15],
  ["schedule-janitor", 5],
  ["interruption-open-bus", 5],
  ...allSchedules.map((schedule) => [schedule.name, schedule.everyMinutes] as const),
];

/** What was due while nobody ran the world is not made good: its time has rested. */
export const runSchedules = (
  clock: Clock,
  { invoke }: Pick<LocalFunctions, "invoke">,
  beganMs: number,
): void => {
  for (const [name, minutes] of everyMinutes) {
    const everyMs = minutes * minuteMs;
    const next = (): void => {
      const turns = Math.floor((clock.now() - beganMs) / everyMs) + 1;
      clock.schedule(beganMs + turns * everyMs, async () => {
        next();
        await invoke(name, {});
      });
    };
    next();
  }
};

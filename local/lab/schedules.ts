/** Days in the laboratory: sweep and janitor come by their schedules, owner and operator at the hours that they are given. */
import type { FunctionName } from "../../lambdas/access/functions.ts";
import type { LabAccount } from "./account.ts";

const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** As deployed. */
const schedules = [
  ["schedule-sweep", 15 * minuteMs],
  ["schedule-janitor", 5 * minuteMs],
] as const satisfies readonly (readonly [FunctionName, number])[];

/** The same, for who looks at what it finds. */
const findsUnclaimed = ["schedule-find-unclaimed", 15 * minuteMs] as const;

export interface Schedules {
  /** Errors of runs that failed: nobody else sees them. */
  readonly failures: readonly unknown[];
  /** Nobody comes from now on. */
  stop(): void;
}

export interface ScheduleOptions {
  /** Who comes. Default: both, sweep and janitor. */
  readonly who?: readonly FunctionName[];
  /** The list of unclaimed things is read too: this is told what the function answered, each time. */
  readonly onUnclaimed?: (answer: unknown) => Promise<void>;
}

/** From now on sweep and janitor come while the clock is run. */
export const keepSchedules = (
  { clock, platform }: LabAccount,
  { onUnclaimed, who }: ScheduleOptions = {},
): Schedules => {
  const failures: unknown[] = [];
  const cancels = new Map<FunctionName, () => void>();
  const come = (name: FunctionName, everyMs: number): void => {
    cancels.set(
      name,
      clock.schedule(clock.now() + everyMs, async () => {
        come(name, everyMs);
        try {
          const answer = await platform.functions.invoke(name, {});
          if (name === "schedule-find-unclaimed") await onUnclaimed?.(answer);
        } catch (error) {
          failures.push(error);
        }
      }),
    );
  };
  for (const [name, everyMs] of schedules) {
    if (who?.includes(name) !== false) come(name, everyMs);
  }
  if (onUnclaimed !== undefined) come(...findsUnclaimed);
  const { events } = platform;
  const earlier = events.failures.length;
  return {
    get failures() {
      return [...failures, ...events.failures.slice(earlier)];
    },
    stop: () => {
      for (const cancel of cancels.values()) cancel();
    },
  };
};

/** Somebody does something so many hours from now. */
export const atHour = (
  { clock }: LabAccount,
  hours: number,
  act: () => void | Promise<void>,
): void => {
  clock.schedule(clock.now() + hours * hourMs, act);
};

export const passDays = ({ clock }: LabAccount, days: number): Promise<void> =>
  clock.run({ atMostMs: clock.now() + days * dayMs });

/**
 * What will happen by itself in the simulated EC2: a queue in order of time. It is run by the clock, and before
 * each call (`settle`), so that time that passed inside a call (`Clock.elapse`) counts as well. A job is told the
 * time at which it was due, not the time at which it is run.
 */
import type { Clock } from "../clock.ts";

export interface Timeline {
  at(atMs: number, job: (atMs: number) => void): void;
  settle(): void;
}

interface Entry {
  readonly atMs: number;
  readonly job: (atMs: number) => void;
}

export const createTimeline = (clock: Clock): Timeline => {
  const entries: Entry[] = [];
  const settle = (): void => {
    for (;;) {
      const [next] = entries;
      if (next === undefined || next.atMs > clock.now()) return;
      entries.shift();
      next.job(next.atMs);
    }
  };
  return {
    at: (atMs, job) => {
      const position = entries.findIndex((entry) => entry.atMs > atMs);
      entries.splice(position === -1 ? entries.length : position, 0, { atMs, job });
      clock.schedule(atMs, settle);
    },
    settle,
  };
};

/**
 * What will happen by itself in the simulated EC2: a queue in order of time. It is run by the clock, and before
 * each call (`settle`), so that what is due at the very time of a call has happened. A job is told the
 * time at which it was due, not the time at which it is run.
 */
import type { Clock } from "../clock.ts";
import { EventQueue } from "../event-queue.ts";

export interface Timeline {
  at(atMs: number, job: (atMs: number) => void): void;
  settle(): void;
}

/** @param happened called after each job, with the time at which it was due */
export const createTimeline = (clock: Clock, happened?: (atMs: number) => void): Timeline => {
  const entries = new EventQueue<(atMs: number) => void>();
  const settle = (): void => {
    for (;;) {
      const next = entries.peek();
      if (next === undefined || next.atMs > clock.now()) return;
      entries.take();
      next.event(next.atMs);
      happened?.(next.atMs);
    }
  };
  return {
    at: (wantedMs, job) => {
      const atMs = clock.dueAt(wantedMs);
      entries.add(atMs, job);
      clock.schedule(atMs, settle);
    },
    settle,
  };
};

/** What time it is for the cluster: that of the job which is run, else the clock's. And the work queues of its controllers. */
import type { Clock } from "../clock.ts";
import { createTimeline } from "../ec2/timeline.ts";

export interface KubeTime {
  /** Milliseconds since the epoch. */
  now(): number;
  after(milliseconds: number, job: () => void): void;
  settle(): void;
}

export const createTime = (clock: Clock): KubeTime => {
  const timeline = createTimeline(clock);
  let dueMs: number | undefined;
  const now = (): number => dueMs ?? clock.now();
  return {
    now,
    after: (milliseconds, job) => {
      timeline.at(now() + milliseconds, (atMs) => {
        dueMs = atMs;
        try {
          job();
        } finally {
          dueMs = undefined;
        }
      });
    },
    settle: () => {
      timeline.settle();
    },
  };
};

/** A controller's work queue: each key once, after a while. One that is stopped keeps its keys. */
export interface WorkQueue {
  add(key: string, afterMs?: number): void;
  stop(): void;
  start(): void;
}

export const createQueue = (
  time: KubeTime,
  delayMs: number,
  sync: (key: string) => void,
): WorkQueue => {
  const waiting = new Set<string>();
  const held = new Set<string>();
  let isStopped = false;
  const run = (key: string): void => {
    waiting.delete(key);
    if (isStopped) held.add(key);
    else sync(key);
  };
  const add = (key: string, afterMs = delayMs): void => {
    // A later look at the same object is kept beside the next one: each has its own reason.
    const entry = afterMs === delayMs ? key : `${key}@${String(time.now() + afterMs)}`;
    if (waiting.has(entry)) return;
    waiting.add(entry);
    time.after(afterMs, () => {
      waiting.delete(entry);
      run(key);
    });
  };
  return {
    add,
    stop: () => {
      isStopped = true;
    },
    start: () => {
      isStopped = false;
      for (const key of held) add(key);
      held.clear();
    },
  };
};

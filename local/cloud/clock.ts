/**
 * The one clock of everything local. Virtual: time passes only from job to job and by what calls take, so a
 * day takes milliseconds and each run is the same. For `npm start` there is a real one, see live-clock.ts.
 */

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs the job at that time, or at once if it has passed. Returns its cancellation. */
  schedule(atMs: number, job: () => void | Promise<void>): () => void;
  /** A call took this long. On a real clock nothing happens: real calls take their own time. */
  elapse(milliseconds: number): void;
}

interface Job {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void | Promise<void>;
}

export class VirtualClock implements Clock {
  #nowMs: number;
  #order = 0;
  #jobs: Job[] = [];

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  schedule(atMs: number, run: () => void | Promise<void>): () => void {
    const job: Job = { atMs: Math.max(atMs, this.#nowMs), order: this.#order++, run };
    const position = this.#jobs.findIndex((other) => other.atMs > job.atMs);
    this.#jobs.splice(position === -1 ? this.#jobs.length : position, 0, job);
    return () => {
      this.#jobs = this.#jobs.filter((other) => other !== job);
    };
  }

  elapse(milliseconds: number): void {
    this.#nowMs += milliseconds;
  }

  get pending(): number {
    return this.#jobs.length;
  }

  /**
   * Runs jobs in order of time, each to its end before the next begins, until there is none, `until` holds,
   * or the next one lies after `atMostMs` (milliseconds since the epoch; the clock then stands there).
   */
  async run(options: { until?: () => boolean; atMostMs?: number } = {}): Promise<void> {
    for (;;) {
      if (options.until?.() === true) return;
      const next = this.#jobs[0];
      if (next === undefined || next.atMs > (options.atMostMs ?? Infinity)) break;
      this.#jobs.shift();
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      await next.run();
    }
    if (options.atMostMs !== undefined) this.#nowMs = Math.max(this.#nowMs, options.atMostMs);
  }
}

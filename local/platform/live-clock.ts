/**
 * The clock of `npm start`: real time, or real time made faster. It first stands where it is told, so that what
 * happened before a restart can be played again at the times at which it happened; then it is let go.
 */
import type { Clock } from "../cloud/clock.ts";
import { VirtualClock } from "../cloud/clock.ts";

/** Node's timers hold at most 2³¹ − 1 ms (24.8 days): longer waits are taken in parts. */
const longestTimerMs = 2 ** 31 - 1;

export interface LiveClockOptions {
  /** Real time at which the world began; milliseconds since the epoch. */
  readonly beganMs: number;
  /** Simulated seconds per real second. */
  readonly speed: number;
  /** What to do with an error that a job throws: nobody else can see it. */
  readonly onError: (error: unknown) => void;
}

interface Waiting {
  readonly atMs: number;
  readonly job: () => void | Promise<void>;
  timer?: NodeJS.Timeout;
}

export class LiveClock implements Clock {
  readonly #options: LiveClockOptions;
  readonly #past: VirtualClock;
  readonly #waiting = new Set<Waiting>();
  #isLive = false;

  constructor(options: LiveClockOptions) {
    this.#options = options;
    this.#past = new VirtualClock(options.beganMs);
  }

  now(): number {
    if (!this.#isLive) return this.#past.now();
    const { beganMs, speed } = this.#options;
    return Math.floor(beganMs + (Date.now() - beganMs) * speed);
  }

  pass(): Promise<void> {
    return Promise.resolve();
  }

  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.schedule(this.now() + milliseconds, resolve);
    });
  }

  schedule(atMs: number, job: () => void | Promise<void>): () => void {
    const waiting: Waiting = { atMs, job };
    this.#waiting.add(waiting);
    if (this.#isLive) this.#arm(waiting);
    else {
      this.#past.schedule(atMs, async () => {
        if (this.#waiting.delete(waiting)) await job();
      });
    }
    return () => {
      this.#forget(waiting);
    };
  }

  /** Everything that was due until then happens. Only before `goLive`. */
  async replayTo(atMs: number): Promise<void> {
    await this.#past.run({ atMostMs: atMs });
  }

  /** From now on time passes by itself; what became due while nobody ran happens at once, in order. */
  async goLive(): Promise<void> {
    const { beganMs, speed } = this.#options;
    await this.replayTo(Math.floor(beganMs + (Date.now() - beganMs) * speed));
    this.#isLive = true;
    for (const waiting of this.#waiting) this.#arm(waiting);
  }

  /** From now on nothing that is scheduled happens. */
  stop(): void {
    for (const waiting of [...this.#waiting]) this.#forget(waiting);
  }

  #forget(waiting: Waiting): void {
    this.#waiting.delete(waiting);
    clearTimeout(waiting.timer);
  }

  #arm(waiting: Waiting): void {
    const restMs = Math.max(0, (waiting.atMs - this.now()) / this.#options.speed);
    waiting.timer = setTimeout(
      () => {
        // A part of a long wait is over, or the timer came a millisecond early.
        if (this.now() < waiting.atMs) {
          this.#arm(waiting);
          return;
        }
        this.#waiting.delete(waiting);
        Promise.resolve().then(waiting.job).catch(this.#options.onError);
      },
      Math.min(Math.ceil(restMs), longestTimerMs),
    );
  }
}

/**
 * The clock of `npm start`: simulated time, which real time drives at a speed. It stands still while something is being worked on, and
 * while the process does not run: what a call sees and does is at one instant, and a machine that can't keep up slows time down instead
 * of letting things happen late (`keepsUp` is for those who share its time with other clocks). What happens by itself falls on even milliseconds, what somebody asks for on odd ones, each on its own:
 * so the same calls at the same times give the same world when they are played again.
 */
import { VirtualClock, type Clock } from "../cloud/clock.ts";
import { Pace, type PaceOptions } from "./pace.ts";

/** Of somebody who is at something for so long the others do not know what for: a function's table answers within milliseconds. */
const patienceMs = 500;

/** At most so long nobody looks at the clock: it would show less than the time. */
const longestSleepMs = 250;

export interface LiveClockOptions extends PaceOptions {
  /** Simulated time at which the world began; milliseconds since the epoch. */
  readonly beganMs: number;
  /** What to do with an error that a job throws: nobody else can see it. */
  readonly onError: (error: unknown) => void;
  /** Told before time goes there, so that no later run begins before what this one has seen. Default: nobody. */
  readonly onAdvance?: (toMs: number) => void;
}

const even = (atMs: number): number => 2 * Math.ceil(atMs / 2);

export class LiveClock implements Clock {
  readonly #options: LiveClockOptions;
  readonly #clock: VirtualClock;
  readonly #pace: Pace;
  /** Odd milliseconds that somebody waits for. */
  readonly #taken = new Set<number>();
  #phase: "REPLAYING" | "LIVE" | "STOPPED" = "REPLAYING";
  #wake: () => void = () => undefined;

  constructor(options: LiveClockOptions) {
    this.#options = options;
    this.#clock = new VirtualClock(even(options.beganMs), patienceMs);
    this.#pace = new Pace(options);
  }

  now(): number {
    return this.#clock.now();
  }

  dueAt(atMs: number): number {
    return even(Math.max(atMs, this.#clock.now()));
  }

  schedule(atMs: number, job: () => void | Promise<void>): () => void {
    const cancel = this.#clock.schedule(this.dueAt(atMs), job);
    this.#wake();
    return cancel;
  }

  /** What is played again takes the time that it took. */
  async pass(milliseconds: number): Promise<void> {
    if (this.#phase === "REPLAYING") return;
    const atMs = this.#takeOdd(this.#clock.now() + milliseconds);
    const arrived = this.#clock.arrive(atMs);
    this.#wake();
    await arrived;
    this.#taken.delete(atMs);
  }

  wait(milliseconds: number): Promise<void> {
    return this.pass(milliseconds);
  }

  /** Whoever comes from outside is let in now, and time stands while he is answered. @throws what that throws */
  enter<Answer>(answer: () => Promise<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.schedule(this.#pace.nowMs(), async () => {
        await answer().then(resolve, reject);
      });
    });
  }

  /** Everything that was due until then happens. Only before `goLive`. */
  async replayTo(atMs: number): Promise<void> {
    await this.#clock.run({ atMostMs: atMs });
  }

  /** From now on time passes by itself, from where the last run has left it. */
  async goLive(fromMs: number = this.#clock.now()): Promise<void> {
    await this.replayTo(fromMs);
    this.#phase = "LIVE";
    this.#pace.begin(this.#clock.now());
    void this.#drive();
  }

  /** From now on nothing that is scheduled happens. */
  stop(): void {
    this.#phase = "STOPPED";
    this.#wake();
  }

  #takeOdd(wantedMs: number): number {
    let atMs = even(wantedMs) + 1;
    while (this.#taken.has(atMs)) atMs += 2;
    this.#taken.add(atMs);
    return atMs;
  }

  async #drive(): Promise<void> {
    while (this.#isLive()) {
      // Even: what is due at once then happens at once.
      const toMs = even(this.#pace.advance() - 1);
      await this.#run(toMs);
      this.#pace.arrived(this.#clock.now());
      await this.#sleep();
    }
  }

  /** Asked anew each time: it is changed from outside while somebody waits. */
  #isLive(): boolean {
    return this.#phase === "LIVE";
  }

  async #run(toMs: number): Promise<void> {
    try {
      const isOver = this.#pace.sliceEnd();
      this.#options.onAdvance?.(toMs);
      await this.#clock.run({ atMostMs: toMs, until: () => !this.#isLive() || isOver() });
    } catch (error) {
      this.#options.onError(error);
    }
  }

  /** Until the next thing is due, or somebody comes. */
  async #sleep(): Promise<void> {
    const nextMs = this.#clock.nextMs ?? Infinity;
    const restMs = Math.min(this.#pace.realMsUntil(nextMs), longestSleepMs);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, Math.ceil(restMs)));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => undefined;
  }
}

/**
 * The one clock of everything local. Virtual: it jumps to what is due next as soon as nothing more can happen without
 * it, so a day takes milliseconds and each run is the same. What goes on at the same time overlaps: each call waits for
 * its own end on one timeline. For `npm start` there is a real one, see live-clock.ts.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { nextTick } from "node:process";
import { EventQueue } from "./event-queue.ts";

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** When a job of that time is run: the same, or a moment later. */
  dueAt(atMs: number): number;
  /** Runs the job at that time, or at once if it has passed. Returns its cancellation. */
  schedule(atMs: number, job: () => void | Promise<void>): () => void;
  /** A call takes this long: settles when it is over. On a real clock at once: real calls take their own time. */
  pass(milliseconds: number): Promise<void>;
  /** Somebody waits for so long: settles when it is over, on a real clock too. */
  wait(milliseconds: number): Promise<void>;
}

/** A job that has begun and not ended. It can go on by itself unless it waits for the clock. */
interface Activity {
  /** How many of its calls wait for the clock. */
  waiting: number;
  /** It has not moved for so long that the clock goes on without it. */
  isAway: boolean;
}

type Event = () => void;

/** Enough for an answer of a server within this process, which comes in several. */
const patienceTurns = 50;

export interface RunOptions {
  readonly until?: () => boolean;
  readonly atMostMs?: number;
}

/** Settles when the microtasks that there are, and those that they bring, are done. */
const microtasksAreDone = (): Promise<void> =>
  new Promise((resolve) => {
    nextTick(resolve);
  });

export class VirtualClock implements Clock {
  #nowMs: number;
  readonly #patienceMs: number | undefined;
  readonly #events = new EventQueue<Event>();
  readonly #current = new AsyncLocalStorage<Activity>();
  readonly #activities = new Set<Activity>();
  readonly #failures: unknown[] = [];
  #isRunning = false;
  /** Something went on since it was last looked at. */
  #hasMoved = false;
  #onChange: (() => void) | undefined;

  /** @param patienceMs how long, in real time, the clock stands for who waits for something real. Default: until that has come */
  constructor(startMs: number, patienceMs?: number) {
    this.#nowMs = startMs;
    this.#patienceMs = patienceMs;
  }

  now(): number {
    return this.#nowMs;
  }

  dueAt(atMs: number): number {
    return atMs;
  }

  schedule(atMs: number, run: () => void | Promise<void>): () => void {
    return this.#events.add(Math.max(atMs, this.#nowMs), () => {
      this.#begin(run);
    });
  }

  /** While nobody runs the clock there is one caller only, for whom time passes at once. */
  pass(milliseconds: number): Promise<void> {
    if (!this.#isRunning) {
      this.elapse(milliseconds);
      return Promise.resolve();
    }
    return this.arrive(this.#nowMs + milliseconds);
  }

  /** Settles when it is that time. */
  arrive(atMs: number): Promise<void> {
    const activity = this.#current.getStore();
    if (activity !== undefined) {
      activity.waiting += 1;
      activity.isAway = false;
    }
    this.#changed();
    return new Promise((resolve) => {
      this.#events.add(atMs, () => {
        if (activity !== undefined) activity.waiting -= 1;
        this.#hasMoved = true;
        resolve();
      });
    });
  }

  wait(milliseconds: number): Promise<void> {
    return this.pass(milliseconds);
  }

  /** Time passes, and what was due in it happens late. */
  elapse(milliseconds: number): void {
    this.#nowMs += milliseconds;
  }

  /** When the next thing happens; undefined where nothing waits. */
  get nextMs(): number | undefined {
    return this.#events.peek()?.atMs;
  }

  /** Jobs and calls that wait for their time. */
  get pending(): number {
    return this.#events.length;
  }

  /**
   * Lets things happen in order of time until there is nothing more, `until` holds, or the next lies after `atMostMs`
   * (milliseconds since the epoch; the clock then stands there). What has begun by then goes on in the next run.
   * @throws what a job throws
   */
  async run({ until, atMostMs }: RunOptions = {}): Promise<void> {
    if (this.#isRunning) throw new Error("The clock is run already.");
    this.#isRunning = true;
    try {
      for (;;) {
        await this.#standstill();
        if (until?.() === true) return;
        const next = this.#events.peek();
        if (next === undefined || next.atMs > (atMostMs ?? Infinity)) break;
        this.#events.take();
        this.#nowMs = Math.max(this.#nowMs, next.atMs);
        next.event();
      }
      if (atMostMs !== undefined) this.#nowMs = Math.max(this.#nowMs, atMostMs);
    } finally {
      this.#isRunning = false;
    }
  }

  #begin(run: () => void | Promise<void>): void {
    const activity: Activity = { waiting: 0, isAway: false };
    const ending = this.#current.run(activity, run);
    // Most jobs change some state and are done.
    if (ending === undefined) return;
    this.#activities.add(activity);
    this.#hasMoved = true;
    ending
      .catch((error: unknown) => {
        this.#failures.push(error);
      })
      .finally(() => {
        this.#activities.delete(activity);
        this.#changed();
      });
  }

  /** Until each activity waits for the clock. One that waits for a file or a socket is waited for. */
  async #standstill(): Promise<void> {
    while (this.#hasMoved) {
      this.#hasMoved = false;
      await microtasksAreDone();
      if (this.#failures.length > 0) throw this.#failures.shift();
      if (this.#canGoOn()) await this.#change();
    }
  }

  /** Somebody is busy with something else than the clock. */
  #canGoOn(): boolean {
    for (const { waiting, isAway } of this.#activities) if (waiting === 0 && !isAway) return true;
    return false;
  }

  /** Whatever they wait for, the others are not to wait for it. */
  readonly #loseThem = (): void => {
    for (const activity of this.#activities) if (activity.waiting === 0) activity.isAway = true;
    this.#changed();
  };

  /**
   * Patience goes by turns: in each, what has come meanwhile is heard. On a busy machine this process may get no turn for a long time,
   * and whoever has his answer by then is not away. Returns its end.
   */
  #beginPatience(): () => void {
    const patienceMs = this.#patienceMs;
    if (patienceMs === undefined) return () => undefined;
    let turns = patienceTurns;
    const takeTurn = (): void => {
      turns -= 1;
      if (turns < 0) this.#loseThem();
      else timer = setTimeout(takeTurn, patienceMs / patienceTurns);
    };
    let timer: NodeJS.Timeout | undefined;
    takeTurn();
    return () => {
      clearTimeout(timer);
    };
  }

  /** Settles when something has gone on, at once if it has since it was last looked at. */
  #change(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#hasMoved) {
        resolve();
        return;
      }
      const stopWaiting = this.#beginPatience();
      this.#onChange = () => {
        stopWaiting();
        resolve();
      };
    });
  }

  #changed(): void {
    this.#hasMoved = true;
    this.#onChange?.();
    this.#onChange = undefined;
  }
}

/**
 * What the API answers to a GET, read again and again while somebody looks at it. Old data stays where a reading fails, with its
 * age; a page that is hidden asks nothing.
 */
import { effect, signal, type ReadonlySignal } from "@preact/signals";
import { backOffMs } from "./back-off.ts";
import { failureOf, type Problem } from "./problem.ts";
import { read, type Read } from "./request.ts";

export interface Reading<Value> {
  /** Undefined: it was never read. */
  readonly value: Value | undefined;
  /** Of the browser's clock, milliseconds; of the last reading that succeeded. */
  readonly readAtMs: number | undefined;
  /** Of the last reading; undefined: it succeeded, or there was none. */
  readonly problem: Problem | undefined;
}

export interface Polled<Value> {
  readonly reading: ReadonlySignal<Reading<Value>>;
  /** Looks until the function that it returns is called. */
  readonly watch: () => () => void;
  /** Reads at once. */
  readonly refresh: () => void;
}

export interface PollOptions<Value, Answer> {
  /** Milliseconds; undefined: it is not read again. Asked after each reading: what has ended need not be read again. */
  readonly everyMs: (value: Value | undefined) => number | undefined;
  /** Takes the next answer in: what was asked for may be only what changed. */
  readonly fold: (before: Value | undefined, answer: Answer) => Value;
}

const isVisible = signal(!document.hidden);
document.addEventListener("visibilitychange", () => {
  isVisible.value = !document.hidden;
});

const never = { value: undefined, readAtMs: undefined, problem: undefined };

type PathOf<Value> = (before: Value | undefined) => string;

class Poller<Value, Answer> implements Polled<Value> {
  readonly #pathOf: PathOf<Value>;
  readonly #options: PollOptions<Value, Answer>;
  readonly #reading = signal<Reading<Value>>(never);
  #watchers = 0;
  /** In a row. */
  #failures = 0;
  #known: { readonly path: string; readonly etag: string | undefined } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;
  #unfollow: (() => void) | undefined;

  constructor(pathOf: PathOf<Value>, options: PollOptions<Value, Answer>) {
    this.#pathOf = pathOf;
    this.#options = options;
  }

  get reading(): ReadonlySignal<Reading<Value>> {
    return this.#reading;
  }

  readonly watch = (): (() => void) => {
    this.#watchers += 1;
    // Its first run reads.
    this.#unfollow ??= effect(() => {
      if (isVisible.value) this.#next();
      else this.#rest();
    });
    return () => {
      this.#watchers -= 1;
      if (this.#watchers > 0) return;
      this.#rest();
      this.#unfollow?.();
      this.#unfollow = undefined;
    };
  };

  readonly refresh = (): void => {
    this.#rest();
    this.#next();
  };

  #isWanted(): boolean {
    return this.#watchers > 0 && isVisible.peek();
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#asking = undefined;
  }

  #next(): void {
    if (this.#asking !== undefined || !this.#isWanted()) return;
    const asked = new AbortController();
    this.#asking = asked;
    void this.#ask(asked.signal).finally(() => {
      if (this.#asking !== asked) return;
      this.#asking = undefined;
      this.#pause();
    });
  }

  #pause(): void {
    const ms =
      this.#failures > 0
        ? backOffMs(this.#failures, Math.random())
        : this.#options.everyMs(this.#reading.peek().value);
    if (ms === undefined || !this.#isWanted()) return;
    this.#timer = setTimeout(() => {
      this.#next();
    }, ms);
  }

  async #ask(aborted: AbortSignal): Promise<void> {
    const path = this.#pathOf(this.#reading.peek().value);
    const etag = this.#known?.path === path ? this.#known.etag : undefined;
    try {
      this.#take(path, await read<Answer>(path, { etag, signal: aborted }));
    } catch (error) {
      if (aborted.aborted) return;
      this.#failures += 1;
      this.#reading.value = { ...this.#reading.peek(), problem: failureOf(error) };
    }
  }

  #take(path: string, { value: answer, etag }: Read<Answer>): void {
    this.#failures = 0;
    this.#known = { path, etag };
    const { value: before } = this.#reading.peek();
    const value = answer === undefined ? before : this.#options.fold(before, answer);
    this.#reading.value = { value, readAtMs: Date.now(), problem: undefined };
  }
}

/** @param pathOf below `/api/v1`, with what was read before */
export const poll = <Value, Answer = Value>(
  pathOf: PathOf<Value>,
  options: PollOptions<Value, Answer>,
): Polled<Value> => new Poller(pathOf, options);

/** An answer that takes the place of the one before. @param path below `/api/v1` */
export const pollWhole = <Value>(
  path: string,
  everyMs: (value: Value | undefined) => number | undefined,
): Polled<Value> => poll<Value>(() => path, { everyMs, fold: (_before, answer) => answer });

/**
 * How far simulated time has got by real time: at the speed that is wanted, or at the one that the machine can hold. One that keeps up
 * makes good what it could not hold.
 */

/** Of real time, so that requests from outside are not kept waiting by what happens by itself. */
const sliceMs = 200;

/** A process that was not run for longer (a laptop that slept, a debugger) has missed nothing: time has rested. */
const longestStepMs = 1000;

const usualWindowMs = 10_000;

export interface PaceOptions {
  /** Simulated seconds per real second that are wanted. */
  readonly speed: number;
  /** Told at the end of each window how many there were. */
  readonly onPace?: (heldSpeed: number) => void;
  /** Of real time, over which the speed is measured, in milliseconds. Default: ten seconds. */
  readonly windowMs?: number;
  /**
   * It never rests, and what it could not hold is made good: for a world that shares its time with clocks that it does not drive, as those
   * of functions which run elsewhere. Default: false.
   */
  readonly keepsUp?: boolean;
}

export class Pace {
  readonly #options: PaceOptions;
  readonly #longestStepMs: number;
  /** Where simulated time stands, with its part of a millisecond, and when in real time it was there. */
  #atMs = 0;
  #realMs = 0;
  #window = { beganMs: 0, realMs: 0 };

  constructor(options: PaceOptions) {
    this.#options = options;
    this.#longestStepMs = options.keepsUp === true ? Infinity : longestStepMs;
  }

  begin(atMs: number): void {
    this.#atMs = atMs;
    this.#realMs = performance.now();
    this.#window = { beganMs: atMs, realMs: this.#realMs };
  }

  /** Simulated time by now, if all has happened that was due. */
  nowMs(): number {
    return Math.floor(this.#exactMs());
  }

  #exactMs(): number {
    const passedMs = Math.min(performance.now() - this.#realMs, this.#longestStepMs);
    return this.#atMs + passedMs * this.#options.speed;
  }

  /** @returns where simulated time is to go now */
  advance(): number {
    this.#atMs = this.#exactMs();
    const passedMs = performance.now() - this.#realMs;
    this.#realMs += passedMs;
    // While it rested nothing was to be held.
    this.#window.realMs += Math.max(0, passedMs - this.#longestStepMs);
    return Math.floor(this.#atMs);
  }

  /** Called with where it has got to: what it has not reached is not made good, but where it keeps up. */
  arrived(atMs: number): void {
    const { onPace, windowMs = usualWindowMs, keepsUp = false } = this.#options;
    if (!keepsUp && atMs < Math.floor(this.#atMs)) this.#atMs = atMs;
    const passedMs = performance.now() - this.#window.realMs;
    if (passedMs < windowMs) return;
    onPace?.((atMs - this.#window.beganMs) / passedMs);
    this.#window = { beganMs: atMs, realMs: performance.now() };
  }

  /** Of the slice that begins now: whether it is over. */
  sliceEnd(): () => boolean {
    const endMs = performance.now() + sliceMs;
    return () => performance.now() > endMs;
  }

  /** Until simulated time is there. */
  realMsUntil(atMs: number): number {
    return (atMs - this.nowMs()) / this.#options.speed;
  }
}

/** Less than this part of the speed that is wanted is slow, and it is slow until it holds more than that part. */
const [slowBelow, heldAbove] = [0.8, 0.95] as const;

/** Tells when the machine falls behind, and when it holds the speed again. */
export const tellPace = (
  speed: number,
  tell: (sentence: string) => void,
): NonNullable<PaceOptions["onPace"]> => {
  let isSlow = false;
  return (held) => {
    const part = held / speed;
    if (!isSlow && part < slowBelow) {
      isSlow = true;
      tell(
        `This machine holds a speed of some ${String(Math.max(1, Math.round(held)))}, not ${String(speed)}: simulated time passes more slowly.`,
      );
    } else if (isSlow && part > heldAbove) {
      isSlow = false;
      tell(`It holds a speed of ${String(speed)} again.`);
    }
  };
};

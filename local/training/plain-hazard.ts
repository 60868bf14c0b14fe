/**
 * The estimate that every model must beat: a pool's own past loss rate, losses ÷ hours up, of all that was seen of it.
 * Both fade by e in 24 h; half a loss in 24 h is where a pool begins of which nothing was seen.
 */

const fadeHours = 24;
const priorLosses = 0.5;
const priorHours = 24;

export class PlainHazard {
  readonly #gapHours: number;
  #losses = 0;
  #hoursUp = 0;
  #wasUp = false;

  constructor(gapSeconds: number) {
    this.#gapHours = gapSeconds / 3600;
  }

  /** A look at the pool, once in each tick. */
  seen(isUp: boolean): void {
    const fade = Math.exp(-this.#gapHours / fadeHours);
    this.#losses = this.#losses * fade + (this.#wasUp && !isUp ? 1 : 0);
    this.#hoursUp = this.#hoursUp * fade + (isUp ? this.#gapHours : 0);
    this.#wasUp = isUp;
  }

  lossesPerHour(): number {
    return (this.#losses + priorLosses) / (this.#hoursUp + priorHours);
  }
}

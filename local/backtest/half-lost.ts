/** How likely is it that at least half of a fleet is lost within five minutes? Measured over all five minutes of a replay. */

const windowSeconds = 300;

interface Loss {
  readonly atSeconds: number;
  readonly unit: number;
}

/** The first loss from `first` on with which so many units are lost; undefined where they never are. */
const enoughAt = (losses: readonly Loss[], first: number, needed: number): Loss | undefined => {
  const units = new Set<number>();
  for (let index = first; index < losses.length; index += 1) {
    const loss = losses[index];
    if (loss === undefined) return undefined;
    units.add(loss.unit);
    if (units.size >= needed) return loss;
  }
  return undefined;
};

export class HalfLost {
  readonly #losses: Loss[] = [];

  /** In order of time, in seconds since the beginning. */
  lost(unit: number, atSeconds: number): void {
    this.#losses.push({ unit, atSeconds });
  }

  /**
   * Share of the moments, 0 to 1, from which on at least half of the units are reclaimed within five minutes, the end of these
   * left out. A unit that is lost twice meanwhile counts once. A single unit is more than half of itself.
   */
  probability({
    units,
    seconds: total,
  }: {
    readonly units: number;
    readonly seconds: number;
  }): number {
    const needed = Math.ceil(units / 2);
    let seconds = 0;
    let from = 0;
    for (const [index, { atSeconds }] of this.#losses.entries()) {
      // Of the windows in which this loss is the first: after the last one before it, up to itself.
      const enough = enoughAt(this.#losses, index, needed);
      if (enough === undefined) break;
      const earliest = Math.max(from, enough.atSeconds - windowSeconds);
      seconds += Math.max(0, atSeconds - earliest);
      from = Math.max(from, atSeconds);
    }
    return seconds / total;
  }
}

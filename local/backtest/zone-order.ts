/** Zones put into order by a figure, ties by another, then by name. Sorts in place, so that a replay's loop allocates nothing. */

export class ZoneOrder {
  readonly #names: readonly string[];
  readonly #zones: number[];
  readonly #keys: Float64Array;
  readonly #tieKeys: Float64Array;

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#zones = [];
    this.#keys = new Float64Array(names.length);
    this.#tieKeys = new Float64Array(names.length);
  }

  /** The zones that have a key, lowest key first. The same array each time: read it before the next call. */
  by(
    keyOf: (zone: number) => number | undefined,
    tieKeyOf?: (zone: number) => number,
  ): readonly number[] {
    this.#zones.length = 0;
    for (let zone = 0; zone < this.#names.length; zone += 1) {
      const key = keyOf(zone);
      if (key === undefined) continue;
      this.#keys[zone] = key;
      if (tieKeyOf !== undefined) this.#tieKeys[zone] = tieKeyOf(zone);
      this.#insert(zone);
    }
    return this.#zones;
  }

  #insert(zone: number): void {
    let at = this.#zones.length;
    this.#zones.push(zone);
    for (; at > 0; at -= 1) {
      const before = this.#zones[at - 1] ?? zone;
      if (!this.#isBefore(zone, before)) break;
      this.#zones[at] = before;
    }
    this.#zones[at] = zone;
  }

  #isBefore(one: number, other: number): boolean {
    const difference =
      (this.#keys[one] ?? 0) - (this.#keys[other] ?? 0) ||
      (this.#tieKeys[one] ?? 0) - (this.#tieKeys[other] ?? 0);
    return difference === 0
      ? (this.#names[one] ?? "") < (this.#names[other] ?? "")
      : difference < 0;
  }
}

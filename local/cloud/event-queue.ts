/** What is to happen, in order of time and, at one time, in the order in which it was put in: a binary heap. */

interface Entry<Event> {
  readonly atMs: number;
  readonly order: number;
  readonly event: Event;
  isCancelled: boolean;
}

const isBefore = <Event>(one: Entry<Event>, other: Entry<Event>): boolean =>
  one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);

export class EventQueue<Event> {
  readonly #heap: Entry<Event>[] = [];
  #order = 0;
  #length = 0;

  /** Without what was cancelled. */
  get length(): number {
    return this.#length;
  }

  /** @returns its cancellation */
  add(atMs: number, event: Event): () => void {
    const entry = { atMs, order: this.#order++, event, isCancelled: false };
    this.#heap.push(entry);
    this.#rise(this.#heap.length - 1);
    this.#length += 1;
    return () => {
      if (entry.isCancelled) return;
      entry.isCancelled = true;
      this.#length -= 1;
    };
  }

  /** The next one, which stays. */
  peek(): { readonly atMs: number; readonly event: Event } | undefined {
    while (this.#heap[0]?.isCancelled === true) this.#removeFirst();
    return this.#heap[0];
  }

  /** The next one, which is taken out. */
  take(): { readonly atMs: number; readonly event: Event } | undefined {
    const first = this.peek();
    if (first === undefined) return undefined;
    const entry = this.#removeFirst();
    // Its cancellation comes too late.
    entry.isCancelled = true;
    this.#length -= 1;
    return entry;
  }

  #removeFirst(): Entry<Event> {
    const first = this.#at(0);
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink();
    }
    return first;
  }

  #rise(from: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!this.#swapIfBefore(place, above)) return;
      place = above;
    }
  }

  #sink(): void {
    let place = 0;
    for (;;) {
      const [left, right] = [2 * place + 1, 2 * place + 2];
      if (left >= this.#heap.length) return;
      const isRightFirst = right < this.#heap.length && isBefore(this.#at(right), this.#at(left));
      const below = isRightFirst ? right : left;
      if (!this.#swapIfBefore(below, place)) return;
      place = below;
    }
  }

  #swapIfBefore(lower: number, upper: number): boolean {
    const [one, other] = [this.#at(lower), this.#at(upper)];
    if (!isBefore(one, other)) return false;
    this.#heap[upper] = one;
    this.#heap[lower] = other;
    return true;
  }

  #at(place: number): Entry<Event> {
    const entry = this.#heap[place];
    if (entry === undefined) throw new Error(`The queue has no entry ${String(place)}.`);
    return entry;
  }
}

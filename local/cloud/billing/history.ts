/** What the meter keeps of a resource: how it was from when to when. Times are milliseconds since the epoch. */

/** How something is, as long as it costs the same. */
export type Facts = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Sighting<F extends Facts> {
  readonly id: string;
  /** Since when it has been so, where nobody has looked before. */
  readonly sinceMs: number;
  readonly facts: F;
}

export interface History<F extends Facts> {
  readonly accountId: string;
  readonly region: string;
  readonly id: string;
  /** Each begins at its time and lasts to the next; without facts it is gone. */
  readonly entries: { readonly atMs: number; readonly facts: F | undefined }[];
}

interface Look {
  readonly atMs: number;
  /** It is out of sight, and costs on: in the Recycle Bin. */
  readonly isKept: (id: string) => boolean;
}

/** Of one kind, in an account's region. */
export interface Shelf<F extends Facts> {
  note(sightings: readonly Sighting<F>[], look: Look): void;
  histories(): readonly History<F>[];
}

const isSame = (one: Facts, other: Facts): boolean => {
  for (const key in one) if (one[key] !== other[key]) return false;
  return true;
};

export const shelfOf = <F extends Facts>(place: {
  readonly accountId: string;
  readonly region: string;
}): Shelf<F> => {
  const all = new Map<string, History<F>>();
  let present = new Set<string>();

  const noteOne = ({ id, sinceMs, facts }: Sighting<F>, atMs: number): void => {
    const known = all.get(id);
    if (known === undefined) {
      all.set(id, { ...place, id, entries: [{ atMs: Math.min(sinceMs, atMs), facts }] });
      return;
    }
    const last = known.entries.at(-1)?.facts;
    if (last === undefined || !isSame(last, facts)) known.entries.push({ atMs, facts });
  };

  return {
    note: (sightings, { atMs, isKept }) => {
      const seen = new Set<string>();
      for (const sighting of sightings) {
        seen.add(sighting.id);
        noteOne(sighting, atMs);
      }
      for (const id of present) {
        if (seen.has(id)) continue;
        if (isKept(id)) seen.add(id);
        else all.get(id)?.entries.push({ atMs, facts: undefined });
      }
      present = seen;
    },
    histories: () => [...all.values()],
  };
};

export interface Period<F extends Facts> {
  readonly fromMs: number;
  /** Absent: it goes on. */
  readonly toMs?: number;
  readonly facts: F;
}

export const periodsOf = <F extends Facts>({ entries }: History<F>): readonly Period<F>[] =>
  entries.flatMap(({ atMs, facts }, at) => {
    const toMs = entries[at + 1]?.atMs;
    if (facts === undefined || toMs === atMs) return [];
    return [{ fromMs: atMs, facts, ...(toMs === undefined ? {} : { toMs }) }];
  });

/** Where two JSON values differ, by path. */

export interface Difference {
  /** `verdict.offers.0.zone_id`; empty when the values as a whole differ in kind. */
  readonly path: string;
  readonly stored?: unknown;
  readonly recomputed?: unknown;
}

/** More than a person reads; the counts of candidates say the rest. */
const mostShown = 100;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

const join = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

const between = (path: string, stored: unknown, recomputed: unknown): readonly Difference[] => {
  if (isObject(stored) && isObject(recomputed)) {
    const names = new Set([...Object.keys(stored), ...Object.keys(recomputed)]);
    return [...names].flatMap((name) => between(join(path, name), stored[name], recomputed[name]));
  }
  if (Object.is(stored, recomputed)) return [];
  return [
    {
      path,
      ...(stored === undefined ? {} : { stored }),
      ...(recomputed === undefined ? {} : { recomputed }),
    },
  ];
};

/** The first ones, at most 100. */
export const differencesBetween = (stored: unknown, recomputed: unknown): Difference[] =>
  between("", stored, recomputed).slice(0, mostShown);

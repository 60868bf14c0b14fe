/** What a market says of each type, and what was told of each family: hundreds of candidates ask, and the lists are gone through once. */
import type { AdvisorBand, MarketFacts, PoolLoss } from "../model/market.ts";

interface Bands {
  readonly byType: ReadonlyMap<string, AdvisorBand>;
  /** The first of the highest; undefined where there is none. */
  readonly worst: AdvisorBand | undefined;
}

const worstOf = (bands: MarketFacts["bands"]): AdvisorBand | undefined =>
  bands.reduce<AdvisorBand | undefined>(
    (found, band) =>
      found === undefined || band.minPercent + band.maxPercent > found.minPercent + found.maxPercent
        ? band
        : found,
    undefined,
  );

/** The first of each name, as `find` gives it. */
export const firstByName = <Value>(
  values: readonly Value[],
  nameOf: (value: Value) => string,
): ReadonlyMap<string, Value> =>
  new Map(values.toReversed().map((value) => [nameOf(value), value]));

/** Made once for each list, and anew for one that has grown since: who tells a market event by event has one list. */
const oncePerList = <Value, Made>(
  make: (list: readonly Value[]) => Made,
): ((list: readonly Value[]) => Made) => {
  const known = new WeakMap<readonly Value[], { readonly length: number; readonly made: Made }>();
  return (list) => {
    const { length } = list;
    const before = known.get(list);
    if (before?.length === length) return before.made;
    const made = make(list);
    known.set(list, { length, made });
    return made;
  };
};

export const bandsOf: (bands: MarketFacts["bands"]) => Bands = oncePerList((bands) => ({
  byType: firstByName(bands, ({ instanceType }) => instanceType),
  worst: worstOf(bands),
}));

/** `m5` of `m5.large`. */
const familyOf = (instanceType: string): string => instanceType.split(".")[0] ?? instanceType;

const byFamily = oncePerList((events: readonly PoolLoss[]) =>
  Map.groupBy(events, (event) => familyOf(event.instanceType)),
);

const none: readonly PoolLoss[] = [];

/** Of all types of its family, in the order of the list. */
export const eventsOfFamily = (
  events: readonly PoolLoss[],
  instanceType: string,
): readonly PoolLoss[] => byFamily(events).get(familyOf(instanceType)) ?? none;

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

/** By the very list. */
const known = new WeakMap<MarketFacts["bands"], Bands>();

export const bandsOf = (bands: MarketFacts["bands"]): Bands => {
  const before = known.get(bands);
  if (before !== undefined) return before;
  const byType = firstByName(bands, ({ instanceType }) => instanceType);
  const made = { byType, worst: worstOf(bands) };
  known.set(bands, made);
  return made;
};

/** `m5` of `m5.large`. */
const familyOf = (instanceType: string): string => instanceType.split(".")[0] ?? instanceType;

const families = new WeakMap<readonly PoolLoss[], ReadonlyMap<string, readonly PoolLoss[]>>();

const none: readonly PoolLoss[] = [];

/** Of all types of its family, in the order of the list. */
export const eventsOfFamily = (
  events: readonly PoolLoss[],
  instanceType: string,
): readonly PoolLoss[] => {
  if (events.length === 0) return none;
  const byFamily =
    families.get(events) ?? Map.groupBy(events, (event) => familyOf(event.instanceType));
  families.set(events, byFamily);
  return byFamily.get(familyOf(instanceType)) ?? none;
};

/** What volumes, lent addresses and held capacity of a target cost in each hour of a day: by their ids they are held against a bill. */
import type { OtherHours } from "../model/ledger/hours.ts";
import type { InstanceSpan, SpanVolume } from "../model/ledger/span.ts";
import { gibHour, type HeldCapacity } from "./kept-things.ts";
import { costOfTime } from "./money.ts";
import { costAtPrices, type PriceBook } from "./prices.ts";
import { cutEvery, hourMs, instantOf, overlap, stretchOfDay, type Stretch } from "./time.ts";

export interface KeptHoursInput {
  readonly day: string;
  /** All of the target that the day touches. */
  readonly spans: readonly InstanceSpan[];
  /** When the last complete reading of the place began, ISO 8601. */
  readonly knownUntil: string;
  readonly prices: PriceBook;
  readonly reservations: readonly HeldCapacity[];
}

/** What it cost from then to then, in billionths of a dollar. Undefined: nobody knows. */
type Price = (part: Stretch) => bigint | undefined;

/** From when until when something was there, for certain and perhaps. */
interface Presence {
  readonly certain: Stretch;
  readonly doubt: Stretch;
}

const presenceOf = ({ startedAt, end }: InstanceSpan, knownUntil: string): Presence => {
  const from = instantOf(startedAt);
  const earliest = Math.max(from, instantOf(end?.earliest ?? knownUntil));
  const latest = Math.max(earliest, instantOf(end?.latest ?? knownUntil));
  return { certain: { from, to: earliest }, doubt: { from: earliest, to: latest } };
};

/** Those that touch or overlap are one: a volume that moves is billed once. */
const united = (stretches: readonly Stretch[]): readonly Stretch[] =>
  stretches
    .toSorted((one, other) => one.from - other.from)
    .reduce<Stretch[]>((all, { from, to }) => {
      const last = all.at(-1);
      if (last === undefined || last.to < from) return [...all, { from, to }];
      return [...all.slice(0, -1), { from: last.from, to: Math.max(last.to, to) }];
    }, []);

const lengthIn = (stretches: readonly Stretch[], hour: Stretch): number =>
  stretches
    .flatMap((one) => overlap(one, hour) ?? [])
    .reduce((sum, { from, to }) => sum + (to - from), 0);

const costIn = (
  hour: Stretch,
  { sure, perhaps, price }: { sure: readonly Stretch[]; perhaps: readonly Stretch[]; price: Price },
): string => {
  const isDoubtful = lengthIn(perhaps, hour) > lengthIn(sure, hour);
  if (isDoubtful) return "?";
  const costs = sure.flatMap((one) => overlap(one, hour) ?? []).map(price);
  if (costs.length === 0) return "-";
  return costs.some((cost) => cost === undefined)
    ? "?"
    : String(costs.reduce<bigint>((sum, cost = 0n) => sum + cost, 0n));
};

const hoursOf = (
  day: string,
  { presences, price }: { readonly presences: readonly Presence[]; readonly price: Price },
): OtherHours["hours"] => {
  const sure = united(presences.map(({ certain }) => certain));
  const perhaps = united(
    presences.map(({ certain, doubt }) => ({ from: certain.from, to: doubt.to })),
  );
  const hours = cutEvery(stretchOfDay(day), { origin: 0, everyMs: hourMs });
  return hours.map((hour) => costIn(hour, { sure, perhaps, price }));
};

/** Provisioned performance is most of their price, and is not read. */
const pricedByPerformance: readonly string[] = ["io1", "io2"];

const priceOfVolume =
  ({ sizeGib, volumeType }: SpanVolume, { volume }: PriceBook): Price =>
  ({ from, to }) => {
    const perHour = pricedByPerformance.includes(volumeType)
      ? undefined
      : gibHour(volume(volumeType), sizeGib, from);
    return perHour && costOfTime(perHour, to - from);
  };

type Unnamed = Omit<OtherHours, "hours"> & {
  readonly presences: readonly Presence[];
  readonly price: Price;
};

/** Of one that has changed meanwhile, as it was last. */
const volumesIn = ({ spans, knownUntil, prices }: KeptHoursInput): readonly Unnamed[] => {
  const all = spans.flatMap((span) =>
    span.volumes.map((volume) => ({ volume, presence: presenceOf(span, knownUntil) })),
  );
  return [...Map.groupBy(all, ({ volume }) => volume.volumeId)].flatMap(([resourceId, some]) => {
    const last = some.at(-1);
    if (last === undefined) return [];
    const presences = some.map(({ presence }) => presence);
    return [{ resourceId, kind: "VOLUME", presences, price: priceOfVolume(last.volume, prices) }];
  });
};

const addressesIn = ({ spans, knownUntil, prices }: KeptHoursInput): readonly Unnamed[] => {
  const lent = spans.filter(
    ({ state, lentAddressOf }) => state === "RUNNING" && lentAddressOf !== undefined,
  );
  const price: Price = ({ from, to }) => prices.address && costOfTime(prices.address, to - from);
  return [...Map.groupBy(lent, ({ lentAddressOf = "" }) => lentAddressOf)].map(
    ([resourceId, some]) => ({
      resourceId,
      kind: "ADDRESS",
      presences: some.map((span) => presenceOf(span, knownUntil)),
      price,
    }),
  );
};

const reservationsIn = ({ reservations, prices }: KeptHoursInput): readonly Unnamed[] =>
  [...Map.groupBy(reservations, ({ reservationId }) => reservationId)].flatMap(
    ([resourceId, held]) => {
      const [first] = held;
      if (first === undefined) return [];
      const price: Price = (part) => {
        const { nanoUsd, unboundedSeconds } = costAtPrices(prices.onDemand(first.kind), part);
        return unboundedSeconds === 0 ? nanoUsd : undefined;
      };
      const presences = held.map(({ stretch }) => ({
        certain: stretch,
        doubt: { from: stretch.to, to: stretch.to },
      }));
      return [{ resourceId, kind: "RESERVATION", presences, price }];
    },
  );

/** Of those alone that are billed in some hour of the day. */
export const keptHours = (input: KeptHoursInput): readonly OtherHours[] =>
  [...volumesIn(input), ...addressesIn(input), ...reservationsIn(input)]
    .map(({ resourceId, kind, ...rest }) => ({ resourceId, kind, hours: hoursOf(input.day, rest) }))
    .filter(({ hours }) => hours.some((cost) => cost !== "-"));

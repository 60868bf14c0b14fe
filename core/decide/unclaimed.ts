/**
 * What becomes of the list of unclaimed things by one reading of an account and region: what is new and old enough comes in and is told,
 * what is claimed by now or gone goes. The list is all that is changed, ever.
 */
import { hoursPerMonth } from "../hours.ts";
import type { RegionMarket } from "../model/market.ts";
import { evaluationTag } from "../model/tags.ts";
import type { HourlyCharge, TaggedKind, TaggedThing } from "../model/tagged-thing.ts";
import type { Place } from "../model/place.ts";
import type { Claim, Unclaimed } from "../model/unclaimed.ts";

const hourMs = 3_600_000;

/**
 * A thing whose intent's answer was lost is found by minutes, and a roll-back takes minutes to an hour to its end: what is younger is
 * not listed.
 */
const graceMs = hourMs;

/** Not visible is not absent: a second complete reading, so much later, must not show it either. */
const absenceMs = hourMs;

/** Something that was left behind costs a few cents an hour, and a reading nine calls. */
const intervalMs = 6 * hourMs;

/** A place that could not be read is tried again after this. */
const retryMs = hourMs;

/** When a place is to be read again. ISO 8601 */
export const nextReading = (now: Date, wasRead: boolean): string =>
  new Date(now.getTime() + (wasRead ? intervalMs : retryMs)).toISOString();

/** By when it is read next: was a place read to its end after that? Both ISO 8601. */
export const wasReadSince = (dueAt: string, since: string): boolean =>
  Date.parse(dueAt) - intervalMs >= Date.parse(since);

/** A price of a week ago is another price. */
const priceAgeMs = 24 * hourMs;

/** For a market whose oldest part was fetched then. */
export const isPriceKnown = (asOf: string, now: Date): boolean =>
  now.getTime() - Date.parse(asOf) < priceAgeMs;

/** For 730 hours at today's price, in cents. Undefined where the market does not sell it. */
export const monthlyUsdOf = (
  { instanceType, spotZoneId }: HourlyCharge,
  market: Pick<RegionMarket, "onDemand" | "spotPrices">,
): number | undefined => {
  const found =
    spotZoneId === undefined
      ? market.onDemand.find((price) => price.instanceType === instanceType)
      : market.spotPrices.find(
          (price) => price.instanceType === instanceType && price.zoneId === spotZoneId,
        );
  return found === undefined ? undefined : Number((found.hourlyUsd * hoursPerMonth).toFixed(2));
};

export interface Found {
  readonly thing: TaggedThing;
  readonly claim: Claim;
  /** For 730 hours; absent where no price is known. */
  readonly monthlyUsd?: number;
}

export interface UnclaimedReading {
  readonly place: Place;
  /** As the list stands. */
  readonly rows: readonly Unclaimed[];
  readonly found: readonly Found[];
  /** Of which kinds all were read: of no other is anything concluded. */
  readonly kinds: ReadonlySet<TaggedKind>;
  readonly now: Date;
}

export interface UnclaimedChanges {
  readonly write: readonly Unclaimed[];
  readonly forget: readonly Unclaimed[];
}

const keyOf = ({ kind, id }: { readonly kind: string; readonly id: string }): string =>
  `${kind} ${id}`;

/** AWS shows it as gone, or about to be. */
const isEnding = ({ state }: TaggedThing): boolean =>
  ["terminated", "shutting-down", "deleting", "deleted", "deregistered"].includes(state);

const latest = (instants: readonly (string | undefined)[]): string =>
  instants
    .filter((instant) => instant !== undefined)
    .reduce((last, instant) => (Date.parse(instant) > Date.parse(last) ? instant : last), "1970");

/** Since when it stands there unclaimed: where AWS does not say when it was made, since it was seen first. */
const isOldEnough = ({ thing, claim }: Found, firstSeenAt: string, now: Date): boolean => {
  const ended = claim.kind === "UNCLAIMED" ? claim.since : undefined;
  const since = latest([thing.madeAt ?? firstSeenAt, ended]);
  return now.getTime() - Date.parse(since) >= graceMs;
};

/** Without the members that have no value: a stored row has none. */
const present = <T extends object>(members: T): T =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;

/** A price that was told stays as it is, until the thing changes its state. */
const priceIn = (row: Unclaimed | undefined, { thing, monthlyUsd }: Found): number | undefined =>
  row?.listedAt !== undefined && row.state === thing.state ? row.monthlyUsd : monthlyUsd;

/** What the row says of the thing as it is now. */
const described = (
  { place, now }: UnclaimedReading,
  found: Found,
  row: Unclaimed | undefined,
): Unclaimed | undefined => {
  const { thing, claim } = found;
  if (claim.kind === "CLAIMED") return undefined;
  const { kind, id, state } = thing;
  const firstSeenAt = row?.firstSeenAt ?? now.toISOString();
  const isDue = row?.listedAt === undefined && isOldEnough(found, firstSeenAt, now);
  const optional = {
    evaluationTag: thing.tags[evaluationTag],
    instanceId: thing.instanceId,
    madeAt: thing.madeAt,
    listedAt: isDue ? now.toISOString() : row?.listedAt,
    monthlyUsd: priceIn(row, found),
  };
  return {
    ...place,
    kind,
    id,
    state,
    reason: claim.reason,
    firstSeenAt,
    ...(present(optional) as Partial<Unclaimed>),
  };
};

const isSame = (one: Unclaimed, other: Unclaimed): boolean =>
  (Object.keys({ ...one, ...other }) as (keyof Unclaimed)[]).every(
    (key) => one[key] === other[key],
  );

/** A row of what this reading does not show. */
const missing = (row: Unclaimed, now: Date): UnclaimedChanges => {
  const { missingSince } = row;
  if (missingSince === undefined) {
    return { write: [{ ...row, missingSince: now.toISOString() }], forget: [] };
  }
  const isGone = now.getTime() - Date.parse(missingSince) >= absenceMs;
  return { write: [], forget: isGone ? [row] : [] };
};

const judgeFound = (
  reading: UnclaimedReading,
  found: Found,
  row: Unclaimed | undefined,
): UnclaimedChanges => {
  const next = isEnding(found.thing) ? undefined : described(reading, found, row);
  if (next === undefined) return { write: [], forget: row === undefined ? [] : [row] };
  return { write: row !== undefined && isSame(row, next) ? [] : [next], forget: [] };
};

export const judgeReading = (reading: UnclaimedReading): UnclaimedChanges => {
  const { found, rows, kinds, now } = reading;
  const rowOf = new Map(rows.map((row) => [keyOf(row), row]));
  const seen = new Set(found.map(({ thing }) => keyOf(thing)));
  const changes = [
    ...found.map((each) => judgeFound(reading, each, rowOf.get(keyOf(each.thing)))),
    ...rows
      .filter((row) => kinds.has(row.kind) && !seen.has(keyOf(row)))
      .map((row) => missing(row, now)),
  ];
  return {
    write: changes.flatMap(({ write }) => write),
    forget: changes.flatMap(({ forget }) => forget),
  };
};

const whyUnclaimed = {
  NO_EVALUATION: "the store knows no evaluation that could have made it",
  NO_INTENT: "nothing in the store says that its evaluation made it",
  UNDONE: "its evaluation counts it as undone",
} as const satisfies Record<Unclaimed["reason"], string>;

/** For the log, once. */
export const tellUnclaimed = (row: Unclaimed): string =>
  `The ${row.kind} ${row.id} (${row.state}) in ${row.region} of account ${row.accountId} carries our tags, and ${whyUnclaimed[row.reason]}. ` +
  `It is left as it is. Next: see in the runbook, "A thing that nothing claims", who made it, and delete it by hand if nobody needs it.`;

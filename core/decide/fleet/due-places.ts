/**
 * Which accounts and regions a sweep looks at: always those with targets; those whose targets are found by tags, unless nothing runs
 * there; and every other connected region once a day, for a new instance may stand in any.
 */
import type { Account } from "../../model/account.ts";
import { placeKey, type Place } from "../../model/place.ts";
import type { PlaceStanding } from "../../model/place-standing.ts";

/** Of an account that may be read. */
export interface SweptAccount {
  /** Every connected region. */
  readonly places: readonly Place[];
  /** Of those that were swept. */
  readonly standings: readonly PlaceStanding[];
  readonly findsByTags: boolean;
}

const dayMs = 24 * 3_600_000;

/** Sweeps of a day, half of them: those that come due together are spread over the others. */
const spreadOver = 48;
/** However few regions are connected: what was connected just now is looked at soon. */
const fewestAtOnce = 20;

interface Region {
  readonly place: Place;
  readonly findsByTags: boolean;
  readonly standing: PlaceStanding | undefined;
}

const regionsOf = ({ places, standings, findsByTags }: SweptAccount): readonly Region[] =>
  places.map((place) => ({
    place,
    findsByTags,
    standing: standings.find(({ region }) => region === place.region),
  }));

/** Never read counts as not empty. */
const isSweptAlways = ({ findsByTags, standing }: Region): boolean =>
  findsByTags && standing?.instances !== 0;

const sweptMs = ({ standing }: Region): number =>
  standing === undefined ? 0 : Date.parse(standing.sweptAt);

/** A time that is yet to come was written by a clock that was wrong. */
const isDue = (region: Region, nowMs: number): boolean =>
  sweptMs(region) > nowMs || nowMs - sweptMs(region) >= dayMs;

/** A storm takes many at once: what is down in PROD is found, and launched anew, before what is down in LAB. */
export const prodFirst = (
  places: readonly Place[],
  accounts: readonly Pick<Account, "accountId" | "environment">[],
): readonly Place[] => {
  const prod = new Set(
    accounts.filter(({ environment }) => environment === "PROD").map(({ accountId }) => accountId),
  );
  const isLater = ({ accountId }: Place): number => (prod.has(accountId) ? 0 : 1);
  return places.toSorted((one, other) => isLater(one) - isLater(other));
};

/** Each once: those of every sweep first, then who was looked at longest ago. */
export const duePlaces = (
  withTargets: readonly Place[],
  accounts: readonly SweptAccount[],
  now: Date,
): readonly Place[] => {
  const nowMs = now.getTime();
  const regions = accounts.flatMap(regionsOf);
  const always = [...withTargets, ...regions.filter(isSweptAlways).map(({ place }) => place)];
  const due = new Map(always.map((place) => [placeKey(place), place]));
  const others = regions.filter(({ place }) => !due.has(placeKey(place)));
  const most = Math.max(fewestAtOnce, Math.ceil(others.length / spreadOver));
  const daily = others
    .filter((region) => isDue(region, nowMs))
    .toSorted((one, other) => sweptMs(one) - sweptMs(other))
    .slice(0, most);
  return [...due.values(), ...daily.map(({ place }) => place)];
};

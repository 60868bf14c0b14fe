/** A revision of the fleet as text: the sweep of each place that was read, and the targets of which more was known. */
import { hash } from "node:crypto";
import type { FleetRevision } from "../../core/decide/fleet/fleet-changes.ts";
import type { FleetPlace } from "../../core/model/fleet-row.ts";
import { placeKey } from "../../core/model/place.ts";

/** Digits and small letters: a sequence is milliseconds since the epoch. */
const radix = 36;

/** Of whoever has seen more of them all rows are sent again, so that a revision fits into an address. */
const mostUnswept = 400;

const namesOf = (places: readonly FleetPlace[]): string =>
  hash("sha256", places.map(placeKey).join(), "base64url").slice(0, 8);

const earliestOf = (places: readonly FleetPlace[]): number =>
  places.reduce((least, { sequence }) => Math.min(least, sequence), Infinity);

/** `names.base.sequences.ends`. With too many ends, or without places: the names alone, of which no change can be told. */
export const encodeRevision = (
  places: readonly FleetPlace[],
  unswept: ReadonlySet<string>,
): string => {
  const names = namesOf(places);
  if (places.length === 0 || unswept.size > mostUnswept) return names;
  const base = earliestOf(places);
  const sequences = places.map(({ sequence }) => (sequence - base).toString(radix));
  return [names, base.toString(radix), sequences.join("_"), [...unswept].sort().join("_")].join(
    ".",
  );
};

/** Undefined: it is not one of these places, or of no use. */
export const decodeRevision = (
  text: string,
  places: readonly FleetPlace[],
): FleetRevision | undefined => {
  const [names, base, sequences, ends] = text.split(".");
  if (names !== namesOf(places) || base === undefined || sequences === undefined) return undefined;
  const numbers = sequences.split("_").map((each) => parseInt(base, radix) + parseInt(each, radix));
  if (numbers.length !== places.length || !numbers.every(Number.isSafeInteger)) return undefined;
  return {
    sequences: new Map(places.map((place, index) => [placeKey(place), numbers[index] ?? 0])),
    unswept: new Set((ends ?? "").split("_").filter((end) => end !== "")),
  };
};

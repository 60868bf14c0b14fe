/**
 * Says which rows of the fleet may have changed since somebody read it. A revision names the sweep of each place that was read, and the
 * targets of which more was known than sweeps had written: whatever stood otherwise then is sent once more, and nothing that has changed is missed.
 */
import type { FleetPlace } from "../../model/fleet-row.ts";
import type { TargetId } from "../../model/ids.ts";
import { placeKey } from "../../model/place.ts";
import type { FleetEntry, FleetSources } from "./fleet-view.ts";

/** What a reader has seen. */
export interface FleetRevision {
  readonly sequences: ReadonlyMap<string, number>;
  /** The ends of ids: two targets that share one are both sent. */
  readonly unswept: ReadonlySet<string>;
}

const endLength = 6;

export const endOfId = (targetId: string): string => targetId.slice(-endLength);

/** Of these more is known than their rows say. */
export const unsweptIn = ({
  news,
  evaluations,
  rows,
}: Pick<FleetSources, "news" | "evaluations" | "rows">): ReadonlySet<string> => {
  const waiting = rows.filter(({ last }) => last?.approvalId !== undefined);
  return new Set(
    [...news, ...waiting]
      .map(({ targetId }) => endOfId(targetId))
      .concat([...evaluations.keys()].map(endOfId)),
  );
};

export interface FleetChanges {
  readonly entries: readonly FleetEntry[];
  readonly removed: readonly TargetId[];
}

const seenIn = (seen: FleetRevision, place: FleetPlace): number | undefined =>
  seen.sequences.get(placeKey(place));

/** Undefined: too much has changed, or too long ago, so that all rows are to be sent. */
export const changesSince = (
  seen: FleetRevision,
  sources: FleetSources,
  entries: readonly FleetEntry[],
): FleetChanges | undefined => {
  const { places, news } = sources;
  if (seen.sequences.size !== places.length) return undefined;
  const isKnown = (place: FleetPlace): boolean => {
    const sequence = seenIn(seen, place);
    return sequence !== undefined && sequence <= place.sequence && sequence >= place.goneFrom;
  };
  if (!places.every(isKnown)) return undefined;
  const ends = new Set([...seen.unswept, ...unsweptIn(sources)]);
  const changed = entries.filter(({ row }) => {
    const sequence = seen.sequences.get(placeKey(row));
    const isSwept = (row.changedIn ?? Infinity) <= (sequence ?? -1);
    return !isSwept || ends.has(endOfId(row.targetId));
  });
  const removed = places.flatMap((place) =>
    place.gone.filter(({ since }) => since > (seenIn(seen, place) ?? -1)),
  );
  const forgotten = news.filter(({ isGone }) => isGone === true);
  return {
    entries: changed,
    removed: [...new Set([...removed, ...forgotten].map(({ targetId }) => targetId))].toSorted(),
  };
};

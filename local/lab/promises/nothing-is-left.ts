/**
 * Nothing that was not there before is left that belongs to nothing: no resource of any kind, tagged or not, no replacement that was
 * given up. What is left all the same is named in the record.
 */
import { isKept, type Judged, type Promised } from "./promise.ts";

const leftOfUndone = ({ ending: { replacements } }: Judged): readonly string[] =>
  replacements
    .filter(({ state }) => isKept(state))
    .map(({ instanceId, state }) => `the replacement ${instanceId} is ${state}`);

/** A volume that a way back had to leave is its owner's to delete. */
const isNamed = ({ ending: { evaluation } }: Judged, id: string): boolean =>
  evaluation.progress.leftVolumes?.includes(id) === true;

export const nothingIsLeft: Promised = {
  atEnd: (judged) => [
    ...(judged.end === "AS_IT_WAS" ? leftOfUndone(judged) : []),
    ...judged.ending.orphans
      .filter(({ id }) => !isNamed(judged, id))
      .map(({ kind, id }) => `orphan: ${kind} ${id}`),
    ...(judged.ending.isLeaseHeld ? ["the lease is still held"] : []),
  ],
};

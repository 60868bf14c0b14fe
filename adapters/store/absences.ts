/** Targets that readings of their place have not shown of late: beside the target, and only as long as it is so. */
import { absenceSchema, type Absence } from "../../core/model/absence.ts";
import type { TargetId } from "../../core/model/ids.ts";
import type { Place } from "../../core/model/place.ts";
import { absenceKey, absentPartition } from "./keys.ts";
import { parseStored, parseToStore } from "./parsed-data.ts";
import type { Item, Table, WriteResult } from "./table.ts";
import { removeItem } from "./update-item.ts";

/** As it was read: it is written under that version. */
export interface StoredAbsence {
  readonly absence: Absence;
  readonly version: number;
}

const read = ({ pk, sk, data }: Item): Absence => parseStored(absenceSchema(), data, `${pk}/${sk}`);

/** All of a place, read consistently: few at any time. @throws BrokenFacts */
export const listAbsencesIn = async (
  table: Table,
  place: Place,
): Promise<ReadonlyMap<TargetId, StoredAbsence>> => {
  const absences = new Map<TargetId, StoredAbsence>();
  const { items } = await table.query({ partition: absentPartition(place) });
  for (const item of items) {
    const absence = read(item);
    absences.set(absence.targetId, { absence, version: item.version });
  }
  return absences;
};

/** Undefined: the last reading showed it, or there was none. @throws BrokenFacts */
export const getAbsence = async (
  table: Table,
  place: Place,
  targetId: TargetId,
): Promise<Absence | undefined> => {
  const item = await table.get(absenceKey(place, targetId));
  return item === undefined ? undefined : read(item);
};

/** @param version of what was read; undefined where there was none. CONFLICT if another has written it since. */
export const writeAbsence = (
  table: Table,
  absence: Absence,
  version: number | undefined,
): Promise<WriteResult> => {
  const { targetId } = absence;
  const data = parseToStore(absenceSchema(), absence, `absence of target ${targetId}`);
  return table.put(
    { ...absenceKey(absence, targetId), version: (version ?? 0) + 1, data },
    version === undefined ? { ifAbsent: true } : { ifVersion: version },
  );
};

/** It is shown again, or no longer a target there. */
export const forgetAbsence = async (
  table: Table,
  place: Place,
  targetId: TargetId,
): Promise<void> => {
  await removeItem(table, absenceKey(place, targetId));
};

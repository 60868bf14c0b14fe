/** Notes how the sweep of a place went, beside its account: who looks at the account sees what is wrong there, and since when. */
import { updatePlaceStanding } from "../../../adapters/store/place-standings.ts";
import type { Table } from "../../../adapters/store/table.ts";
import type { SpotOptimizerError } from "../../../core/errors.ts";
import type { Place } from "../../../core/model/place.ts";

export interface SweepOfPlace {
  readonly now: Date;
  readonly targets: number;
  readonly judged: number;
  /** Of the reading. Absent: none came about. */
  readonly readAt?: string;
  readonly failure?: SpotOptimizerError;
}

export const noteStanding = (table: Table, place: Place, swept: SweepOfPlace): Promise<void> =>
  updatePlaceStanding(table, place, (stored) => {
    const { now, targets, judged, failure } = swept;
    const readAt = swept.readAt ?? stored?.readAt;
    const sweptAt = now.toISOString();
    return {
      ...place,
      sweptAt,
      targets,
      judged,
      ...(readAt !== undefined && { readAt }),
      ...(failure !== undefined && {
        failure: {
          error: failure.name,
          cause: failure.message,
          since: stored?.failure?.error === failure.name ? stored.failure.since : sweptAt,
        },
      }),
    };
  });

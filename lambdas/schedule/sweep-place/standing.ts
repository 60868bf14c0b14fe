/** Notes how the sweep of a place went, beside its account: who looks at the account sees what is wrong there, and since when. */
import { updatePlaceStanding } from "../../../adapters/store/place-standings.ts";
import type { Table } from "../../../adapters/store/table.ts";
import type { SpotOptimizerError } from "../../../core/errors.ts";
import { hasEnded } from "../../../core/model/instance.ts";
import type { Place } from "../../../core/model/place.ts";
import type { PlaceReading } from "../../../core/model/place-reading.ts";

export interface SweepOfPlace {
  readonly now: Date;
  readonly targets: number;
  readonly judged: number;
  /** Absent: none came about. */
  readonly reading?: PlaceReading;
  readonly failure?: SpotOptimizerError;
}

const aliveIn = ({ instances }: PlaceReading): number =>
  instances.filter(({ state }) => !hasEnded(state)).length;

export const noteStanding = (table: Table, place: Place, swept: SweepOfPlace): Promise<void> =>
  updatePlaceStanding(table, place, (stored) => {
    const { now, targets, judged, reading, failure } = swept;
    const readAt = reading?.readAt ?? stored?.readAt;
    const instances = reading === undefined ? stored?.instances : aliveIn(reading);
    const sweptAt = now.toISOString();
    return {
      ...place,
      sweptAt,
      targets,
      judged,
      ...(readAt !== undefined && { readAt }),
      ...(instances !== undefined && { instances }),
      ...(failure !== undefined && {
        failure: {
          error: failure.name,
          cause: failure.message,
          since: stored?.failure?.error === failure.name ? stored.failure.since : sweptAt,
        },
      }),
    };
  });

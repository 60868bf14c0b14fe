/** Notes how the sweep of a place went, beside its account: who looks at the account sees what is wrong there, and since when. */
import { updatePlaceStanding } from "../../../adapters/store/place-standings.ts";
import type { Table } from "../../../adapters/store/table.ts";
import type { SpotOptimizerError } from "../../../core/errors.ts";
import { hasEnded } from "../../../core/model/instance.ts";
import type { Place } from "../../../core/model/place.ts";
import type { PlaceStanding } from "../../../core/model/place-standing.ts";
import type { PlaceReading } from "../../../core/model/place-reading.ts";

export interface SweepOfPlace {
  readonly now: Date;
  readonly targets: number;
  readonly judged: number;
  /** Absent: none came about. */
  readonly reading?: PlaceReading;
  readonly failure?: SpotOptimizerError;
}

type Shown = Pick<PlaceStanding, "readAt" | "instances">;

const shownBy = ({ readAt, instances }: PlaceReading): Shown => ({
  readAt,
  instances: instances.filter(({ state }) => !hasEnded(state)).length,
});

/** By the last complete reading that came about. */
const lastShown = ({ readAt, instances }: Shown = {}): Shown => ({
  ...(readAt !== undefined && { readAt }),
  ...(instances !== undefined && { instances }),
});

export const noteStanding = (table: Table, place: Place, swept: SweepOfPlace): Promise<void> =>
  updatePlaceStanding(table, place, (stored) => {
    const { now, targets, judged, reading, failure } = swept;
    const sweptAt = now.toISOString();
    return {
      ...place,
      sweptAt,
      targets,
      judged,
      ...(reading === undefined ? lastShown(stored) : shownBy(reading)),
      ...(failure !== undefined && {
        failure: {
          error: failure.name,
          cause: failure.message,
          since: stored?.failure?.error === failure.name ? stored.failure.since : sweptAt,
        },
      }),
    };
  });

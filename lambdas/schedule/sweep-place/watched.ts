/** Notes which targets of a place are watched closely until the next sweep: their Spot requests are read twice a minute. */
import { noteWatched } from "../../../adapters/store/watched-places.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { isWatchedClosely } from "../../../core/decide/linear/watched-closely.ts";
import type { Account } from "../../../core/model/account.ts";
import type { Place } from "../../../core/model/place.ts";
import type { Target } from "../../../core/model/target.ts";
import type { OneByOne } from "../one-by-one.ts";

interface Watch {
  readonly place: Place;
  readonly account: Account;
  readonly targets: readonly Target[];
  readonly turns: OneByOne;
}

export const keepWatched = async (
  table: Table,
  { place, account, targets, turns }: Watch,
): Promise<void> => {
  const { accountId, region } = place;
  const watched = targets
    .filter((target) => isWatchedClosely(target, account.environment))
    .map(({ targetId, instanceId }) => ({ targetId, instanceId }));
  const name = "Whose Spot requests are watched is noted again by the next sweep";
  await turns.attempt({ name, keys: { accountId, region } }, () =>
    noteWatched(table, { accountId, region, targets: watched }),
  );
};

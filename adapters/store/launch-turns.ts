/** The queue of launches of an account's region: an item for each who waits and for each call, appended and never changed, so that 200 at once do not contend. */
import { launchTurnSchema, type LaunchTurn } from "../../core/model/launch-turn.ts";
import type { Place } from "../../core/model/place.ts";
import { launchTurnKey, launchTurnsPartition } from "./keys.ts";
import { parseStored, parseToStore, sortableInstant } from "./parsed-data.ts";
import { keptSeconds } from "./retention.ts";
import type { Item, Table } from "./table.ts";

const read = ({ pk, sk, data }: Item): LaunchTurn =>
  parseStored(launchTurnSchema(), data, `${pk}/${sk}`);

/** What stands there already is left as it is. */
export const addLaunchTurn = async (
  table: Table,
  place: Place,
  turn: LaunchTurn,
): Promise<void> => {
  const at = sortableInstant(turn.at, "at");
  await table.put(
    {
      ...launchTurnKey(place, { ...turn, at }),
      version: 1,
      ttl: Math.floor(Date.parse(turn.at) / 1000) + keptSeconds.launchTurns,
      data: parseToStore(launchTurnSchema(), turn, `launch turn of ${turn.evaluationId}`),
    },
    { ifAbsent: true },
  );
};

/** Read consistently. @param since ISO 8601. @throws BrokenFacts */
export const listLaunchTurns = async (
  table: Table,
  place: Place,
  since: string,
): Promise<readonly LaunchTurn[]> => {
  const { items } = await table.query({
    partition: launchTurnsPartition(place),
    from: sortableInstant(since, "since"),
  });
  return items.map(read);
};

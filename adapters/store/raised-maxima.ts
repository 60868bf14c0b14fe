/**
 * Maxima that an evaluation has raised and could not hand back yet, each by its group: whoever is registered for it now must not raise it further, and
 * who forgets the target does not forget that.
 */
import type { EvaluationId } from "../../core/model/ids.ts";
import { raisedMaxSchema, type RaisedMax } from "../../core/model/raised-max.ts";
import { raisedMaxKey } from "./keys.ts";
import { parseStored, parseToStore } from "./parsed-data.ts";
import type { Item, Table } from "./table.ts";
import { untilWritten } from "./update-item.ts";

export interface GroupPlace {
  readonly accountId: string;
  readonly region: string;
  readonly asgName: string;
}

const nameOf = ({ asgName, region, accountId }: GroupPlace): string =>
  `the raised maximum of group ${asgName} in ${region} of account ${accountId}`;

const read = (item: Item | undefined, group: GroupPlace): RaisedMax | undefined =>
  item === undefined ? undefined : parseStored(raisedMaxSchema(), item.data, nameOf(group));

/** Undefined where none stands. @throws BrokenFacts naming the group if what is stored does not parse */
export const readRaisedMax = async (
  table: Table,
  group: GroupPlace,
): Promise<RaisedMax | undefined> => {
  const raised = read(await table.get(raisedMaxKey(group)), group);
  return raised?.isOver === true ? undefined : raised;
};

const write = (
  table: Table,
  group: GroupPlace,
  change: (stored: RaisedMax | undefined) => RaisedMax | undefined,
): Promise<void> =>
  untilWritten(nameOf(group), async () => {
    const key = raisedMaxKey(group);
    const item = await table.get(key);
    const stored = read(item, group);
    const changed = change(stored);
    if (changed === undefined || changed === stored) return "DONE";
    const { kind } = await table.put(
      {
        ...key,
        version: (item?.version ?? 0) + 1,
        data: parseToStore(raisedMaxSchema(), changed, nameOf(group)),
      },
      item === undefined ? { ifAbsent: true } : { ifVersion: item.version },
    );
    return kind === "WRITTEN" ? "DONE" : undefined;
  }).then(() => undefined);

/** @throws RetryableContention */
export const noteRaisedMax = (table: Table, group: GroupPlace, raised: RaisedMax): Promise<void> =>
  write(table, group, () => raised);

/** Handed back, or its owner's by now. What another evaluation has raised since stands. @throws RetryableContention */
export const noteHandedBack = (
  table: Table,
  group: GroupPlace,
  evaluationId: EvaluationId,
): Promise<void> =>
  write(table, group, (stored) =>
    stored?.evaluationId === evaluationId ? { ...stored, isOver: true } : stored,
  );

/**
 * Maxima that an evaluation has raised and could not hand back yet, each by its group: whoever is registered for it now must not raise it further, and
 * who forgets the target does not forget that.
 */
import type { EvaluationId } from "../../core/model/ids.ts";
import { raisedMaxSchema, type RaisedMax } from "../../core/model/raised-max.ts";
import { raisedMaxKey } from "./keys.ts";
import { readValue, updateValue, type SingleValue } from "./single-value.ts";
import type { Table } from "./table.ts";

export interface GroupPlace {
  readonly accountId: string;
  readonly region: string;
  readonly asgName: string;
}

const raisedMaxOf = (group: GroupPlace): SingleValue<RaisedMax, undefined> => ({
  key: raisedMaxKey(group),
  name: `the raised maximum of group ${group.asgName} in ${group.region} of account ${group.accountId}`,
  schema: raisedMaxSchema(),
  none: undefined,
});

/** Undefined where none stands. @throws BrokenFacts naming the group if what is stored does not parse */
export const readRaisedMax = async (
  table: Table,
  group: GroupPlace,
): Promise<RaisedMax | undefined> => {
  const raised = await readValue(table, raisedMaxOf(group));
  return raised?.isOver === true ? undefined : raised;
};

/** @throws RetryableContention */
export const noteRaisedMax = async (
  table: Table,
  group: GroupPlace,
  raised: RaisedMax,
): Promise<void> => {
  await updateValue(table, raisedMaxOf(group), () => raised);
};

/** Handed back, or its owner's by now. What another evaluation has raised since stands. @throws RetryableContention */
export const noteHandedBack = async (
  table: Table,
  group: GroupPlace,
  evaluationId: EvaluationId,
): Promise<void> => {
  await updateValue(table, raisedMaxOf(group), (stored): RaisedMax | undefined =>
    stored?.evaluationId === evaluationId && stored.isOver !== true
      ? { ...stored, isOver: true }
      : stored,
  );
};

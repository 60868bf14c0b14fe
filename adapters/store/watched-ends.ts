/** Evaluations that go on, and those that have begun and ended since the last look. */
import type { Evaluation } from "../../core/model/evaluation.ts";
import { watchedEndsSchema, type WatchedEnds } from "../../core/model/watched-ends.ts";
import { readEvaluation } from "./evaluation-items.ts";
import { closedEvaluationsPartition, openEvaluationsPartition } from "./keys.ts";
import { watchedEndsKey } from "./notice-keys.ts";
import { sortableInstant } from "./parsed-data.ts";
import { readValue, updateValue, type SingleValue } from "./single-value.ts";
import type { Table } from "./table.ts";

const watchedEnds = (): SingleValue<WatchedEnds, undefined> => ({
  key: watchedEndsKey,
  name: "the ends that are told",
  schema: watchedEndsSchema(),
  none: undefined,
});

export const readWatchedEnds = (table: Table): Promise<WatchedEnds | undefined> =>
  readValue(table, watchedEnds());

export const writeWatchedEnds = async (table: Table, watched: WatchedEnds): Promise<void> => {
  await updateValue(table, watchedEnds(), () => Promise.resolve(watched));
};

/** So many records are read at once. */
const pageSize = 200;

/** As their records stand now, found through an index, which may lag. `from`: of their beginning, ISO 8601. */
const recordsOf = async (
  table: Table,
  partition: string,
  from?: string,
): Promise<readonly Evaluation[]> => {
  const found: Evaluation[] = [];
  let cursor: string | undefined;
  do {
    const page = await table.query({
      index: "gsi1",
      partition,
      limit: pageSize,
      ...(from !== undefined && { from: sortableInstant(from, "from") }),
      ...(cursor !== undefined && { cursor }),
    });
    found.push(...page.items.flatMap((item) => readEvaluation([item]) ?? []));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
};

/** Those that were open a moment ago, and those begun since `from` that have ended. */
export const readOpenAndRecent = async (
  table: Table,
  from: string,
): Promise<readonly Evaluation[]> => [
  ...(await recordsOf(table, openEvaluationsPartition)),
  ...(await recordsOf(table, closedEvaluationsPartition, from)),
];

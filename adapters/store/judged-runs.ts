/** Runs of alike verdicts: the current one of each target stands with its place, so that one query reads those of all; ended ones with the target. */
import { judgedRunSchema, type JudgedRun } from "../../core/model/judged-run.ts";
import type { TargetId } from "../../core/model/ids.ts";
import type { Place } from "../../core/model/place.ts";
import { endedRunKey, endedRunPrefix, judgedKey, judgedPartition, targetKey } from "./keys.ts";
import { parseStored, parseToStore } from "./parsed-data.ts";
import type { Item, Table, WriteResult } from "./table.ts";
import { removeItem, untilWritten } from "./update-item.ts";

/** A run as it was read: it goes on under that version. */
export interface StoredRun {
  readonly run: JudgedRun;
  readonly version: number;
}

const read = ({ pk, sk, data }: Item): JudgedRun =>
  parseStored(judgedRunSchema(), data, `${pk}/${sk}`);

const stored = (run: JudgedRun): unknown =>
  parseToStore(judgedRunSchema(), run, `verdicts on target ${run.targetId}`);

/** The current run of every target of the place that has one, read consistently. */
export const listJudgedIn = async (
  table: Table,
  place: Place,
): Promise<ReadonlyMap<TargetId, StoredRun>> => {
  const runs = new Map<TargetId, StoredRun>();
  const { items } = await table.query({ partition: judgedPartition(place) });
  for (const item of items) {
    const run = read(item);
    runs.set(run.targetId, { run, version: item.version });
  }
  return runs;
};

/** Undefined: no sweep has judged it yet. @throws BrokenFacts */
export const getJudged = async (
  table: Table,
  place: Place,
  targetId: TargetId,
): Promise<JudgedRun | undefined> => {
  const item = await table.get(judgedKey(place, targetId));
  return item === undefined ? undefined : read(item);
};

/** @param version of the run that was read; undefined where there was none. CONFLICT if another has written it since. */
export const writeJudged = (
  table: Table,
  place: Place,
  { run, version }: { readonly run: JudgedRun; readonly version: number | undefined },
): Promise<WriteResult> =>
  table.put(
    { ...judgedKey(place, run.targetId), version: (version ?? 0) + 1, data: stored(run) },
    version === undefined ? { ifAbsent: true } : { ifVersion: version },
  );

/** Of a target that was deleted, or that stands elsewhere now. */
export const forgetJudged = async (
  table: Table,
  place: Place,
  targetId: TargetId,
): Promise<void> => {
  await removeItem(table, judgedKey(place, targetId));
};

/** Before another run takes its place: who dies in between writes it again. @throws RetryableContention */
export const writeEndedRun = async (table: Table, run: JudgedRun): Promise<void> => {
  const key = endedRunKey(run.targetId, run.firstAt);
  await untilWritten(`${key.pk}/${key.sk}`, async () => {
    const old = await table.get(key);
    const { kind } = await table.put(
      { ...key, version: (old?.version ?? 0) + 1, data: stored(run) },
      old === undefined ? { ifAbsent: true } : { ifVersion: old.version },
    );
    return kind === "WRITTEN" ? true : undefined;
  });
};

/** Undefined: no run of the target that has ended began then. @throws BrokenFacts */
export const getEndedRun = async (
  table: Table,
  targetId: TargetId,
  firstAt: string,
): Promise<JudgedRun | undefined> => {
  const item = await table.get(endedRunKey(targetId, firstAt));
  return item === undefined ? undefined : read(item);
};

/** Ended ones, newest first. @throws BrokenInput naming `cursor` or `limit` */
export const listEndedRuns = async (
  table: Table,
  {
    targetId,
    ...paging
  }: { readonly targetId: TargetId; readonly limit: number; readonly cursor?: string },
): Promise<{ readonly items: readonly JudgedRun[]; readonly cursor?: string }> => {
  const { pk: partition } = targetKey(targetId);
  const page = await table.query({
    partition,
    prefix: endedRunPrefix,
    descending: true,
    ...paging,
  });
  return { ...page, items: page.items.map(read) };
};

/**
 * Finds the evaluations that have ended since the last look, by whatever they came to their end: a closing that died after its last write, a
 * record that was ended by hand, and code of an earlier release are told like any other, and no evaluation pays a write for it.
 */
import { getEvaluation } from "../../../adapters/store/evaluations.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { readOpenAndRecent, readWatchedEnds } from "../../../adapters/store/watched-ends.ts";
import type { Evaluation } from "../../../core/model/evaluation.ts";
import type { WatchedEnds } from "../../../core/model/watched-ends.ts";
import type { Told } from "../../../core/notice/fold.ts";
import { noticeOfEvaluation } from "../../../core/notice/of-evaluation.ts";

/** An index shows a record later than it was written: by seconds, and this is far more. */
const lookBackMs = 5 * 60_000;

const endOf = ({ evaluationId, endedAt = "" }: Evaluation): string => `${evaluationId}#${endedAt}`;

/** What the index does not show as open any longer is read by its id. */
const readAll = async (
  table: Table,
  { from, open }: { readonly from: string; readonly open: WatchedEnds["open"] },
): Promise<readonly Evaluation[]> => {
  const seen = new Map(
    (await readOpenAndRecent(table, from)).map((each) => [each.evaluationId, each]),
  );
  for (const evaluationId of open) {
    const left = seen.has(evaluationId) ? undefined : await getEvaluation(table, evaluationId);
    if (left !== undefined) seen.set(evaluationId, left);
  }
  return [...seen.values()];
};

/** `watched`: to be written once what is told is part of its message. */
export const lookForEnds = async (
  table: Table,
  now: Date,
): Promise<{ readonly told: readonly Told[]; readonly watched: WatchedEnds }> => {
  const before = await readWatchedEnds(table);
  const since = before === undefined ? now.getTime() : Date.parse(before.lookedAt);
  const from = new Date(since - lookBackMs).toISOString();
  const all = await readAll(table, { from, open: before?.open ?? [] });
  const known = new Set(before?.told);
  const ended = all.filter(({ endedAt }) => endedAt !== undefined);
  const told = ended
    .filter((each) => !known.has(endOf(each)))
    .flatMap((each) => {
      const notice = noticeOfEvaluation(each);
      return notice === undefined ? [] : [{ key: endOf(each), notice }];
    });
  return {
    told,
    watched: {
      lookedAt: now.toISOString(),
      open: all.filter(({ endedAt }) => endedAt === undefined).map((each) => each.evaluationId),
      told: ended.map(endOf),
    },
  };
};

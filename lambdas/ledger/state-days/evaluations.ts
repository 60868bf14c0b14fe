/** Reads what a target's evaluations have kept, held and counted: only of one that was ever touched. */
import { listAllEvaluations } from "../../../adapters/store/all-evaluations.ts";
import { loadSubjectFacts } from "../../../adapters/store/evaluations.ts";
import { listIntents } from "../../../adapters/store/intents.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { imagesOf, reservationsOf } from "../../../core/ledger/kept-by-evaluation.ts";
import type { DayFacts } from "../../../core/ledger/state-day.ts";
import { dayMs } from "../../../core/ledger/time.ts";
import { mayHaveActed, type Evaluation, type LinearFacts } from "../../../core/model/evaluation.ts";
import type { TargetId } from "../../../core/model/ids.ts";
import type { KeptSnapshot } from "../../../core/model/ledger/kept-snapshot.ts";
import type { InstanceSpan } from "../../../core/model/ledger/span.ts";

/** Images are kept for the cool-off and the days of a snapshot, 37 days by the largest limits together. */
const keptMs = 40 * dayMs;

export type OfEvaluations = Pick<DayFacts, "images" | "reservations"> & {
  /** Those that have ended, with what they were down for. */
  readonly ended: readonly Pick<Evaluation, "endedAt" | "downtimeSeconds">[];
};

export const nothingKept: OfEvaluations = { images: [], reservations: [], ended: [] };

const sizeOf = async (table: Table, { evaluationId }: Evaluation): Promise<number> => {
  // What is stored of an evaluation is of its mode.
  const facts = (await loadSubjectFacts(table, evaluationId)) as LinearFacts | undefined;
  return facts?.instance?.volumes.reduce((sum, { sizeGib }) => sum + sizeGib, 0) ?? 0;
};

export const readEvaluationsOf = async (
  table: Table,
  {
    targetId,
    from,
    spans,
    snapshots,
  }: {
    readonly targetId: TargetId;
    readonly from: number;
    readonly spans: readonly InstanceSpan[];
    /** Of the place. */
    readonly snapshots: readonly KeptSnapshot[];
  },
): Promise<OfEvaluations> => {
  const since = new Date(from - keptMs).toISOString();
  const all = await listAllEvaluations(table, { targetId, from: since });
  const kept = [];
  for (const evaluation of all.filter((one) => one.mode === "LINEAR" && mayHaveActed(one))) {
    const intents = await listIntents(table, evaluation.evaluationId);
    if (
      !intents.some(
        ({ change: { kind } }) => kind === "CREATE_IMAGE" || kind === "RESERVE_CAPACITY",
      )
    )
      continue;
    const own = spans.filter(
      ({ instanceId }) =>
        evaluation.mode === "LINEAR" && instanceId === evaluation.subject.instanceId,
    );
    kept.push({
      images: imagesOf(evaluation, intents, {
        sizeGib: await sizeOf(table, evaluation),
        snapshots,
      }),
      reservations: reservationsOf(evaluation, intents, own),
    });
  }
  return {
    images: kept.flatMap(({ images }) => images),
    reservations: kept.flatMap(({ reservations }) => reservations),
    ended: all.filter(({ endedAt }) => endedAt !== undefined),
  };
};

/** Reads the fleet as it stands now: one query tells what sweeps have written, and rows are read again only where a sweep has written others. */
import { listAllEvaluations } from "../../adapters/store/all-evaluations.ts";
import { getApproval } from "../../adapters/store/approvals.ts";
import { getEvaluation, loadEvaluation } from "../../adapters/store/evaluations.ts";
import { loadFleetRows, readFleetOverview } from "../../adapters/store/fleet.ts";
import type { Table } from "../../adapters/store/table.ts";
import { standingOf } from "../../core/approval/standing.ts";
import {
  evaluationsByTarget,
  judgedSince,
  type FleetSources,
  type SinceSwept,
} from "../../core/decide/fleet/fleet-view.ts";
import type { EvaluationWithSwaps } from "../../core/decide/fleet/unswept-row.ts";
import type { Evaluation } from "../../core/model/evaluation.ts";
import type { FleetPlace, FleetRow } from "../../core/model/fleet-row.ts";
import { approvalIdSchema, type EvaluationId, type TargetId } from "../../core/model/ids.ts";
import { placeKey } from "../../core/model/place.ts";
import { approvalView } from "../evaluation/approval-record.ts";
import type { ApiContext } from "./context.ts";

type Context = Pick<ApiContext, "now" | "table">;

/** Rows of a place as one sweep wrote them. */
interface KnownRows {
  readonly sequence: number;
  readonly rows: readonly FleetRow[];
}

/** Of each table what this process has read: sweeps write it four times an hour, and a page that is open asks for it six times a minute. */
const known = new WeakMap<Table, Map<string, KnownRows>>();

const rowsOf = async (table: Table, place: FleetPlace): Promise<readonly FleetRow[]> => {
  const ofTable = known.get(table) ?? new Map<string, KnownRows>();
  known.set(table, ofTable);
  const before = ofTable.get(placeKey(place));
  if (before?.sequence === place.sequence) return before.rows;
  const rows = await loadFleetRows(table, place);
  ofTable.set(placeKey(place), { sequence: place.sequence, rows });
  return rows;
};

/** What was begun before that and has ended since the last sweep is known by its place, if it was a switch. */
const recentMs = 2 * 3_600_000;

/** Those that go on, and the last ones. */
const readEvaluations = async (
  { table, now }: Context,
  running: readonly EvaluationId[],
): Promise<readonly Evaluation[]> => {
  const from = new Date(now().getTime() - recentMs).toISOString();
  const [open, recent] = await Promise.all([
    listAllEvaluations(table, { status: "RUNNING" }),
    listAllEvaluations(table, { from }),
  ]);
  const found = new Map([...open, ...recent].map((each) => [each.evaluationId, each]));
  const missing = await Promise.all(
    running.filter((id) => !found.has(id)).map((id) => getEvaluation(table, id)),
  );
  return [...found.values(), ...missing.filter((each) => each !== undefined)];
};

const withSwaps = async (
  table: Table,
  evaluation: Evaluation,
): Promise<readonly EvaluationWithSwaps[]> => {
  if (evaluation.mode === "LINEAR") return [{ evaluation, swaps: [] }];
  const loaded = await loadEvaluation(table, evaluation.evaluationId);
  return loaded === undefined ? [] : [loaded];
};

const readSince = async (
  context: Context,
  places: readonly FleetPlace[],
): Promise<ReadonlyMap<TargetId, SinceSwept>> => {
  const evaluations = await readEvaluations(
    context,
    places.flatMap(({ running }) => running),
  );
  const open = evaluations.filter(({ endedAt }) => endedAt === undefined);
  const loaded = await Promise.all(open.map((each) => withSwaps(context.table, each)));
  return evaluationsByTarget(evaluations, loaded.flat());
};

/** Of those that rows wait for: the ones that somebody can still give. */
const readAwaited = async (
  { table, now }: Context,
  ids: readonly string[],
): Promise<ReadonlySet<string>> => {
  if (ids.length === 0) return new Set();
  const view = await approvalView(table, now());
  const approvals = await Promise.all(
    ids.map((id) => getApproval(table, approvalIdSchema.parse(id))),
  );
  return new Set(
    approvals.flatMap((approval) =>
      approval !== undefined && standingOf(approval, view) === "PENDING"
        ? [approval.approvalId]
        : [],
    ),
  );
};

const readJudged = async (
  table: Table,
  ids: readonly EvaluationId[],
): Promise<FleetSources["judged"]> => {
  const loaded = await Promise.all(ids.map((id) => loadEvaluation(table, id)));
  return new Map(
    loaded.flatMap((each) => (each === undefined ? [] : [[each.evaluation.targetId, each]])),
  );
};

/** @throws BrokenFacts */
export const readFleet = async (context: Context): Promise<FleetSources> => {
  const { table } = context;
  const { places, news } = await readFleetOverview(table);
  const [rows, evaluations] = await Promise.all([
    Promise.all(places.map((place) => rowsOf(table, place))),
    readSince(context, places),
  ]);
  const all = rows.flat();
  const ids = [...all.map(({ last }) => last), ...[...evaluations.values()].map((of) => of.ended)];
  const awaited = await readAwaited(context, [
    ...new Set(ids.flatMap((last) => last?.approvalId ?? [])),
  ]);
  const judged = await readJudged(table, judgedSince({ places, rows: all, news, evaluations }));
  return { places, rows: all, news, evaluations, awaited, judged };
};

/** Writes the rows of a place for who looks at the fleet: what was found of each target, and how its last evaluation ended. No decision rests on them. */
import { listEvaluations } from "../../../adapters/store/evaluations.ts";
import {
  listFleetNews,
  loadFleetRows,
  readFleetPlace,
  removeFleetNews,
  saveFleetRows,
  updateFleetPlace,
  type StoredNews,
} from "../../../adapters/store/fleet.ts";
import { readSwitching } from "../../../adapters/store/switching.ts";
import type { Table } from "../../../adapters/store/table.ts";
import {
  nextSequence,
  sweptFleet,
  type SweptTarget,
} from "../../../core/decide/fleet/fleet-rows.ts";
import { lastEndedOf } from "../../../core/decide/fleet/fleet-view.ts";
import type { Judged } from "../../../core/decide/fleet/starts.ts";
import type { TargetFigures } from "../../../core/decide/fleet/target-figures.ts";
import type { SpotOptimizerError } from "../../../core/errors.ts";
import { inGroups } from "../../../core/in-groups.ts";
import type { FleetLastEnded, FleetPlace, FleetRow } from "../../../core/model/fleet-row.ts";
import type { TargetId } from "../../../core/model/ids.ts";
import type { JudgedRun } from "../../../core/model/judged-run.ts";
import type { Place } from "../../../core/model/place.ts";
import type { PlaceReading } from "../../../core/model/place-reading.ts";
import type { Target } from "../../../core/model/target.ts";
import type { OneByOne } from "../one-by-one.ts";

/** Of a node group several nodes may be answered to at once: the last that has ended is among these. */
const mostLookedAt = 5;
const atOnce = 10;

const lastOf = async (table: Table, targetId: TargetId): Promise<FleetLastEnded | undefined> => {
  const { items } = await listEvaluations(table, { targetId, limit: mostLookedAt });
  return items
    .flatMap((evaluation) => lastEndedOf(evaluation) ?? [])
    .toSorted((one, other) => (one.endedAt < other.endedAt ? 1 : -1))
    .at(0);
};

/** What waits for a person may have been decided without another evaluation. */
const isKnown = ({ lastEvaluatedAt }: Target, before: FleetRow | undefined): boolean =>
  lastEvaluatedAt === before?.evaluatedAt && before?.last?.status !== "NEEDS_OPERATOR";

type LastOf = ReadonlyMap<TargetId, FleetLastEnded | undefined>;

/** Of those that were evaluated since their rows were written. Those that it does not come to have their rows as they are. */
const lastEnded = async (
  table: Table,
  targets: readonly Target[],
  { before, turns }: { before: ReadonlyMap<TargetId, FleetRow>; turns: OneByOne },
): Promise<LastOf> => {
  const asked = targets.filter((target) => !isKnown(target, before.get(target.targetId)));
  const found = new Map<TargetId, FleetLastEnded | undefined>();
  for (const group of inGroups(asked, atOnce)) {
    if (!turns.hasTime()) break;
    const read = group.map(async ({ targetId }) => ({
      targetId,
      last: await lastOf(table, targetId),
    }));
    for (const { targetId, last } of await Promise.all(read)) found.set(targetId, last);
  }
  return found;
};

export interface FleetInput {
  readonly place: Place;
  readonly reading: PlaceReading;
  readonly targets: readonly Target[];
  /** What was told before the targets were read. */
  readonly news: readonly StoredNews[];
  readonly lost: readonly Target[];
  /** As they stood before this sweep. */
  readonly runs: ReadonlyMap<TargetId, { readonly run: JudgedRun }>;
  readonly judged: readonly Judged[];
  readonly figures: ReadonlyMap<TargetId, TargetFigures>;
  readonly turns: OneByOne;
}

const sweptTargets = (
  { targets, lost, runs, judged, figures }: FleetInput,
  { before, last }: { before: ReadonlyMap<TargetId, FleetRow>; last: LastOf },
): readonly SweptTarget[] => {
  const taken = new Set(lost.map(({ targetId }) => targetId));
  const byThis = new Map(judged.map(({ target: { targetId }, run }) => [targetId, run]));
  return targets.map((target) => {
    const { targetId } = target;
    const row = before.get(targetId);
    const isRead = last.has(targetId) || isKnown(target, row);
    return {
      // What could not be looked up is asked for by the next sweep.
      target: isRead ? target : withoutNews(target, row),
      run: byThis.get(targetId) ?? runs.get(targetId)?.run,
      figures: figures.get(targetId),
      isTaken: taken.has(targetId),
      last: last.has(targetId) ? last.get(targetId) : row?.last,
      before: row,
    };
  });
};

const withoutNews = (
  { lastEvaluatedAt: _since, ...target }: Target,
  row: FleetRow | undefined,
): Target => ({
  ...target,
  ...(row?.evaluatedAt !== undefined && { lastEvaluatedAt: row.evaluatedAt }),
});

const keep = async (table: Table, nowMs: number, input: FleetInput): Promise<void> => {
  const { place, reading, targets, news, turns } = input;
  const rowsBefore = await loadFleetRows(table, place);
  const before = new Map(rowsBefore.map((row) => [row.targetId, row]));
  const { running } = await readSwitching(table, place.accountId);
  const last = await lastEnded(table, targets, { before, turns });
  const swept = sweptFleet({
    place,
    reading,
    targets: sweptTargets(input, { before, last }),
    running: running
      .filter(({ region }) => region === place.region)
      .map(({ evaluationId }) => evaluationId),
    rowsBefore,
    before: await readFleetPlace(table, place),
    nowMs,
  });
  // Before their place tells of them: who reads that finds these, or newer ones.
  if (swept.isChanged) await saveFleetRows(table, place, swept.rows);
  await updateFleetPlace(table, place, () => swept.place);
  await removeFleetNews(table, news);
};

interface Context {
  readonly table: Table;
  readonly now: () => Date;
}

type Sweep = Pick<FleetInput, "place" | "turns">;

/** Whatever is wrong with the fleet's table is told, and keeps no sweep from what it is for. */
const attempt = <Result>({ place, turns }: Sweep, work: () => Promise<Result>) =>
  turns.attempt(
    { name: "The fleet's table shows what the last sweep has found there", keys: { ...place } },
    work,
  );

/** Before the targets are read. None where it can't be read: what is not taken in stays. */
export const readFleetNews = async (
  { table }: Pick<Context, "table">,
  sweep: Sweep,
): Promise<readonly StoredNews[]> =>
  (await attempt(sweep, () => listFleetNews(table, sweep.place))) ?? [];

/** What it does not come to is written by the next sweep. */
export const keepFleet = async ({ table, now }: Context, input: FleetInput): Promise<void> => {
  await attempt(input, () => keep(table, now().getTime(), input));
};

/** Nothing could be judged: the rows stay, and their place says why. */
export const noteFleetFailure = async (
  { table, now }: Context,
  sweep: Sweep,
  { name: error, message: cause }: SpotOptimizerError,
): Promise<void> => {
  const { place } = sweep;
  const failed = (stored: FleetPlace | undefined): FleetPlace => {
    const sequence = nextSequence(stored, now().getTime());
    const since = stored?.failure?.error === error ? stored.failure.since : now().toISOString();
    return {
      ...place,
      ...stored,
      sequence,
      running: stored?.running ?? [],
      gone: stored?.gone ?? [],
      goneFrom: stored?.goneFrom ?? sequence,
      failure: { error, cause, since },
    };
  };
  await attempt(sweep, () => updateFleetPlace(table, place, failed));
};

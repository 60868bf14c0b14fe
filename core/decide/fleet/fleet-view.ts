/** The fleet as it stands now: what the last sweeps have written, with what was registered and what evaluations have done since. */
import type { Evaluation } from "../../model/evaluation.ts";
import { isResponse, isRecovery } from "../../model/evaluation-kind.ts";
import type {
  FleetLastEnded,
  FleetNews,
  FleetPlace,
  FleetRow,
  RegisteredRow,
} from "../../model/fleet-row.ts";
import type { EvaluationId, TargetId } from "../../model/ids.ts";
import { placeKey } from "../../model/place.ts";
import type { Swap } from "../../model/swap.ts";
import { callsForAction } from "../../model/verdict.ts";
import { judgedBy, type EvaluationWithSwaps } from "./unswept-row.ts";
import { standingOf, type Acting, type Standing, type StandingFacts } from "./standing.ts";

/** A row, of which a sweep may have told nothing yet. */
type KnownRow = RegisteredRow & Partial<FleetRow>;

/** Of one target. */
export interface SinceSwept {
  readonly open?: EvaluationWithSwaps;
  /** The last one that has ended. */
  readonly ended?: FleetLastEnded;
}

export interface FleetSources {
  readonly places: readonly FleetPlace[];
  readonly rows: readonly FleetRow[];
  readonly news: readonly FleetNews[];
  readonly evaluations: ReadonlyMap<TargetId, SinceSwept>;
  /** Of approvals that somebody can give: those that rows wait for. */
  readonly awaited: ReadonlySet<string>;
  /** Of targets that an evaluation has judged since a sweep has, or that no sweep has judged yet: that evaluation. */
  readonly judged: ReadonlyMap<TargetId, EvaluationWithSwaps>;
}

export interface FleetEntry {
  readonly row: KnownRow;
  readonly standing: Standing;
  /** Of MOVING: members or nodes that are under way. */
  readonly moving?: number;
  readonly acting?: EvaluationId;
  readonly last?: FleetLastEnded;
}

/** As far as the table of the fleet asks. Undefined: it goes on. */
export const lastEndedOf = ({
  evaluationId,
  outcome,
  endedAt,
  authorization,
}: Evaluation): FleetLastEnded | undefined => {
  if (outcome === undefined || endedAt === undefined) return undefined;
  const { status, sentence } = outcome;
  const approvalId =
    authorization?.kind === "APPROVAL_REQUIRED" ? authorization.approval?.approvalId : undefined;
  return {
    evaluationId,
    status,
    sentence,
    endedAt,
    ...(status === "AWAITING_APPROVAL" && approvalId !== undefined && { approvalId }),
  };
};

const settled: readonly Swap["stage"][] = ["DONE", "UNDONE", "ABSORBED", "LEFT"];

/** Something is to be moved, and in earnest. */
const isMoving = ({ status, verdict, authorization, isShadowMode, postponed }: Evaluation) =>
  status === "RUNNING" &&
  !isShadowMode &&
  postponed === undefined &&
  verdict !== undefined &&
  callsForAction(verdict) &&
  authorization?.kind === "PROCEED";

const actingOf = ({ evaluation }: EvaluationWithSwaps): Acting => ({
  ...(evaluation.kind !== undefined && { kind: evaluation.kind }),
  isOfMany: evaluation.mode !== "LINEAR",
  isMoving: isMoving(evaluation),
});

const underWay = (swaps: readonly Swap[]): number =>
  swaps.filter(({ stage }) => !settled.includes(stage)).length;

/** The later one of what the sweep has written and what has ended since. */
const latest = (
  written: FleetLastEnded | undefined,
  since: FleetLastEnded | undefined,
): FleetLastEnded | undefined => {
  if (written === undefined || since === undefined) return since ?? written;
  return since.endedAt >= written.endedAt ? since : written;
};

/** What goes on again is no longer its last. */
const withoutOpen = (
  last: FleetLastEnded | undefined,
  open: EvaluationWithSwaps | undefined,
): FleetLastEnded | undefined =>
  last?.evaluationId === open?.evaluation.evaluationId ? undefined : last;

/** As a sweep has read it. */
const capacityOf = (
  { capacity }: KnownRow,
  place: FleetPlace | undefined,
): Pick<StandingFacts, "capacity"> =>
  capacity === undefined || place?.readAt === undefined
    ? {}
    : { capacity: { ...capacity, at: place.readAt } };

const entryOf = (
  row: KnownRow,
  place: FleetPlace | undefined,
  { evaluations, awaited }: FleetSources,
): FleetEntry => {
  const { open, ended } = evaluations.get(row.targetId) ?? {};
  const last = withoutOpen(latest(row.last, ended), open);
  const isAwaited = awaited.has(last?.approvalId ?? "");
  const standing = standingOf({
    isShadowMode: row.isShadowMode,
    ...capacityOf(row, place),
    ...(open !== undefined && { acting: actingOf(open) }),
    ...(last !== undefined && { last: { ...last, isAwaited } }),
  });
  return {
    row,
    standing,
    ...(standing === "MOVING" && open !== undefined && { moving: underWay(open.swaps) }),
    ...(open !== undefined && { acting: open.evaluation.evaluationId }),
    ...(last !== undefined && { last }),
  };
};

/** What would be saved is planned once shadow mode has ended, and the other way round. */
const withBasis = (row: FleetRow): FleetRow => {
  const { saves, isShadowMode } = row;
  if (saves === undefined || saves.basis === "ESTIMATED") return row;
  return { ...row, saves: { ...saves, basis: isShadowMode ? "SHADOW" : "PLANNED" } };
};

/** One that a sweep has told of keeps that, and is registered as the news say. */
const told = (row: FleetRow | undefined, { isGone: _of, ...news }: FleetNews): KnownRow => {
  if (row === undefined) return news;
  const isSame = row.mode === news.mode && row.instanceId === news.instanceId;
  // What is another thing now was not looked at yet.
  return isSame ? withBasis({ ...row, ...news, name: row.name }) : news;
};

/** By target: those that are gone are left out. In the order of their ids. */
const knownRows = ({ rows, news }: Pick<FleetSources, "rows" | "news">): readonly KnownRow[] => {
  const known = new Map<string, KnownRow>(rows.map((row) => [row.targetId, row]));
  const swept = new Map(rows.map((row) => [row.targetId, row]));
  for (const each of news) {
    if (each.isGone === true) known.delete(each.targetId);
    else known.set(each.targetId, told(swept.get(each.targetId), each));
  }
  return [...known.values()].toSorted((one, other) => (one.targetId < other.targetId ? -1 : 1));
};

const withVerdict = (row: KnownRow, { judged }: FleetSources): KnownRow => {
  const by = judged.get(row.targetId);
  return by === undefined ? row : judgedBy(row, by);
};

type Places = ReadonlyMap<string, FleetPlace>;

const placesOf = ({ places }: Pick<FleetSources, "places">): Places =>
  new Map(places.map((place) => [placeKey(place), place]));

/** What its sweep has read is of before that. */
const hasEndedSince = (row: KnownRow, { endedAt }: FleetLastEnded, places: Places): boolean =>
  row.verdict === undefined || endedAt >= (places.get(placeKey(row))?.readAt ?? "");

/** Every target, in the order of their ids. */
export const fleetEntries = (sources: FleetSources): readonly FleetEntry[] => {
  const places = placesOf(sources);
  return knownRows(sources).map((row) =>
    entryOf(withVerdict(row, sources), places.get(placeKey(row)), sources),
  );
};

/** Those that have judged a target since a sweep has. */
export const judgedSince = (
  sources: Pick<FleetSources, "places" | "rows" | "news" | "evaluations">,
): readonly EvaluationId[] => {
  const places = placesOf(sources);
  return knownRows(sources).flatMap((row) => {
    const ended = sources.evaluations.get(row.targetId)?.ended;
    return ended !== undefined && hasEndedSince(row, ended, places) ? [ended.evaluationId] : [];
  });
};

type Since = Map<TargetId, SinceSwept>;

const addEnded = (found: Since, evaluation: Evaluation): void => {
  const { targetId } = evaluation;
  const ended = lastEndedOf(evaluation);
  if (ended === undefined) return;
  const known = found.get(targetId);
  const later = latest(known?.ended, ended);
  found.set(targetId, { ...known, ...(later !== undefined && { ended: later }) });
};

/** It answers to EC2, which takes an instance. */
const isUrgent = ({ evaluation }: EvaluationWithSwaps): boolean =>
  isRecovery(evaluation) || isResponse(evaluation);

/** Of several nodes that EC2 takes at once one is told, before all else that goes on. */
const addOpen = (found: Since, open: EvaluationWithSwaps): void => {
  const { targetId } = open.evaluation;
  const known = found.get(targetId);
  if (known?.open === undefined || isUrgent(open)) found.set(targetId, { ...known, open });
};

/** The last that has ended, and one that goes on, of each target. */
export const evaluationsByTarget = (
  evaluations: readonly Evaluation[],
  open: readonly EvaluationWithSwaps[],
): ReadonlyMap<TargetId, SinceSwept> => {
  const found: Since = new Map();
  for (const evaluation of evaluations) addEnded(found, evaluation);
  for (const each of open) addOpen(found, each);
  return found;
};

/**
 * What becomes of the findings of an account and region by one complete reading: who has no owner is flagged at first sight, who was
 * flagged and is still so is counted, who has an owner by now or is gone leaves the list.
 */
import type { EnforcerPlace, EnforcerSettings, Finding, StopEffect } from "../model/enforcer.ts";
import type { Place } from "../model/place.ts";
import type { SeenInstance } from "../model/seen-instance.ts";
import { countReading, isSettled, restarted } from "./grace.ts";
import type { Standing } from "./standing.ts";
import { isSeenApart, verdictOf } from "./stop-effects.ts";

const hourMs = 3_600_000;

/** Not visible is not absent: a complete reading so much later must not show it either. */
const absenceMs = hourMs;

/** More of the running instances than this, newly flagged by changed rules, is rather a mistake in the rules. */
const mostNewly = 0.1;

export interface Judged {
  readonly instance: SeenInstance;
  readonly standing: Standing;
  readonly effects: readonly StopEffect[];
}

export interface EnforcerReading {
  readonly place: Place;
  /** As it was stored. */
  readonly before: EnforcerPlace | undefined;
  readonly rows: readonly Finding[];
  readonly judged: readonly Judged[];
  readonly settings: Pick<EnforcerSettings, "onSince" | "updatedAt">;
  readonly ruleSet: string;
  readonly epoch: string;
  readonly now: Date;
  /** When it is to be read again. ISO 8601 */
  readonly dueAt: string;
}

export interface ReadingChanges {
  readonly place: EnforcerPlace;
  readonly write: readonly Finding[];
  readonly forget: readonly Finding[];
}

const isRunning = ({ instance }: Judged): boolean => instance.state === "running";
const isUnowned = ({ standing }: Judged): boolean => standing.kind === "UNOWNED";

/** A reading shows nothing of what was seen by a look at it alone: that stands until the next look. */
const seenApart = ({ effects, lookedAt }: Finding): readonly StopEffect[] =>
  lookedAt === undefined ? [] : effects.filter(isSeenApart);

const withEffects = (effects: readonly StopEffect[]): Pick<Finding, "effects" | "verdict"> => ({
  verdict: verdictOf(effects),
  effects: [...effects],
});

const described = ({ instance, effects }: Judged) => ({
  instanceType: instance.instanceType,
  imageId: instance.imageId,
  state: instance.state,
  launchedAt: instance.launchedAt,
  ...withEffects(effects),
});

const flagged = (place: Place, judged: Judged, now: Date): Finding => ({
  ...place,
  instanceId: judged.instance.instanceId,
  ...described(judged),
  status: "FLAGGED",
  firstSeenAt: now.toISOString(),
  flaggedAt: now.toISOString(),
  readings: 0,
});

const isExempt = ({ exemption }: Finding, now: Date): boolean =>
  exemption !== undefined && Date.parse(exemption.until) > now.getTime();

/** Started again by its owner since we stopped it. */
const isStartedSince = ({ status, stop }: Finding, { instance }: Judged): boolean =>
  (status === "STOPPED" || status === "TERMINATING") &&
  instance.state === "running" &&
  instance.launchedAt !== stop?.launchedAt;

/** A stop or a termination goes on: whether it came about is seen by whoever has ordered it. */
const isUnderWay = ({ status }: Finding): boolean =>
  status === "STOPPING" || status === "STOPPED" || status === "TERMINATING";

const again = (reading: EnforcerReading, judged: Judged, row: Finding): Finding => {
  const { now } = reading;
  const { missingSince: _shown, ...shown } = row;
  const seen: Finding = { ...shown, ...described(judged) };
  if (isExempt(row, now)) return { ...seen, status: "EXEMPT" };
  if (row.exemption !== undefined || isStartedSince(row, judged)) return restarted(seen, now);
  const known = { ...seen, ...withEffects([...judged.effects, ...seenApart(row)]) };
  if (isUnderWay(row) || !isRunning(judged)) return known;
  return countReading(known, now);
};

/** No grace, agreement or intent of before is good. */
const begunAnew = (row: Finding, now: Date): Finding => ({
  ...restarted(row, now),
  ...(row.exemption !== undefined && { exemption: row.exemption, status: row.status }),
});

const missing = (row: Finding, now: Date): Pick<ReadingChanges, "write" | "forget"> => {
  const { missingSince } = row;
  if (missingSince === undefined) {
    return { write: [{ ...row, missingSince: now.toISOString() }], forget: [] };
  }
  const isGone = now.getTime() - Date.parse(missingSince) >= absenceMs;
  return { write: [], forget: isGone ? [row] : [] };
};

const hasEnded = ({ instance }: Judged): boolean =>
  instance.state === "terminated" || instance.state === "shutting-down";

const nextOf = (
  reading: EnforcerReading,
  judged: Judged,
  row: Finding | undefined,
): Finding | undefined => {
  if (!isUnowned(judged)) return undefined;
  if (hasEnded(judged))
    return row?.status === "TERMINATING" ? { ...row, status: "TERMINATED" } : undefined;
  if (row !== undefined) return again(reading, judged, row);
  return isRunning(judged) && isSettled(judged.instance, reading.now)
    ? countReading(flagged(reading.place, judged, reading.now), reading.now)
    : undefined;
};

/** A week of flags alone begins with the place, with each change of the rules, at switch-on, and in a restored table. */
const watchingSince = ({ before, ruleSet, epoch, settings, now }: EnforcerReading): string => {
  const isSame =
    before?.ruleSet === ruleSet && before.epoch === epoch && before.onSince === settings.onSince;
  return (isSame ? before.watchingSince : undefined) ?? now.toISOString();
};

/** Lifted by setting the settings again, once somebody has looked. */
const pausedOf = (
  { before, judged, rows, ruleSet, settings, now }: EnforcerReading,
  running: number,
): EnforcerPlace["paused"] => {
  const paused = before?.paused;
  if (paused !== undefined && Date.parse(settings.updatedAt) <= Date.parse(paused.since)) {
    return paused;
  }
  // Whoever has just set these rules anew has seen what they did.
  if (before?.ruleSet === undefined || before.ruleSet === ruleSet) return undefined;
  const known = new Set<string>(rows.map(({ instanceId }) => instanceId));
  const newly = judged.filter(
    (each) =>
      isUnowned(each) &&
      isRunning(each) &&
      isSettled(each.instance, now) &&
      !known.has(each.instance.instanceId),
  ).length;
  return newly > running * mostNewly
    ? { since: now.toISOString(), ruleSet, newlyFlagged: newly }
    : undefined;
};

const placeAfter = (reading: EnforcerReading): EnforcerPlace => {
  const { place, before, judged, settings, ruleSet, epoch, now, dueAt } = reading;
  const running = judged.filter(isRunning);
  const optional = { onSince: settings.onSince, paused: pausedOf(reading, running.length) };
  const set = Object.entries(optional).filter(([, value]) => value !== undefined);
  return {
    ...place,
    dueAt,
    ruleSet,
    epoch,
    ...(Object.fromEntries(set) as Pick<EnforcerPlace, "onSince" | "paused">),
    watchingSince: watchingSince(reading),
    completeAt: now.toISOString(),
    running: running.length,
    byTagOnly: running.filter(({ standing }) => standing.kind === "OWNED" && standing.byTagOnly)
      .length,
    stops: before?.stops ?? [],
  };
};

const isSame = (one: Finding, other: Finding): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

const withoutAgreement = ({ agreed: _, ...row }: Finding): Finding => row;

/** As they stand for this reading: a restored table, and a new switch to ON, begin anew. What we have stopped stays known as that. */
const rowsOf = ({ before, rows, epoch, settings, now }: EnforcerReading): readonly Finding[] => {
  const isSameTable = before?.epoch === epoch;
  if (isSameTable && before.onSince === settings.onSince) return rows;
  return rows.map((row) =>
    isSameTable && isUnderWay(row) ? withoutAgreement(row) : begunAnew(row, now),
  );
};

const judgeShown = (
  reading: EnforcerReading,
  judged: Judged,
  { row, old }: { readonly row: Finding | undefined; readonly old: Finding | undefined },
): Pick<ReadingChanges, "write" | "forget"> => {
  const next = nextOf(reading, judged, row);
  if (next === undefined) return { write: [], forget: old === undefined ? [] : [old] };
  return { write: old !== undefined && isSame(old, next) ? [] : [next], forget: [] };
};

export const judgeReading = (reading: EnforcerReading): ReadingChanges => {
  const { judged, now } = reading;
  const rows = rowsOf(reading);
  const rowOf = new Map<string, Finding>(rows.map((row) => [row.instanceId, row]));
  const stored = new Map<string, Finding>(reading.rows.map((row) => [row.instanceId, row]));
  const shown = new Set<string>(judged.map(({ instance }) => instance.instanceId));
  const changes = [
    ...judged.map((each) => {
      const { instanceId } = each.instance;
      return judgeShown(reading, each, {
        row: rowOf.get(instanceId),
        old: stored.get(instanceId),
      });
    }),
    ...rows.filter(({ instanceId }) => !shown.has(instanceId)).map((row) => missing(row, now)),
  ];
  return {
    place: placeAfter(reading),
    write: changes.flatMap(({ write }) => write),
    forget: changes.flatMap(({ forget }) => forget),
  };
};

/** Which of the findings of an account and region are due, which of these may be stopped now, and about which persons must be asked. */
import type { EnforcerPlace, EnforcerSettings, Finding } from "../model/enforcer.ts";
import { leftOfCap } from "./cap.ts";
import { flagsOnlyUntil, isGraceOver } from "./grace.ts";

export interface Due {
  /** Within the cap, or agreed to. */
  readonly stop: readonly Finding[];
  readonly ask: readonly Finding[];
}

const nothing: Due = { stop: [], ask: [] };

const isWatchedOnly = (place: EnforcerPlace, now: Date): boolean => {
  const until = flagsOnlyUntil(place);
  return until === undefined || now.getTime() < Date.parse(until);
};

const dayMs = 24 * 3_600_000;

export const isLookedAt = ({ lookedAt }: Finding): boolean => lookedAt !== undefined;

const isLookOld = ({ lookedAt }: Finding, now: Date): boolean =>
  lookedAt !== undefined && now.getTime() - Date.parse(lookedAt) >= dayMs;

/**
 * Those of the due that nobody has looked at by themselves in this grace, and those that such a look has kept from being due a day ago: what
 * has kept them may be over.
 */
export const toLookAt = (
  { stop, ask }: Due,
  rows: readonly Finding[],
  now: Date,
): readonly Finding[] => [
  ...[...stop, ...ask].filter((row) => !isLookedAt(row)),
  ...rows.filter(
    (row) => row.status === "FLAGGED" && row.verdict === "REPORT" && isLookOld(row, now),
  ),
];

/** Persons have agreed to it, and that is good still. */
export const isAgreed = (
  { agreed }: Finding,
  kind: NonNullable<Finding["agreed"]>["kind"],
  now: Date,
): boolean => agreed?.kind === kind && Date.parse(agreed.until) > now.getTime();

/**
 * More that may be stopped without asking than what is left of the cap: none is, and persons are asked for all of them. Who needs to
 * be asked for anyway is asked for with them, in one list.
 */
export const dueOf = (place: EnforcerPlace, rows: readonly Finding[], now: Date): Due => {
  if (place.paused !== undefined || isWatchedOnly(place, now)) return nothing;
  const due = rows.filter(
    (row) =>
      row.status === "FLAGGED" &&
      row.state === "running" &&
      row.verdict !== "REPORT" &&
      row.missingSince === undefined &&
      isGraceOver(row, now),
  );
  const agreed = due.filter((row) => isAgreed(row, "STOP_INSTANCES", now));
  const others = due.filter((row) => !agreed.includes(row));
  const free = others.filter(({ verdict }) => verdict === "STOP");
  const asked = others.filter(({ verdict }) => verdict === "ASK");
  return free.length <= leftOfCap(place, now)
    ? { stop: [...agreed, ...free], ask: asked }
    : { stop: agreed, ask: [...free, ...asked] };
};

const endsAfterDays = (
  { terminateAfterDays }: Pick<EnforcerSettings, "terminateAfterDays">,
  rows: readonly Finding[],
  now: Date,
): readonly Finding[] =>
  terminateAfterDays === undefined
    ? []
    : rows.filter(
        ({ status, state, stop, exemption, missingSince }) =>
          status === "STOPPED" &&
          state === "stopped" &&
          exemption === undefined &&
          missingSince === undefined &&
          stop?.stoppedAt !== undefined &&
          now.getTime() - Date.parse(stop.stoppedAt) >= terminateAfterDays * dayMs,
      );

/** What we have stopped, and what stood stopped ever since, for as long as the account's owner says; but for what its own owner protects. */
export const endsDue = (...asked: Parameters<typeof endsAfterDays>): readonly Finding[] =>
  endsAfterDays(...asked).filter(({ verdict }) => verdict !== "REPORT");

/** Those of them that were not looked at by themselves for a day, or never. */
export const endsToLookAt = (
  ...[settings, rows, now]: Parameters<typeof endsAfterDays>
): readonly Finding[] =>
  endsAfterDays(settings, rows, now).filter((row) => !isLookedAt(row) || isLookOld(row, now));

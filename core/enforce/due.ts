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

const dayMs = 24 * 3_600_000;

/** What we have stopped, and what stood stopped ever since, for as long as the account's owner says. */
export const endsDue = (
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

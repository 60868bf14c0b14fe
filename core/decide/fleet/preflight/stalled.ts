/** Says of a region that nobody judges any longer that it has failed: its function has died without a word, or was never begun. */
import type { PreflightPlace } from "../../../model/preflight.ts";

/** What it notes at last is noted within the 15 minutes that the function has; a minute for clocks. */
const workingMs = 16 * 60_000;
/** An event may be kept for an hour until it is begun with, and is tried twice. */
const waitingMs = 95 * 60_000;

const causeOf = ({ status, region, notedAt }: PreflightPlace): string =>
  status === "WAITING"
    ? `Nobody has begun to judge ${region} since ${notedAt}: its event was lost, or Lambda has dropped it.`
    : `Nothing was noted of ${region} since ${notedAt}: its function has died, or was cut off. What it had judged by then stands.`;

export const asFailedIfStalled = (place: PreflightPlace, now: Date): PreflightPlace => {
  const { status, notedAt } = place;
  if (status !== "WAITING" && status !== "LOOKING") return place;
  const sinceMs = now.getTime() - Date.parse(notedAt);
  if (sinceMs <= (status === "WAITING" ? waitingMs : workingMs)) return place;
  const cause = `${causeOf(place)} Next: begin another preflight (POST /preflight), and see docs/runbook.md, Events that were not dealt with.`;
  return { ...place, status: "FAILED", failure: { error: "BrokenDeadline", cause } };
};

/**
 * Says when many recoveries of an account and region share what they read of EC2, what of a reading one of them may go by, and who reads for all.
 * Each reading for itself, two hundred would ask for ten times what EC2 answers.
 */
import type { ReadingLead, SharedHealth, SharedReading } from "../../model/shared-reading.ts";

/** A few at once, each with a look every five seconds, stay within EC2's 20 reading calls a second. */
export const manyAtOnce = 10;

/** Announced within the notice, and the time that its event takes. */
export const atOnceMs = 150_000;

/** Recoveries look every five to ten seconds. */
const youngMs = 5_000;

/** Who has just come waits so long at most until a reading covers what he asks for. */
const betweenMs = 2_000;

/** A few pages of three calls, some of them made again. Then another reads: whoever died has not kept the others waiting for longer. */
const leadMs = 6_000;

/** What is asked for longer than that is read by whoever asks. */
export const askedForMs = 15 * 60_000;

export interface Wanted {
  readonly instanceId: string;
  /** What is waited for was caused then: no earlier reading can show it. ISO 8601 */
  readonly causedAt: string;
}

/** Undefined: none that was begun late enough, and lately, tells of it. */
export const healthIn = (
  reading: SharedReading | undefined,
  { instanceId, causedAt }: Wanted,
  now: Date,
): SharedHealth | undefined => {
  if (reading === undefined) return undefined;
  const beganMs = Date.parse(reading.beganAt);
  // One that a wrong clock has written is neither young nor old.
  if (beganMs < Date.parse(causedAt) || Math.abs(now.getTime() - beganMs) > youngMs) {
    return undefined;
  }
  return reading.healths.find((health) => health.instanceId === instanceId);
};

export const isCovered = (
  reading: SharedReading | undefined,
  { instanceId }: Pick<Wanted, "instanceId">,
): boolean => reading?.healths.some((health) => health.instanceId === instanceId) === true;

/** An end that lies further ahead than any lead lasts was written by a wrong clock. */
export const mayLead = (lead: ReadingLead | undefined, now: Date): boolean => {
  const leftMs = lead === undefined ? 0 : Date.parse(lead.until) - now.getTime();
  return leftMs <= 0 || leftMs > leadMs;
};

const after = (at: Date, milliseconds: number): string =>
  new Date(at.getTime() + milliseconds).toISOString();

export const leadUntil = (now: Date): string => after(now, leadMs);

/** Of a lead that has come to its end. */
export const nextLeadFrom = (beganAt: Date): string => after(beganAt, betweenMs);

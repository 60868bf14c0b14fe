/**
 * Says when the owner's hook before the freeze is run on an instance that EC2 takes back, and when that is ended by us then. From the hook on the load
 * is quiesced, which is downtime: it is run as late as it can be, unless its host is proved and the end can follow at once.
 */
import type { Loss } from "../../model/loss.ts";

/** Before the announced end: a document takes seconds, and the end follows whether it is over or not. */
const leastMs = 30_000;

/** @param takenAt the announced end, ISO 8601. One that lives on after that is not quiesced: its end is not sure. */
export const isLastChance = (takenAt: string | undefined, now: Date): boolean => {
  if (takenAt === undefined) return false;
  const leftMs = Date.parse(takenAt) - now.getTime();
  return leftMs <= leastMs && leftMs > 0;
};

/** What EC2 ends in its first hour costs nothing (EC2 user guide, "Billing for interrupted Spot Instances"); what we end does. */
const freeMs = 3_600_000;

/** @param launchedAt ISO 8601; undefined: EC2 does not say */
export const isPastFreeHour = (launchedAt: string | undefined, now: Date): boolean =>
  launchedAt !== undefined && now.getTime() - Date.parse(launchedAt) >= freeMs;

/** EC2 says so of its Spot request, now: not an event, and not its owner. */
export const isAnnouncedByEc2 = (taken: Pick<Loss, "how" | "by"> | undefined): boolean =>
  taken?.how === "ANNOUNCED" && taken.by === "EC2";

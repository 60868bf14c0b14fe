/** Does what was found at an instance lately tell of it now? It is looked at once a day, and when launch time, state or what is asked has changed. */
import type { KeptLook } from "../../model/kept-look.ts";
import type { BulkInstance } from "../../model/place-reading.ts";

const dayMs = 24 * 3_600_000;

export interface LookQuestion extends Pick<KeptLook, "policyVersion" | "isShadowMode"> {
  /** As the lists show it now. */
  readonly instance: Pick<BulkInstance, "launchedAt" | "state">;
  readonly now: Date;
}

/** A time that lies ahead was written by a clock that was wrong: it holds for no longer than one that lies behind. */
const isOfToday = ({ triedAt }: KeptLook, now: Date): boolean =>
  Math.abs(now.getTime() - Date.parse(triedAt)) < dayMs;

export const holdsStill = (
  kept: KeptLook,
  { instance, now, policyVersion, isShadowMode }: LookQuestion,
): boolean =>
  isOfToday(kept, now) &&
  kept.launchedAt === instance.launchedAt &&
  kept.state === instance.state &&
  kept.policyVersion === policyVersion &&
  kept.isShadowMode === isShadowMode;

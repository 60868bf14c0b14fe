/** Does what was found at a subject lately tell of it now? It is looked at once a day, and when what the lists show of it, or what is asked, has changed. */
import { isOfInstance, type KeptLook } from "../../model/kept-look.ts";
import type { BulkGroup, BulkInstance, PlaceReading } from "../../model/place-reading.ts";
import type { TargetOf } from "../../model/target.ts";
import { findGroup } from "./facts-of-group.ts";
import { groupBehind } from "./facts-of-nodes.ts";

const dayMs = 24 * 3_600_000;

export type GroupTarget = TargetOf<"CLUSTER"> | TargetOf<"KUBERNETES">;

/** As the lists show it now. */
export type Shown =
  | Pick<BulkInstance, "launchedAt" | "state">
  /** Digest of what `settingsOf` gives. */
  | { readonly settings: string };

export interface LookQuestion extends Pick<KeptLook, "policyVersion" | "isShadowMode"> {
  readonly shown: Shown;
  readonly now: Date;
}

/** A time that lies ahead was written by a clock that was wrong: it holds for no longer than one that lies behind. */
const isOfToday = ({ triedAt }: KeptLook, now: Date): boolean =>
  Math.abs(now.getTime() - Date.parse(triedAt)) < dayMs;

const showedTheSame = (kept: KeptLook, shown: Shown): boolean => {
  if (!isOfInstance(kept)) return "settings" in shown && kept.settings === shown.settings;
  return (
    "launchedAt" in shown && kept.launchedAt === shown.launchedAt && kept.state === shown.state
  );
};

export const holdsStill = (
  kept: KeptLook,
  { shown, now, policyVersion, isShadowMode }: LookQuestion,
): boolean =>
  isOfToday(kept, now) &&
  showedTheSame(kept, shown) &&
  kept.policyVersion === policyVersion &&
  kept.isShadowMode === isShadowMode;

/** How it is set up. What the owner's load changes by the minute is not among it: the lists show that at each sweep. */
const setUp = ({
  members: _members,
  desiredCapacity: _desired,
  minSize: _min,
  maxSize: _max,
  scheduledActions: _actions,
  ...settings
}: BulkGroup): unknown => settings;

/** Of a group that the lists do not show there are none. Our own switch leaves other members than the look has seen. */
export const settingsOf = (reading: PlaceReading, target: GroupTarget): unknown => {
  const found =
    target.pipelineMode === "CLUSTER"
      ? findGroup(reading, target.group.asgName)
      : groupBehind(reading, target);
  const group = found.kind === "READ" ? found.group : undefined;
  const { lastSwitchAt } = target;
  return {
    ...(group !== undefined && { group: setUp(group) }),
    ...(lastSwitchAt !== undefined && { lastSwitchAt }),
  };
};

/** Says of which targets the Spot Instance is looked after: a switch has brought them there, and they may be launched anew by themselves. */
import { hasEnded } from "../../model/instance.ts";
import type { InstanceId } from "../../model/ids.ts";
import { instanceIn, type PlaceReading } from "../../model/place-reading.ts";
import { readSpotStatus } from "../../model/spot-status.ts";
import type { Target, TargetOf } from "../../model/target.ts";
import { effectivePolicy } from "../../policy/policy.ts";

/** Its owner's deletion flags are kept while it stands on Spot. One with data is not launched anew: its volumes hold the newer writes. */
export const isWatchedForLoss = (target: Target): target is TargetOf<"LINEAR"> =>
  target.pipelineMode === "LINEAR" &&
  target.ownersDeletionFlags !== undefined &&
  effectivePolicy("LINEAR", target.policyOverrides).consistency === "stateless";

/** It is there, however odd its description. */
export const isAliveIn = (reading: PlaceReading, instanceId: InstanceId): boolean => {
  if (reading.unreadable.some(({ id }) => id === instanceId)) return true;
  const found = instanceIn(reading, instanceId);
  return found !== undefined && !hasEnded(found.state);
};

/** @param code of its Spot request */
export const isEndAnnounced = (code: string): boolean => readSpotStatus(code).kind === "ANNOUNCED";

/** Says of a Spot Instance whether it lives, and whether its end is announced, as a bulk reading shows it. */
import { hasEnded } from "../../model/instance.ts";
import type { InstanceId } from "../../model/ids.ts";
import { instanceIn, type PlaceReading } from "../../model/place-reading.ts";
import { readSpotStatus } from "../../model/spot-status.ts";

/** It is there, however odd its description. */
export const isAliveIn = (reading: PlaceReading, instanceId: InstanceId): boolean => {
  if (reading.unreadable.some(({ id }) => id === instanceId)) return true;
  const found = instanceIn(reading, instanceId);
  return found !== undefined && !hasEnded(found.state);
};

/** @param code of its Spot request */
export const isEndAnnounced = (code: string): boolean => readSpotStatus(code).kind === "ANNOUNCED";

/** Not by us, who never cancel one of a target: the instance goes on, and EC2 may take it as before. */
export const isCancelledAlone = (code: string): boolean =>
  code === "request-canceled-and-instance-running";

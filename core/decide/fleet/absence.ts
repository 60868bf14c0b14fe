/**
 * When what a target is about counts as gone: EC2 shows it as terminated, or four complete readings over at least an hour do not show
 * it and its own API does not know it. Its target is paused then, and retired a day later.
 */
import type { Absence, GoneHow } from "../../model/absence.ts";
import type { InstanceId } from "../../model/ids.ts";
import { instanceIn, type PlaceReading } from "../../model/place-reading.ts";
import type { Target } from "../../model/target.ts";
import { findGroup, type GroupFound } from "./facts-of-group.ts";
import { groupBehind } from "./facts-of-nodes.ts";

/** What a target is about, by the name under which an API knows it. One node of a node group is an instance: the group may outlive it. */
export type OwnName =
  | { readonly api: "EC2"; readonly instanceId: InstanceId }
  | { readonly api: "Auto Scaling"; readonly asgName: string }
  | { readonly api: "EKS"; readonly clusterName: string; readonly nodeGroup: string };

export const ownNameOf = (target: Target): OwnName => {
  if (target.pipelineMode === "CLUSTER")
    return { api: "Auto Scaling", asgName: target.group.asgName };
  const { instanceId } = target;
  if (target.pipelineMode === "LINEAR" || target.node.scope === "ONE")
    return { api: "EC2", instanceId };
  const { asgName, clusterName, nodeGroup } = target.node;
  return asgName === undefined
    ? { api: "EKS", clusterName, nodeGroup }
    : { api: "Auto Scaling", asgName };
};

const spell = (own: OwnName): string => {
  switch (own.api) {
    case "EC2":
      return own.instanceId;
    case "Auto Scaling":
      return `group ${own.asgName}`;
    case "EKS":
      return `node group ${own.nodeGroup} of cluster ${own.clusterName}`;
  }
};

/** What one complete reading says of it. UNKNOWN: the list that would show it was not read to its end. */
export type Sight = "SHOWN" | "TERMINATED" | "NOT_SHOWN" | "UNKNOWN";

const sightOfInstance = (reading: PlaceReading, instanceId: InstanceId): Sight => {
  // It is there, however odd its description.
  if (reading.unreadable.some(({ id }) => id === instanceId)) return "SHOWN";
  const found = instanceIn(reading, instanceId);
  if (found === undefined) return "NOT_SHOWN";
  return found.state === "terminated" ? "TERMINATED" : "SHOWN";
};

const sightOfGroup = (found: GroupFound): Sight => {
  if (found.kind === "NOT_READ") return "UNKNOWN";
  return found.group === undefined ? "NOT_SHOWN" : "SHOWN";
};

export const sightOf = (reading: PlaceReading, target: Target): Sight => {
  const own = ownNameOf(target);
  if (own.api === "EC2") return sightOfInstance(reading, own.instanceId);
  return sightOfGroup(
    target.pipelineMode === "KUBERNETES"
      ? groupBehind(reading, target)
      : findGroup(reading, own.api === "EKS" ? own.nodeGroup : own.asgName),
  );
};

const fewestReadings = 4;
const shortestUnseenSeconds = 3600;
const dayInSeconds = 24 * 3600;

/**
 * No gap between two readings counts for more: they are a quarter of an hour apart, and a clock that jumps ahead between two of them
 * makes nothing gone before its hour.
 */
const longestGapSeconds = 20 * 60;

const firstOf = ({ targetId, accountId, region }: Target, seen: Seen): Absence => ({
  targetId,
  accountId,
  region,
  subject: seen.subject,
  since: seen.readAt,
  lastAt: seen.readAt,
  readings: 1,
  unseenSeconds: 0,
});

/** A reading of before the last one counts nothing: the clock was set back, and what follows is counted from there. */
const countOn = (stored: Absence, readAt: string): Absence => {
  const gapSeconds = (Date.parse(readAt) - Date.parse(stored.lastAt)) / 1000;
  if (gapSeconds <= 0) return { ...stored, lastAt: readAt };
  const unseenSeconds = stored.unseenSeconds + Math.min(gapSeconds, longestGapSeconds);
  return { ...stored, lastAt: readAt, readings: stored.readings + 1, unseenSeconds };
};

interface Seen {
  readonly subject: string;
  readonly readAt: string;
}

/** @returns what is to stand beside the target: nothing where it is shown, and the argument itself where nothing is known. */
export const noteSight = (
  stored: Absence | undefined,
  target: Target,
  { sight, readAt }: { readonly sight: Sight; readonly readAt: string },
): Absence | undefined => {
  if (sight === "SHOWN") return undefined;
  if (sight === "UNKNOWN") return stored;
  const subject = spell(ownNameOf(target));
  return stored?.subject === subject
    ? countOn(stored, readAt)
    : firstOf(target, { subject, readAt });
};

/** The lists say for long enough that it is not there: its own API is to be asked for it. */
export const isToAskFor = ({ readings, unseenSeconds, gone }: Absence): boolean =>
  gone === undefined && readings >= fewestReadings && unseenSeconds >= shortestUnseenSeconds;

export const goneAs = (absence: Absence, how: GoneHow): Absence => ({
  ...absence,
  gone: { at: absence.lastAt, how, afterSeconds: absence.unseenSeconds },
});

/** Paused for a day, in which no reading has shown it. */
export const isToRetire = ({ gone, unseenSeconds }: Absence): boolean =>
  gone !== undefined && unseenSeconds - gone.afterSeconds >= dayInSeconds;

/** Volumes and interfaces outlive an instance that stood on Spot: whose they were is known by its target alone, and a person decides. */
export const outlivedBy = (target: Target): boolean =>
  target.pipelineMode === "LINEAR" && target.ownersDeletionFlags !== undefined;

const whyGone = ({ subject, since, readings, gone }: Absence, target: Target): string =>
  gone?.how === "TERMINATED"
    ? `EC2 shows ${subject} as terminated`
    : `${String(readings)} complete readings since ${since} do not show ${subject}, and ${ownNameOf(target).api} does not know it`;

/** When it is paused. */
export const tellPaused = (absence: Absence, target: Target): string =>
  `${target.targetId} is paused: ${whyGone(absence, target)}. ` +
  (outlivedBy(target)
    ? "What it has left is known by its target alone: delete the target once you have seen to its volumes (DELETE /lab/instances/{id})."
    : "It is retired in a day, unless a reading shows it again.");

export const tellRetired = ({ subject, gone }: Absence, { targetId }: Target): string =>
  `${targetId} is retired: ${subject} is gone since ${gone?.at ?? "a day"}, and no reading has shown it since.`;

export const tellShownAgain = ({ subject }: Absence, { targetId }: Target): string =>
  `${targetId} is no longer paused: a reading shows ${subject} again.`;

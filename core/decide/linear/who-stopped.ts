/**
 * Tells a stop of the original by its owner from ours: by what EC2 gives as its reason and its time, and by when ours was planned.
 * A stop that nobody can tell apart counts as ours: what we have stopped is started again.
 */
import type { InstanceStop } from "../../model/instance.ts";
import type { Intent } from "../../model/intent.ts";

/** Of a stopped or stopping original. */
interface Stopped {
  readonly instanceId: string;
  /** ISO 8601 */
  readonly launchedAt?: string;
  readonly stop?: InstanceStop;
}

export interface OwnersStop {
  /** ISO 8601; absent where EC2 gives no time. */
  readonly at?: string;
  readonly sentence: string;
}

/** EC2's time has whole seconds, and its clock is not ours. */
const toleranceMs = 10_000;

const ourStopOf = (intents: readonly Intent[], instanceId: string): Intent | undefined =>
  intents.find(({ change }) => change.kind === "STOP_INSTANCE" && change.instanceId === instanceId);

/** We stop an original once. */
const wasStartedSince = ({ launchedAt }: Stopped, { plannedAt }: Intent): boolean =>
  launchedAt !== undefined && Date.parse(launchedAt) > Date.parse(plannedAt);

const wasStoppedBefore = ({ stop }: Stopped, { plannedAt }: Intent): boolean =>
  stop?.at !== undefined && Date.parse(stop.at) + toleranceMs < Date.parse(plannedAt);

/** From within, or by EC2: our call is always given as the user's. */
const isByOthers = ({ stop }: Stopped): boolean =>
  stop?.code !== undefined && stop.code !== "Client.UserInitiatedShutdown";

const sentenceOn = ({ instanceId, stop }: Stopped, { plannedAt }: Intent): string => {
  const when = stop?.at === undefined ? "" : ` at ${stop.at}`;
  const why = stop?.code === undefined ? "" : ` (${stop.code})`;
  return `${instanceId} was stopped${when} by its owner, his software or EC2${why}, and not by us: our stop was planned at ${plannedAt}.`;
};

/** Undefined: it was our stop, as far as can be told, or we planned none. */
export const ownersStopOf = (
  stopped: Stopped,
  intents: readonly Intent[],
): OwnersStop | undefined => {
  const ours = ourStopOf(intents, stopped.instanceId);
  if (ours === undefined) return undefined;
  const isTheirs =
    wasStartedSince(stopped, ours) || wasStoppedBefore(stopped, ours) || isByOthers(stopped);
  if (!isTheirs) return undefined;
  const at = stopped.stop?.at;
  return { ...(at !== undefined && { at }), sentence: sentenceOn(stopped, ours) };
};

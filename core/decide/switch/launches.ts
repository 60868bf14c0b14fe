/**
 * Says which intent launched an instance that EC2 shows, and whether one that it does not show may still appear. A tag finds and never entitles; not
 * visible is not absent: a call whose answer was lost may have acted, and is unknown until its work is seen, or has been asked for
 * during minutes.
 */
import type { ChangeOf, Intent } from "../../model/intent.ts";

export type Launch = Intent & { readonly change: ChangeOf<"LAUNCH_INSTANCE"> };

/** As EC2 shows it. */
export interface FoundLaunch {
  readonly instanceId: string;
  /** Of its launch; absent where none was given. */
  readonly clientToken?: string;
  /** Of the fleet that launched it. AWS writes that tag, and nobody can copy it. */
  readonly fleetId?: string;
  /** ISO 8601 */
  readonly launchedAt?: string;
}

const isLaunch = (intent: Intent): intent is Launch => intent.change.kind === "LAUNCH_INSTANCE";

export const launchesIn = (intents: readonly Intent[]): readonly Launch[] =>
  intents.filter(isLaunch);

/**
 * EC2 shows the client token of no instance that a fleet has launched. Of a call whose answer was lost it is the one that a fleet has launched since,
 * and that no other intent has: at most one such call is open at a time.
 */
const mayHaveLaunched =
  ({ fleetId, launchedAt = "" }: FoundLaunch) =>
  ({ status, change, plannedAt }: Launch): boolean =>
    change.places !== undefined &&
    change.instanceId === undefined &&
    status !== "UNDONE" &&
    fleetId !== undefined &&
    // EC2 shows whole seconds.
    Date.parse(launchedAt) >= Date.parse(plannedAt) - 1000;

export const launchOf = (intents: readonly Intent[], found: FoundLaunch): Launch | undefined => {
  const { instanceId, clientToken } = found;
  const launches = launchesIn(intents);
  return (
    launches.find(
      ({ change }) => change.instanceId === instanceId || change.clientToken === clientToken,
    ) ?? launches.find(mayHaveLaunched(found))
  );
};

/** When it is asked, and since when this undo has asked. ISO 8601 */
export interface AskedSince {
  readonly now: string;
  readonly askedSince: string;
}

/**
 * Longer than EC2 takes to show what it made. Source: EC2 developer guide, "Eventual consistency in the Amazon EC2 API": wait,
 * and back off up to about five minutes.
 */
const unseenMinutes = 5;

/** EC2 shows an instance for about an hour after its end: one that was launched longer ago may be forgotten. */
const forgottenMinutes = 60;

const minutesSince = (now: string, instant: string): number =>
  (Date.parse(now) - Date.parse(instant)) / 60_000;

const latest = (instants: readonly string[]): string =>
  instants.reduce((last, instant) => (instant > last ? instant : last));

/** Since the call and since this undo began to ask, whichever is later. */
export const hasBeenAsked = (
  { now, askedSince }: AskedSince,
  ...since: readonly string[]
): boolean => minutesSince(now, latest([askedSince, ...since])) >= unseenMinutes;

export const calledAt = ({ plannedAt, actedAt }: Intent): string => actedAt ?? plannedAt;

/** Launched for certain, and not shown for as long as EC2 shows even what has ended: it is yet to appear. */
const mustAppear = ({ now }: AskedSince, intent: Intent): boolean =>
  intent.status === "ACTED" && minutesSince(now, calledAt(intent)) < forgottenMinutes;

/** What is still to be waited for; undefined when each launch was seen, or has been asked for long enough. */
export const unseenLaunch = (
  input: AskedSince & {
    readonly intents: readonly Intent[];
    readonly found: readonly FoundLaunch[];
  },
): string | undefined => {
  const { intents, found } = input;
  const seen = new Set(found.map((each) => launchOf(intents, each)?.id));
  const unseen = launchesIn(intents).find(
    (intent) =>
      intent.status !== "UNDONE" &&
      !seen.has(intent.id) &&
      (!hasBeenAsked(input, calledAt(intent)) || mustAppear(input, intent)),
  );
  if (unseen === undefined) return undefined;
  const { instanceId, poolKey } = unseen.change;
  return instanceId === undefined
    ? `Whether an instance was launched (${poolKey}) is not known: EC2 shows none of that client token yet.`
    : `EC2 does not show the replacement ${instanceId} yet, which was launched.`;
};

/**
 * Says whether what an intent may have made, and EC2 does not show, may still appear. Not visible is not absent: a call whose
 * answer was lost may have acted, and is unknown until its work is seen, or has been asked for during minutes.
 */
import type { Intent } from "../../../model/intent.ts";
import { imagingOf, imagingsIn, launchesIn, launchOf } from "./claims.ts";
import { wait } from "./return.ts";
import type { RollbackInput, RollbackPlan } from "./world.ts";

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

/** Since the call and since this roll-back began to ask, whichever is later. */
export const hasBeenAsked = (
  { now, askedSince }: Pick<RollbackInput, "now" | "askedSince">,
  ...since: readonly string[]
): boolean => minutesSince(now, latest([askedSince, ...since])) >= unseenMinutes;

const isOpen = ({ status }: Intent): boolean => status !== "UNDONE";

const calledAt = ({ plannedAt, actedAt }: Intent): string => actedAt ?? plannedAt;

/** Launched for certain, and not shown for as long as EC2 shows even what has ended: it is yet to appear. */
const mustAppear = (input: RollbackInput, intent: Intent): boolean =>
  intent.status === "ACTED" && minutesSince(input.now, calledAt(intent)) < forgottenMinutes;

const unseenLaunch = (input: RollbackInput): string | undefined => {
  const { intents, replacements } = input;
  const seen = new Set(replacements.map((found) => launchOf(intents, found)?.id));
  const unseen = launchesIn(intents).find(
    (intent) =>
      isOpen(intent) &&
      !seen.has(intent.id) &&
      (!hasBeenAsked(input, calledAt(intent)) || mustAppear(input, intent)),
  );
  if (unseen === undefined) return undefined;
  const { instanceId, poolKey } = unseen.change;
  return instanceId === undefined
    ? `Whether an instance was launched (${poolKey}) is not known: EC2 shows none of that client token yet.`
    : `EC2 does not show the replacement ${instanceId} yet, which was launched.`;
};

const unseenImage = (input: RollbackInput): string | undefined => {
  const { intents, images } = input;
  const seen = new Set(images.map((found) => imagingOf(intents, found)?.id));
  const unseen = imagingsIn(intents).find(
    (intent) => isOpen(intent) && !seen.has(intent.id) && !hasBeenAsked(input, calledAt(intent)),
  );
  return unseen === undefined
    ? undefined
    : `Whether the image ${unseen.change.imageName} is there is not known: EC2 does not show it yet.`;
};

/** Undefined when each launch was seen, or has been asked for long enough. */
export const planForUnseenLaunch = (input: RollbackInput): RollbackPlan | undefined => {
  const sentence = unseenLaunch(input);
  return sentence === undefined ? undefined : wait(sentence, ["replacements"], "MINUTES");
};

/** Undefined when each image was seen, or has been asked for long enough. */
export const planForUnseenImage = (input: RollbackInput): RollbackPlan | undefined => {
  const sentence = unseenImage(input);
  return sentence === undefined ? undefined : wait(sentence, ["images"], "MINUTES");
};

/**
 * Says whether what an intent may have made, and EC2 does not show, may still appear. Not visible is not absent: a call whose
 * answer was lost may have acted, and is unknown until its work is seen, or has been asked for during minutes.
 */
import type { Intent } from "../../../model/intent.ts";
import { calledAt, hasBeenAsked, unseenLaunch } from "../../switch/launches.ts";
import { imagingOf, imagingsIn } from "./claims.ts";
import { wait } from "./return.ts";
import type { RollbackInput, RollbackPlan } from "./world.ts";

const isOpen = ({ status }: Intent): boolean => status !== "UNDONE";

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
  const sentence = unseenLaunch({ ...input, found: input.replacements });
  return sentence === undefined ? undefined : wait(sentence, ["replacements"], "MINUTES");
};

/** Undefined when each image was seen, or has been asked for long enough. */
export const planForUnseenImage = (input: RollbackInput): RollbackPlan | undefined => {
  const sentence = unseenImage(input);
  return sentence === undefined ? undefined : wait(sentence, ["images"], "MINUTES");
};

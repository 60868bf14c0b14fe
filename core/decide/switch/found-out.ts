/**
 * Says what was found out later of calls whose answer is not known. Judged from what the record holds anyway: a repetition,
 * the intent for which the call was made, and how the evaluation ended. Nothing is claimed beyond that.
 */
import type { Effect, EvaluationStatus, FoundOut, ToldEffect } from "../../model/evaluation.ts";
import type { Intent, IntentWithCalls, RecordedCalls } from "../../model/intent.ts";

interface EffectStory extends RecordedCalls {
  /** How the evaluation stands, or how it ended. */
  readonly status: EvaluationStatus;
}

const isUnknown = ({ outcome }: Effect): boolean => outcome === "UNKNOWN";

const repeated = (effect: Effect, all: readonly Effect[]): FoundOut | undefined => {
  const again = all.find(
    ({ action, resource, outcome, at }) =>
      outcome === "DONE" &&
      action === effect.action &&
      resource === effect.resource &&
      at >= effect.at,
  );
  return again === undefined
    ? undefined
    : {
        kind: "REPEATED",
        sentence: `The same call was made again at ${again.at} and was carried out.`,
      };
};

const found = (sentence: string): FoundOut => ({ kind: "DONE", sentence });

const undone: FoundOut = {
  kind: "UNDONE",
  sentence: "Whatever it did was undone, or it did nothing.",
};

/** ACTED without an answer that says so: it was seen in the world, by its token, its name or its place. */
const wasSeen = ({ intent, effects }: IntentWithCalls): boolean =>
  intent.status === "ACTED" && effects.every(({ outcome }) => outcome !== "DONE");

/** An adoption settles what is open, and looks at none of it. */
const isLeftOpen = ({ status }: Intent, story: EffectStory): boolean =>
  status === "SETTLED" && story.status === "ADOPTED";

const ofIntent = (planned: IntentWithCalls, story: EffectStory): FoundOut | undefined => {
  const { status, change } = planned.intent;
  // Nothing undoes a command, and no place in the world shows that it ran: only SSM's answer does.
  if (change.kind === "RUN_COMMAND" && change.commandId === undefined) return undefined;
  if (change.kind === "RUN_COMMAND") return found("Systems Manager showed the command.");
  if (isLeftOpen(planned.intent, story)) return undefined;
  if (status === "UNDONE") return undone;
  if (status === "COMMITTED" || status === "SETTLED") {
    return found("It was found done when the switch was verified.");
  }
  return wasSeen(planned) ? found("It was found done when it was looked for.") : undefined;
};

const names = ({ change }: Intent, resource: string): boolean =>
  Object.values(change).includes(resource);

const ofAlone = (effect: Effect, story: EffectStory): FoundOut | undefined => {
  const { status, intents } = story;
  const isSettled = intents.some(
    ({ intent }) =>
      intent.status === "SETTLED" && !isLeftOpen(intent, story) && names(intent, effect.resource),
  );
  if (isSettled) return found("It was found done when it was looked for again.");
  return status === "ROLLED_BACK" || status === "STAYED"
    ? found("The roll-back came to its end: it was found done, or was not needed.")
    : undefined;
};

const tell = (effect: Effect, finding: FoundOut | undefined): ToldEffect =>
  finding === undefined || !isUnknown(effect) ? effect : { ...effect, found: finding };

/** All effects in order of time, those of which nothing was known with what is known now. */
export const findOut = (story: EffectStory): readonly ToldEffect[] => {
  const all = [...story.intents.flatMap(({ effects }) => effects), ...story.alone];
  const told = [
    ...story.alone.map((effect) => tell(effect, repeated(effect, all) ?? ofAlone(effect, story))),
    ...story.intents.flatMap((planned) =>
      planned.effects.map((effect) =>
        tell(effect, repeated(effect, all) ?? ofIntent(planned, story)),
      ),
    ),
  ];
  return told.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
};

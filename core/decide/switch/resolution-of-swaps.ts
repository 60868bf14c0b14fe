/**
 * May a person's decision about swaps that were left open be carried out, and what would it do? Told from the record, the swaps and the intents. The
 * steps read the world again before each change, and what others have changed meanwhile stays theirs.
 */
import type { Evaluation } from "../../model/evaluation.ts";
import { changesOf, type Intent } from "../../model/intent.ts";
import type { GroupWish } from "../../model/resolution.ts";
import type { Swap } from "../../model/swap.ts";
import { isOpenIntent } from "./outcome.ts";
import {
  firstRefusal,
  isNobodyElses,
  isNotStopped,
  isWanted,
  type ResolutionPlan,
  type ResumeInput,
} from "./resolution.ts";
import { undoSentence } from "./undo-sentence.ts";
import { isUnsettled } from "./unsettled.ts";

/** Facts that are the same for every kind of group. */
export interface SwapsResolutionFacts extends ResumeInput {
  readonly swaps: readonly Swap[];
  readonly intents: readonly Intent[];
  /** Begun at the group since. */
  readonly supersededBy?: string;
  /** Launched instances that another target is registered for, and by which. */
  readonly registeredElsewhere: Readonly<Record<string, string>>;
}

/** What is said of a group, and of a node group otherwise. */
interface Words {
  /** `the group`, and `group web`. */
  readonly kind: string;
  readonly name: string;
  /** What goes on, by its number: `Batch 1`. */
  readonly round: string;
  /** Whole sentences. */
  readonly afterwards: string;
  readonly kept: string;
  readonly adopted: string;
  readonly untouched: string;
}

interface SwapsResolutionInput extends SwapsResolutionFacts {
  readonly evaluation: Pick<Evaluation, "evaluationId" | "authorization" | "targetId">;
  /** False: its target was deleted, or is another one now. */
  readonly isStillTarget: boolean;
  readonly words: Words;
}

type Refusal = (input: SwapsResolutionInput) => string | undefined;

const openOf = ({ intents }: SwapsResolutionInput): readonly Intent[] =>
  intents.filter(isOpenIntent);

const isLatest: Refusal = ({ supersededBy, words: { name, kind } }) =>
  supersededBy === undefined
    ? undefined
    : `Evaluation ${supersededBy} was begun at ${name} since: roll this one back, or adopt ${kind} as it stands.`;

const isOfTarget: Refusal = ({ isStillTarget, evaluation, words: { name } }) =>
  isStillTarget ? undefined : `Target ${evaluation.targetId} is no longer ${name}.`;

/** Those that no pair has kept. */
const isNotTaken: Refusal = (input) =>
  isNobodyElses({
    replacements: launchedBy(openOf(input)),
    registeredElsewhere: input.registeredElsewhere,
  });

/** Instances that these intents have launched, or had EKS launch. */
export const launchedBy = (intents: readonly Intent[]): readonly string[] =>
  (["LAUNCH_INSTANCE", "SCALE_OUT"] as const).flatMap((kind) =>
    changesOf(intents, kind).flatMap(({ instanceId = [] }) => instanceId),
  );

const refusalsOf: Readonly<Record<GroupWish["kind"], readonly Refusal[]>> = {
  RESUME: [isNotStopped, isWanted, isLatest, isOfTarget],
  ROLL_BACK: [isNotTaken],
  ADOPT: [],
};

const isUnderWay = ({ stage }: Swap): boolean =>
  stage === "PLANNED" || stage === "LAUNCHED" || stage === "HEALTHY" || stage === "JOINED";

const stepsForward = (input: SwapsResolutionInput): readonly string[] => {
  const { swaps, words } = input;
  const acted = openOf(input).flatMap(({ id, status }) => (status === "ACTED" ? [id] : []));
  const goesOn = swaps.filter((swap) => isUnderWay(swap) && swap.givenUp === undefined);
  const isUndone = swaps.filter((swap) => isUnderWay(swap) && swap.givenUp !== undefined);
  return [
    acted.length === 0
      ? "Nothing is open."
      : `Done already, and not done again: ${acted.join(", ")}.`,
    ...(goesOn.length === 0
      ? []
      : [`${words.round} goes on: ${goesOn.map(({ originalId }) => originalId).join(", ")}.`]),
    ...isUndone.map(
      ({ originalId }) => `What was made for ${originalId} is undone, and ${originalId} stays.`,
    ),
    words.afterwards,
  ];
};

/** A pair whose original has left is not taken apart. */
const stepsBack = (input: SwapsResolutionInput): readonly string[] => {
  const done = input.swaps.filter(({ stage }) => stage === "DONE");
  return [
    ...openOf(input)
      .toReversed()
      .map(({ id, change }) => `${id}: ${undoSentence(change)}`),
    ...(done.length === 0
      ? []
      : [
          `Stay as they are, for their originals have left: ${done.map(({ swapId }) => swapId).join(", ")}.`,
        ]),
    input.words.kept,
  ];
};

const stepsOfAdoption = ({ intents, words }: SwapsResolutionInput): readonly string[] => {
  const open = intents.filter(isUnsettled).map(({ id }) => id);
  return [
    words.adopted,
    open.length === 0
      ? "Nothing is open."
      : `Settled, and neither done nor undone: ${open.join(", ")}. What they have changed is the owner's from then on.`,
    words.untouched,
  ];
};

const stepsOf: Readonly<
  Record<GroupWish["kind"], (input: SwapsResolutionInput) => readonly string[]>
> = { RESUME: stepsForward, ROLL_BACK: stepsBack, ADOPT: stepsOfAdoption };

export const planResolutionOfSwaps = (
  input: SwapsResolutionInput,
  { kind }: GroupWish,
): ResolutionPlan => {
  const sentence = firstRefusal(refusalsOf[kind], input);
  return sentence === undefined
    ? { kind: "POSSIBLE", steps: stepsOf[kind](input) }
    : { kind: "REFUSED", sentence };
};

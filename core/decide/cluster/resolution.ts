/**
 * May a person's decision about a conversion that was left open be carried out, and what would it do? Told from the record, the swaps and the intents.
 * The steps read the group again before each change, and what others have changed meanwhile stays theirs.
 */
import type { ClusterEvaluation } from "../../model/evaluation.ts";
import { changesOf, type Intent } from "../../model/intent.ts";
import type { GroupWish } from "../../model/resolution.ts";
import type { Swap } from "../../model/swap.ts";
import { isUnsettled } from "../switch/unsettled.ts";
import { isOpenIntent } from "../switch/outcome.ts";
import {
  firstRefusal,
  isNobodyElses,
  isNotStopped,
  isWanted,
  type ResolutionPlan,
  type ResumeInput,
} from "../switch/resolution.ts";
import { undoSentence } from "../switch/undo-sentence.ts";

export interface GroupResolutionInput extends ResumeInput {
  readonly evaluation: Pick<
    ClusterEvaluation,
    "evaluationId" | "authorization" | "subject" | "progress" | "targetId"
  >;
  readonly swaps: readonly Swap[];
  readonly intents: readonly Intent[];
  /** Begun at the group since. */
  readonly supersededBy?: string;
  /** The target's group now. Undefined: it was deleted, or is a group no longer. */
  readonly targetGroup: string | undefined;
  /** Launched instances that another target is registered for, and by which. */
  readonly registeredElsewhere: Readonly<Record<string, string>>;
}

type Refusal = (input: GroupResolutionInput) => string | undefined;

const nameIn = ({ evaluation }: GroupResolutionInput): string =>
  `group ${evaluation.subject.asgName}`;

const openOf = ({ intents }: GroupResolutionInput): readonly Intent[] =>
  intents.filter(isOpenIntent);

const isLatest: Refusal = ({ supersededBy, ...input }) =>
  supersededBy === undefined
    ? undefined
    : `Evaluation ${supersededBy} was begun at ${nameIn(input)} since: roll this one back, or adopt the group as it stands.`;

const isStillTarget: Refusal = ({ targetGroup, evaluation }) =>
  targetGroup === evaluation.subject.asgName
    ? undefined
    : `Target ${evaluation.targetId} is no longer group ${evaluation.subject.asgName}.`;

/** Those that no pair has kept. */
const isNotTaken: Refusal = (input) =>
  isNobodyElses({
    replacements: launchedBy(openOf(input)),
    registeredElsewhere: input.registeredElsewhere,
  });

/** Instances that these intents have launched. */
export const launchedBy = (intents: readonly Intent[]): readonly string[] =>
  changesOf(intents, "LAUNCH_INSTANCE").flatMap(({ instanceId = [] }) => instanceId);

const refusalsOf: Readonly<Record<GroupWish["kind"], readonly Refusal[]>> = {
  RESUME: [isNotStopped, isWanted, isLatest, isStillTarget],
  ROLL_BACK: [isNotTaken],
  ADOPT: [],
};

const isUnderWay = ({ stage }: Swap): boolean =>
  stage === "PLANNED" || stage === "LAUNCHED" || stage === "HEALTHY" || stage === "JOINED";

const stepsForward = (input: GroupResolutionInput): readonly string[] => {
  const { swaps, evaluation } = input;
  const acted = openOf(input).flatMap(({ id, status }) => (status === "ACTED" ? [id] : []));
  const goesOn = swaps.filter((swap) => isUnderWay(swap) && swap.givenUp === undefined);
  const isUndone = swaps.filter((swap) => isUnderWay(swap) && swap.givenUp !== undefined);
  return [
    acted.length === 0
      ? "Nothing is open."
      : `Done already, and not done again: ${acted.join(", ")}.`,
    ...(goesOn.length === 0
      ? []
      : [
          `Batch ${String(evaluation.progress.batch ?? 1)} goes on: ${goesOn.map(({ originalId }) => originalId).join(", ")}.`,
        ]),
    ...isUndone.map(
      ({ originalId }) => `What was made for ${originalId} is undone, and ${originalId} stays.`,
    ),
    `Then ${nameIn(input)} gets back maximum, protection and AZRebalance, and the next batch is planned on the group as it is.`,
  ];
};

/** A pair whose original has left is not taken apart. */
const stepsBack = (input: GroupResolutionInput): readonly string[] => {
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
    "A pair whose original has left the group stays too: its replacement is the group's.",
  ];
};

const stepsOfAdoption = (input: GroupResolutionInput): readonly string[] => {
  const open = input.intents.filter(isUnsettled).map(({ id }) => id);
  const name = nameIn(input);
  return [
    `Members, sizes and suspended processes of ${name} stay as they are. Our protection from scale-in and our claim are taken from it.`,
    open.length === 0
      ? "Nothing is open."
      : `Settled, and neither done nor undone: ${open.join(", ")}. What they have changed is the owner's from then on.`,
    "No instance is launched, ended, attached or detached.",
  ];
};

const stepsOf: Readonly<
  Record<GroupWish["kind"], (input: GroupResolutionInput) => readonly string[]>
> = { RESUME: stepsForward, ROLL_BACK: stepsBack, ADOPT: stepsOfAdoption };

export const planGroupResolution = (
  input: GroupResolutionInput,
  { kind }: GroupWish,
): ResolutionPlan => {
  const sentence = firstRefusal(refusalsOf[kind], input);
  return sentence === undefined
    ? { kind: "POSSIBLE", steps: stepsOf[kind](input) }
    : { kind: "REFUSED", sentence };
};

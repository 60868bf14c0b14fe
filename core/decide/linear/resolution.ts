/**
 * May a person's decision about a switch that was left open be carried out as the world is now, and what would it do? Asked
 * before anything is begun. The steps read the world again before each change.
 */
import { isRecovery } from "../../model/evaluation-kind.ts";
import { hasEnded, type InstanceFacts, type InstanceState } from "../../model/instance.ts";
import { changesOf, type Intent } from "../../model/intent.ts";
import type { LinearEvaluation } from "../../model/evaluation.ts";
import type { InstanceWish } from "../../model/resolution.ts";
import type { Swap } from "../../model/swap.ts";
import { isOpenIntent } from "../switch/outcome.ts";
import {
  firstRefusal,
  isNobodyElses,
  isNotStopped,
  isWanted,
  type ResolutionPlan,
} from "../switch/resolution.ts";
import { takesDataBack } from "./data-way-back.ts";
import { missingParts, type Holding } from "./missing-parts.ts";
import { isOriginalGivenUp } from "./roll-back/serving.ts";
import { trafficMoves } from "./served.ts";
import { undoSentence } from "../switch/undo-sentence.ts";

interface FoundReplacement {
  readonly instanceId: string;
  readonly state: InstanceState;
}

export interface ResolutionInput {
  readonly evaluation: Pick<
    LinearEvaluation,
    "evaluationId" | "kind" | "subject" | "policy" | "progress" | "authorization" | "targetId"
  >;
  readonly swap: Swap | undefined;
  readonly intents: readonly Intent[];
  /** Begun at the original since. */
  readonly supersededBy?: string;
  /** Why nothing may be changed now: kill switch, or account disabled. */
  readonly stopped?: string;
  /** Undefined when the target was deleted. */
  readonly targetInstanceId: string | undefined;
  /** Undefined when EC2 does not show it. */
  readonly original: Pick<InstanceFacts, "state" | "launchedAt"> | undefined;
  readonly replacements: readonly FoundReplacement[];
  /** Of an adoption: undefined when EC2 does not show it. */
  readonly servingState?: InstanceState | undefined;
  /** Of an adoption: what that instance holds. Absent: EC2 does not show it. */
  readonly servingHolds?: Holding;
  /** The original as it was before anything moved. Absent: it was never read. */
  readonly before?: InstanceFacts;
  /** Instances of these that another target is registered for, and by which. */
  readonly registeredElsewhere: Readonly<Record<string, string>>;
}

type Refusals = (input: ResolutionInput) => string | undefined;

const isAlive = ({ state }: FoundReplacement): boolean => !hasEnded(state);

const isStateless = ({ evaluation }: ResolutionInput): boolean =>
  evaluation.policy.consistency === "stateless";

/** The replacement that takes the original's place, while it lives. */
const successorOf = ({ swap, replacements }: ResolutionInput): FoundReplacement | undefined =>
  replacements.find(
    (found) => found.instanceId === swap?.replacement?.instanceId && isAlive(found),
  );

const originalName = ({ evaluation }: ResolutionInput): string => evaluation.subject.instanceId;

const isLatest: Refusals = ({ supersededBy, ...input }) =>
  supersededBy === undefined
    ? undefined
    : `Evaluation ${supersededBy} was begun at ${originalName(input)} since: roll this one back, which takes away only what is its own, or adopt what serves.`;

const isStillTarget: Refusals = (input) => {
  const { targetInstanceId, evaluation } = input;
  if (targetInstanceId === originalName(input)) return undefined;
  return targetInstanceId === undefined
    ? `Target ${evaluation.targetId} was deleted.`
    : `Target ${evaluation.targetId} is ${targetInstanceId} by now, and no longer ${originalName(input)}.`;
};

const originalExists: Refusals = (input) => {
  const { original, intents } = input;
  // A way back goes on without the Spot Instance that it has ended, and a recovery without the one that EC2 took.
  if (isOriginalGivenUp(intents) || isRecovery(input.evaluation)) return undefined;
  // One whose data are taken after its end is not missed once what takes its place lives.
  if (takesDataBack(input.evaluation) && successorOf(input) !== undefined) return undefined;
  if (original !== undefined && !hasEnded(original.state)) return undefined;
  return `The original ${originalName(input)} is ${original?.state ?? "not shown by EC2"}: let what could take its place serve, and adopt that.`;
};

/** Its writes since would not be at the replacement, or its stop would never be seen to end. */
const originalRests: Refusals = (input) => {
  const { original, intents } = input;
  const stop = intents.find(({ change }) => change.kind === "STOP_INSTANCE");
  if (stop === undefined || original === undefined) return undefined;
  const wasStarted = Date.parse(original.launchedAt) > Date.parse(stop.plannedAt);
  const isAwake = original.state === "pending" || original.state === "running";
  return wasStarted || (stop.status === "ACTED" && isAwake)
    ? `The original ${originalName(input)} was started again after it was frozen (it is ${original.state}): what it wrote since would be lost. Roll back.`
    : undefined;
};

/** Its data are all where it left them: an image of its root is launched in place of what is lost. */
const isCarriedByImage = ({ intents, evaluation }: ResolutionInput): boolean =>
  takesDataBack(evaluation) && isOriginalGivenUp(intents) && trafficMoves(intents).length === 0;

const replacementLives: Refusals = (input) => {
  if (isCarriedByImage(input)) return undefined;
  const wanted = input.swap?.replacement?.instanceId;
  return wanted === undefined || successorOf(input) !== undefined
    ? undefined
    : `The replacement ${wanted} is gone: roll back.`;
};

/** A roll-back starts what the evaluation has stopped, and nothing else: what was moved could not be used there. */
const originalCanServe: Refusals = (input) => {
  const { original, intents } = input;
  const isOurs = changesOf(intents, "STOP_INSTANCE").length > 0;
  const hasMoved = intents.some(({ change }) => change.kind.startsWith("MOVE_"));
  if (isOurs || !hasMoved || original?.state === "running" || original?.state === "pending") {
    return undefined;
  }
  return `The original ${originalName(input)} is ${original?.state ?? "not shown by EC2"}, and this evaluation did not stop it: start it first, or adopt what serves.`;
};

/** Nothing can be given back to a Spot Instance that was ended. */
const hasWayBack: Refusals = (input) => {
  const { original, intents, evaluation } = input;
  const hasGone = original === undefined ? isOriginalGivenUp(intents) : hasEnded(original.state);
  return takesDataBack(evaluation) && hasGone
    ? `The Spot Instance ${originalName(input)} is ${original?.state ?? "gone"}: there is no way but forward. Resume, or adopt what serves.`
    : undefined;
};

/** Newer writes are at a healthy replacement of a stateful load: nothing but a person ends it. */
const nothingNewerIsLost: Refusals = (input) => {
  const { servedFrom } = input.evaluation.progress;
  const successor = successorOf(input);
  if (isStateless(input) || servedFrom === undefined || successor?.state !== "running") {
    return undefined;
  }
  return `The replacement ${successor.instanceId} has the identity since ${servedFrom} and may hold newer writes: resume, or adopt it. To go back all the same, stop it yourself first; its volumes are kept.`;
};

const isNotTaken: Refusals = ({ replacements, registeredElsewhere }) =>
  isNobodyElses({
    replacements: replacements.filter(isAlive).map(({ instanceId }) => instanceId),
    registeredElsewhere,
  });

const refusalsOf: Readonly<Record<"RESUME" | "ROLL_BACK", readonly Refusals[]>> = {
  RESUME: [
    isNotStopped,
    isWanted,
    isLatest,
    isStillTarget,
    originalExists,
    originalRests,
    replacementLives,
  ],
  ROLL_BACK: [isNotTaken],
};

/** What an older evaluation takes away of its own needs no original. */
const rollBackRefusals = (input: ResolutionInput): readonly Refusals[] =>
  input.supersededBy === undefined
    ? [...refusalsOf.ROLL_BACK, hasWayBack, originalExists, originalCanServe, nothingNewerIsLost]
    : refusalsOf.ROLL_BACK;

const refusalOfAdoption = (input: ResolutionInput, serving: string): string | undefined => {
  const { servingState, registeredElsewhere, supersededBy, targetInstanceId } = input;
  if (servingState !== "running") {
    return `${serving} is ${servingState ?? "not shown by EC2"}: only an instance that runs can be adopted.`;
  }
  const other = registeredElsewhere[serving];
  if (other !== undefined) {
    return `${serving} is registered as ${other}: delete that target first, or adopt another instance.`;
  }
  return supersededBy === undefined || targetInstanceId === serving
    ? undefined
    : `Evaluation ${supersededBy} was begun since: only ${targetInstanceId ?? "nothing"}, which is the target's instance now, can be adopted.`;
};

const refusalOf = (input: ResolutionInput, wish: InstanceWish): string | undefined => {
  if (wish.kind === "ADOPT") return refusalOfAdoption(input, wish.serving);
  const refusals = wish.kind === "RESUME" ? refusalsOf.RESUME : rollBackRefusals(input);
  return firstRefusal(refusals, input);
};

const travels =
  "What is not at the replacement yet of addresses, interfaces, volumes and target groups moves there.";

const stepsAfterStop = (input: ResolutionInput): readonly string[] => {
  const name = originalName(input);
  return [
    input.evaluation.progress.frozenAt === undefined
      ? `${name} is stopped once that is healthy, unless the load is stateless.`
      : `${name} stays stopped.`,
    travels,
    `${name} is retired: kept stopped for the cool-off, then terminated.`,
  ];
};

const endOf = (input: ResolutionInput): string => {
  const name = originalName(input);
  if (isOriginalGivenUp(input.intents)) return `${name} has ended: its volumes are waited for.`;
  return isRecovery(input.evaluation)
    ? `${name} is waited for until EC2 has ended it, and then its volumes.`
    : `${name} is terminated once that is healthy, and none of its volumes goes with it.`;
};

/** Of a Spot Instance with data that goes back, or that EC2 has taken. */
const stepsAfterEnd = (input: ResolutionInput): readonly string[] => {
  return [
    endOf(input),
    "Its root volume becomes that of the replacement, which is isolated until then. Where EC2 refuses that, or the replacement is lost, an image of the root volume is launched.",
    travels,
  ];
};

const stepsOfKind = (input: ResolutionInput): readonly string[] => {
  const { evaluation } = input;
  if (takesDataBack(evaluation)) return stepsAfterEnd(input);
  return isRecovery(evaluation) ? [travels] : stepsAfterStop(input);
};

const stepsForward = (input: ResolutionInput): readonly string[] => {
  const { intents, swap } = input;
  const name = originalName(input);
  const successor = swap?.replacement?.instanceId;
  const acted = intents.filter(({ status }) => status === "ACTED").map(({ id }) => id);
  return [
    acted.length === 0
      ? "Nothing was done yet."
      : `Done already, and not done again: ${acted.join(", ")}.`,
    successor === undefined
      ? `A replacement of ${name} is launched, from an image of it.`
      : `The replacement ${successor} is checked again.`,
    ...stepsOfKind(input),
  ];
};
const stepsBack = ({ intents, supersededBy }: ResolutionInput): readonly string[] => {
  const open = intents.filter(isOpenIntent).toReversed();
  const own = ["LAUNCH_INSTANCE", "CREATE_IMAGE"];
  return open
    .filter(({ change }) => supersededBy === undefined || own.includes(change.kind))
    .map(({ change }) => undoSentence(change));
};

/** Nobody must find out by an outage that an address is elsewhere. */
const stayElsewhere = (input: ResolutionInput, serving: string): readonly string[] => {
  const { before, servingHolds, evaluation } = input;
  if (before === undefined || servingHolds === undefined) return [];
  const missing = missingParts(before, servingHolds, evaluation.policy);
  return missing.length === 0
    ? []
    : [
        `Not at ${serving}, and not moved to it: ${missing.join(", ")}. Move them yourself where clients need them, or resume.`,
      ];
};

/** Adopted so, it can serve nobody. */
const staysIsolated = ({ intents }: ResolutionInput, serving: string): readonly string[] => {
  const [isolation] = changesOf(intents, "ISOLATE");
  const isOurs = changesOf(intents, "LAUNCH_INSTANCE").some(
    ({ instanceId }) => instanceId === serving,
  );
  const isOver = intents.some(
    ({ change, status }) => change.kind === "END_ISOLATION" && status === "ACTED",
  );
  return isolation === undefined || !isOurs || isOver
    ? []
    : [
        `${serving} may still be in the security group ${isolation.groupId ?? isolation.groupName}, which has no rules: nobody reaches it. Give its interface the security groups that it needs.`,
      ];
};

const stepsOfAdoption = (input: ResolutionInput, serving: string): readonly string[] => {
  const { evaluation, intents, original, targetInstanceId, replacements } = input;
  const open = intents.filter(isOpenIntent).map(({ id }) => id);
  const others = [
    ...(original === undefined || hasEnded(original.state) ? [] : [originalName(input)]),
    ...replacements.filter(isAlive).map((each) => each.instanceId),
  ];
  const left = [
    ...others.filter((id) => id !== serving),
    ...changesOf(intents, "CREATE_IMAGE").flatMap(({ imageId = [] }) => imageId),
  ];
  return [
    targetInstanceId === undefined || targetInstanceId === serving
      ? `${serving} serves; the target stays as it is.`
      : `Target ${evaluation.targetId} follows from ${targetInstanceId} to ${serving}.`,
    open.length === 0
      ? "Nothing is open."
      : `Settled, and neither done nor undone: ${open.join(", ")}.`,
    left.length === 0
      ? "Nothing else is left."
      : `Our tags are taken from what does not serve. It is the owner's from then on, and costs what it costs: ${left.join(", ")}.`,
    ...stayElsewhere(input, serving),
    ...staysIsolated(input, serving),
    "No instance is started, stopped or ended, nothing is moved, and nothing is deleted.",
  ];
};

export const planResolution = (input: ResolutionInput, wish: InstanceWish): ResolutionPlan => {
  const sentence = refusalOf(input, wish);
  if (sentence !== undefined) return { kind: "REFUSED", sentence };
  switch (wish.kind) {
    case "RESUME":
      return { kind: "POSSIBLE", steps: stepsForward(input) };
    case "ROLL_BACK":
      return { kind: "POSSIBLE", steps: stepsBack(input) };
    case "ADOPT":
      return { kind: "POSSIBLE", steps: stepsOfAdoption(input, wish.serving) };
  }
};

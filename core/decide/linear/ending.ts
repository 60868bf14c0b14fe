/** What became of a switch of one instance that did not fail. */
import type { LinearEvaluation } from "../../model/evaluation.ts";
import { kindOf } from "../../model/evaluation-kind.ts";
import type { Intent } from "../../model/intent.ts";
import type { Swap } from "../../model/swap.ts";
import type { SwitchEnding } from "../switch/outcome.ts";
import { isOpenIntent } from "../switch/outcome.ts";
import { buysOnDemand } from "./recovery.ts";

export interface LinearEndingInput {
  readonly evaluation: Pick<
    LinearEvaluation,
    "kind" | "subject" | "progress" | "launchExhausted" | "verdict"
  >;
  /** The original was stopped by us before the replacement served. */
  readonly wasDown: boolean;
  /** Absent: nothing was launched. */
  readonly swap: Swap | undefined;
  readonly intents: readonly Intent[];
}

/** SETTLED too: the record may be written again after the janitor has settled it. */
const isRetired = ({ change, status }: Intent): boolean =>
  (change.kind === "RETIRE_ORIGINAL" || change.kind === "END_ORIGINAL") &&
  status !== "PLANNED" &&
  status !== "UNDONE";

const withoutRoot = (
  instanceId: string,
  { kind, progress: { movedRootVolumeId } }: LinearEndingInput["evaluation"],
): string =>
  // A Spot Instance that went back has ended, and is not started again.
  movedRootVolumeId === undefined || kindOf({ ...(kind && { kind }) }) !== "SWITCH"
    ? ""
    : ` It runs on ${movedRootVolumeId}, the root volume of ${instanceId}, which cannot be started without it.`;

const leftBehind = ({ leftVolumes = [] }: LinearEvaluation["progress"]): string =>
  leftVolumes.length === 0
    ? ""
    : ` An image of its root volume carried it. Left to their owner, to be deleted once nobody misses them: ${leftVolumes.join(", ")}.`;

const otherwise = (
  instanceId: string,
  { differences = [] }: LinearEvaluation["progress"],
): string =>
  differences.length === 0
    ? ""
    : ` Otherwise than at ${instanceId}, and left so: ${differences.join("; ")}.`;

const withoutFlags = ({ flagsNotReturned }: LinearEvaluation["progress"]): string =>
  flagsNotReturned === undefined
    ? ""
    : ` Its owner's deletion flags are not returned: ${flagsNotReturned} They return when the target is deleted.`;

export const endingOfLinear = ({
  evaluation,
  swap,
  intents,
  wasDown,
}: LinearEndingInput): SwitchEnding => {
  const { progress, launchExhausted, subject, verdict } = evaluation;
  if (progress.servingAt !== undefined && intents.some(isRetired)) {
    const isOnDemand = verdict !== undefined && buysOnDemand(verdict, progress);
    return {
      kind: "DONE",
      ...(isOnDemand && { isOnDemand }),
      sentence: `${swap?.replacement?.instanceId ?? "The replacement"} has taken over from ${subject.instanceId}.${withoutFlags(progress)}${withoutRoot(subject.instanceId, evaluation)}${leftBehind(progress)}${otherwise(subject.instanceId, progress)}`,
    };
  }
  if (launchExhausted !== undefined && !intents.some(isOpenIntent)) {
    return {
      kind: "NOTHING_LAUNCHED",
      sentence: launchExhausted,
      wasDown,
    };
  }
  return {
    kind: "HALF_WAY",
    sentence: `The switch of ${subject.instanceId} ended half-way without a failure. Next: look at its intents and effects.`,
  };
};

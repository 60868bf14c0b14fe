/** What an evaluation's record says of an instance in the ledger: whether it launched it, in whose stead, and from when until when that served. */
import type { Evaluation, LinearEvaluation } from "../model/evaluation.ts";
import type { Intent, IntentKind } from "../model/intent.ts";
import type { InstanceId } from "../model/ids.ts";
import type { InstanceSpan } from "../model/ledger/span.ts";
import type { Swap } from "../model/swap.ts";

interface Story {
  readonly evaluation: Evaluation;
  readonly swaps: readonly Swap[];
  readonly intents: readonly Intent[];
}

const swapWith = (swaps: readonly Swap[], instanceId: InstanceId): Swap | undefined =>
  swaps.find(({ replacement }) => replacement?.instanceId === instanceId);

/** It has, or may have: the answer of its call is not known. */
const launches = ({ change, status }: Intent, instanceId: InstanceId): boolean =>
  (change.kind === "LAUNCH_INSTANCE" || change.kind === "SCALE_OUT") &&
  (change.instanceId === instanceId || (change.instanceId === undefined && status === "PLANNED"));

/** Undefined: it did not. A tag alone finds an evaluation: its record has to name the instance, or to lack the answer of a launch. */
export const launchIn = (
  { swaps, intents }: Story,
  instanceId: InstanceId,
): { readonly originalId: InstanceId | undefined } | undefined => {
  const found = swapWith(swaps, instanceId) ?? swaps.find(({ heldId }) => heldId === instanceId);
  if (found !== undefined) return { originalId: found.originalId };
  const launch = intents.find((intent) => launches(intent, instanceId));
  if (launch === undefined) return undefined;
  const swap = swaps.find(({ swapId }) => swapId === launch.swapId) ?? swaps[0];
  return { originalId: swap?.originalId };
};

const isOver = ({ status }: Evaluation): boolean => status !== "PENDING" && status !== "RUNNING";

type Serves = NonNullable<InstanceSpan["serves"]>;

const isMade = ({ status }: Evaluation): boolean => status === "SWITCHED" || status === "FELL_BACK";

const servedFrom = (evaluation: LinearEvaluation): string | undefined => {
  const { progress, startedAt, endedAt = startedAt } = evaluation;
  return progress.servedFrom ?? (isMade(evaluation) ? (progress.servingAt ?? endedAt) : undefined);
};

const servedByOne = (evaluation: LinearEvaluation): Serves => {
  const { progress, status, startedAt, endedAt = startedAt } = evaluation;
  const from = servedFrom(evaluation);
  if (from === undefined) return "NEVER";
  return status === "ROLLED_BACK" ? { from, until: progress.restoredAt ?? endedAt } : { from };
};

/** Undefined while nobody knows. */
export const servesOf = (
  { evaluation, swaps }: Pick<Story, "evaluation" | "swaps">,
  instanceId: InstanceId,
): Serves | undefined => {
  if (!isOver(evaluation)) return undefined;
  const swap = swapWith(swaps, instanceId);
  if (swap === undefined) return "NEVER";
  if (evaluation.mode === "LINEAR") return servedByOne(evaluation);
  if (swap.stage === "UNDONE" || swap.stage === "PLANNED") return "NEVER";
  const { startedAt } = evaluation;
  return { from: swap.joinedAt ?? swap.replacement?.launchedAt ?? startedAt };
};

/** The group wanted one more meanwhile: both stay, and none stands in the other's stead. */
export const isOneMore = (swaps: readonly Swap[], instanceId: InstanceId): boolean =>
  swapWith(swaps, instanceId)?.stage === "ABSORBED";

/** What stops or ends the instance that it names. */
const endings: readonly string[] = [
  "STOP_INSTANCE",
  "RETIRE_ORIGINAL",
  "END_ORIGINAL",
  "RELEASE_HELD",
  "REMOVE_MEMBER",
  "REMOVE_NODE",
  "END_NODE",
] satisfies readonly IntentKind[];

const endsIt = ({ change, status }: Intent, instanceId: InstanceId): boolean => {
  if (!("instanceId" in change) || change.instanceId !== instanceId) return false;
  if (change.kind === "LAUNCH_INSTANCE") return status === "UNDONE";
  const isByOthers = change.kind === "END_ORIGINAL" && change.isByOthers === true;
  return endings.includes(change.kind) && !isByOthers;
};

/** EC2 tells whole seconds, rounded down. */
const wholeMs = 1000;

/**
 * The end as ours, where one of them was to stop or to end it before it was seen so: where EC2 does not say when that was, its call was
 * answered then. Undefined: none was.
 */
export const endByUs = (
  intents: readonly Intent[],
  { instanceId, end }: Pick<InstanceSpan, "instanceId" | "end">,
): InstanceSpan["end"] => {
  if (end === undefined) return undefined;
  const found = intents.findLast(
    (intent) =>
      endsIt(intent, instanceId) && Date.parse(intent.plannedAt) < Date.parse(end.latest) + wholeMs,
  );
  if (found === undefined) return undefined;
  const { actedAt = "" } = found;
  const isWithin = end.earliest <= actedAt && actedAt <= end.latest;
  return { ...end, by: "US", ...(isWithin && { earliest: actedAt, latest: actedAt }) };
};

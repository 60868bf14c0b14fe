/** When a drain is given up: the node's own time, that without progress, and what holds a pod for good. */
import type { ErrorName } from "../../../errors.ts";
import type { Blocker, DrainState } from "../../../model/kubernetes/drain.ts";
import type { PodFacts } from "../../../model/kubernetes/pod.ts";
import { counted } from "../../offers/figures.ts";
import { canBeEmptied, deletionMinutes } from "./deletions.ts";
import type { NodePod } from "./node-pods.ts";
import { giveUpSeconds, type Lack } from "./replacements.ts";
import type { TickMemory } from "./tick.ts";
import { secondsSince } from "./workloads.ts";

/** The drain has failed: what was begun at the node is undone. */
export interface Stop {
  readonly kind: "STOP";
  readonly code:
    | "DRAIN_DEADLINE"
    | "NO_PROGRESS"
    | "POD_BLOCKED"
    | "REPLACEMENT_UNSCHEDULABLE"
    | "REPLACEMENT_NOT_CREATED"
    | "REPLACEMENT_LOST"
    | "OWNERSHIP_LOST"
    | "NODE_GONE";
  /** By which the evaluation tells of it. */
  readonly error: ErrorName;
  readonly sentence: string;
}

/** Those of the policy. */
export interface DrainLimits {
  readonly nodeDeadlineMinutes: number;
  readonly noProgressMinutes: number;
  readonly deletePodsAtDeadline: boolean;
}

/** What a grace that ends within it may take beside: volumes, finalizers. */
const besideGraceMinutes = 10;
const mostMinutes = 6 * 60;

/** Of a node whose pods may take longer to end than the policy gives it, that long. */
const nodeMinutes = (
  { nodeDeadlineMinutes }: Pick<DrainLimits, "nodeDeadlineMinutes">,
  { graceSeconds }: Pick<DrainState, "graceSeconds">,
): number =>
  Math.min(mostMinutes, Math.max(nodeDeadlineMinutes, graceSeconds / 60 + besideGraceMinutes));

/** Until the node is given back, where its pods may be deleted until then. Undefined: they may not, or the time for it is not there. */
export const secondsForDeletions = (
  limits: DrainLimits,
  state: Pick<DrainState, "beganAt" | "graceSeconds">,
  now: string,
): number | undefined => {
  const over = secondsSince(now, state.beganAt) - nodeMinutes(limits, state) * 60;
  const seconds = deletionMinutes * 60 - over;
  return limits.deletePodsAtDeadline && over >= 0 && seconds >= 1 ? seconds : undefined;
};

/** Longest of its pods so far: those that have gone count too. */
export const longestGrace = (
  { graceSeconds }: Pick<DrainState, "graceSeconds">,
  pods: readonly Pick<PodFacts, "terminationGracePeriodSeconds">[],
): number => Math.max(graceSeconds, ...pods.map((pod) => pod.terminationGracePeriodSeconds));

const named = 3;

const why = ({ blockers, hold }: Pick<DeadlineInput, "blockers" | "hold">): string => {
  const rest = blockers.length - named;
  return [
    ...(hold === undefined || blockers.some(({ sentence }) => sentence === hold) ? [] : [hold]),
    ...blockers.slice(0, named).map(({ sentence, since }) => `${sentence} (since ${since})`),
    ...(rest > 0 ? [`And ${String(rest)} more.`] : []),
  ]
    .map((sentence) => ` ${sentence}`)
    .join("");
};

interface DeadlineInput {
  readonly nodeName: string;
  readonly limits: DrainLimits;
  readonly state: DrainState;
  /** Pods in the way. */
  readonly left: readonly NodePod[];
  /** As they are now, the oldest first. */
  readonly blockers: readonly Blocker[];
  /** Replacements that don't come up. */
  readonly lacks: readonly Lack[];
  /** Why nothing is evicted now, whatever the pods allow. */
  readonly hold: string | undefined;
  /** What the API has answered to evictions. */
  readonly memory: Pick<TickMemory, "refusals">;
  /** ISO 8601 */
  readonly now: string;
}

/** A pod that ends within its grace is progress that takes its time. */
const lastMovement = ({ state, left }: DeadlineInput): string => {
  const ends = left.flatMap(({ standing }) =>
    standing.kind === "TERMINATING" ? [standing.overdueAt] : [],
  );
  return [state.progressAt, ...ends].reduce((last, instant) =>
    Date.parse(instant) > Date.parse(last) ? instant : last,
  );
};

const judgeLacks = ({ lacks }: DeadlineInput): Stop | undefined => {
  const lasting = lacks.find(({ seconds }) => seconds >= giveUpSeconds);
  if (lasting === undefined) return undefined;
  const { code, blocker } = lasting;
  return { kind: "STOP", code, error: "BrokenReplacement", sentence: blocker.sentence };
};

/** What the owner of a budget has to change. Of other lasting reasons, a wish not to be disrupted for one, the time without progress decides. */
const ofBudgets: ReadonlySet<string> = new Set([
  "BUDGET_NEVER_ALLOWS",
  "BUDGET_SYNC_FAILED",
  "SEVERAL_BUDGETS",
]);

/** And has not within this. */
const blockedSeconds = 5 * 60;

const judgeBlocked = ({ blockers, now }: DeadlineInput): Stop | undefined => {
  const held = blockers.find(
    ({ code, since }) => ofBudgets.has(code) && secondsSince(now, since) >= blockedSeconds,
  );
  return held === undefined
    ? undefined
    : { kind: "STOP", code: "POD_BLOCKED", error: "BrokenDeadline", sentence: held.sentence };
};

/** Longer where pods may be deleted at the end of it, and that would empty the node. */
const lastMinutes = ({ limits, state, left, memory }: DeadlineInput): number =>
  nodeMinutes(limits, state) +
  (limits.deletePodsAtDeadline && canBeEmptied(left, memory) ? deletionMinutes : 0);

const judgeTime = (input: DeadlineInput): Stop | undefined => {
  const { nodeName, limits, state, left, now } = input;
  const minutes = lastMinutes(input);
  const pods = counted(left.length, "pod");
  if (secondsSince(now, state.beganAt) >= minutes * 60) {
    return {
      kind: "STOP",
      code: "DRAIN_DEADLINE",
      error: "BrokenDeadline",
      sentence: `Node ${nodeName} is not empty after ${String(Math.round(minutes))} minutes: ${pods} left.${why(input)}`,
    };
  }
  return secondsSince(now, lastMovement(input)) >= limits.noProgressMinutes * 60
    ? {
        kind: "STOP",
        code: "NO_PROGRESS",
        error: "BrokenDeadline",
        sentence: `No pod of node ${nodeName} has left, and no eviction was accepted, for ${String(limits.noProgressMinutes)} minutes: ${pods} left.${why(input)}`,
      }
    : undefined;
};

/** Undefined: it goes on. */
export const judgeDeadlines = (input: DeadlineInput): Stop | undefined =>
  judgeLacks(input) ?? judgeBlocked(input) ?? judgeTime(input);

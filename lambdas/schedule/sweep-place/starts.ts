/** Starts evaluations of targets in one place, so many and so fast as its request limits bear: who waits longest is first. */
import { sweepStarter } from "../../../core/model/starter.ts";
import type { Place } from "../../../core/model/place.ts";
import type { Target } from "../../../core/model/target.ts";
import type { RecoveryStart } from "../../evaluation/recover.ts";
import { startEvaluation, type StartContext } from "../../evaluation/start.ts";
import { takeLaunches } from "../../fleet/calls.ts";
import type { Log } from "../../runtime/log.ts";
import type { OneByOne } from "../one-by-one.ts";

export interface StartsContext extends StartContext {
  readonly log: Log;
  /** Within a function's own time. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

export interface StartCounts {
  readonly started: number;
  readonly busy: number;
  /** A person must decide first. */
  readonly unfinished: number;
  readonly notAvailable: number;
  readonly failed: number;
  /** No time or no room in the account's request limits: they are first at the next sweep. */
  readonly postponed: number;
}

export const noStarts: StartCounts = {
  started: 0,
  busy: 0,
  unfinished: 0,
  notAvailable: 0,
  failed: 0,
  postponed: 0,
};

const outcomes = {
  STARTED: "started",
  BUSY: "busy",
  UNFINISHED: "unfinished",
  // Of a start that is to go on; the sweep begins new ones alone.
  ENDED: "failed",
  NOT_AVAILABLE: "notAvailable",
  // It serves at another instance since, or waits for its next try.
  RECOVERED: "notAvailable",
  NOT_DUE: "postponed",
} as const satisfies Record<string, keyof StartCounts>;

/** Under which a start counts; what waits for a person is told. */
export const outcomeOf = (
  context: Pick<StartsContext, "log">,
  target: Target,
  result: RecoveryStart,
): keyof StartCounts => {
  if (result.kind === "UNFINISHED") {
    const { targetId } = target;
    const keys = { targetId, evaluationId: result.evaluationId };
    context.log.warn(`${targetId} is not evaluated. ${result.sentence}`, keys);
  }
  return outcomes[result.kind];
};

type OnStarted = (target: Target) => Promise<void>;

const startOne = async (
  context: StartsContext,
  target: Target,
  { turns, onStarted }: { readonly turns: OneByOne; readonly onStarted: OnStarted | undefined },
): Promise<keyof StartCounts> => {
  const result = await startEvaluation(context, { target, startedBy: sweepStarter });
  if (result.kind === "STARTED" && onStarted !== undefined) {
    const { targetId } = target;
    const item = { name: `That ${targetId} was begun is not noted`, keys: { targetId } };
    await turns.attempt(item, () => onStarted(target));
  }
  return outcomeOf(context, target, result);
};

export const addCounts = (one: StartCounts, other: StartCounts): StartCounts => ({
  started: one.started + other.started,
  busy: one.busy + other.busy,
  unfinished: one.unfinished + other.unfinished,
  notAvailable: one.notAvailable + other.notAvailable,
  failed: one.failed + other.failed,
  postponed: one.postponed + other.postponed,
});

export const startPaced = async (
  context: StartsContext,
  {
    place,
    due,
    turns,
    onStarted,
  }: {
    readonly place: Place;
    readonly due: readonly Target[];
    readonly turns: OneByOne;
    /** Told of each whose evaluation was begun. */
    readonly onStarted?: OnStarted;
  },
): Promise<StartCounts> => {
  if (due.length === 0) return noStarts;
  const withinSeconds = Math.floor(turns.secondsLeft());
  // Each evaluation makes one dry run of RunInstances before it acts, and perhaps a launch after it.
  const block = await takeLaunches(context, { place, calls: due.length, withinSeconds });
  const counts = { ...noStarts };
  let waitSeconds = block.afterSeconds;
  for (const target of due) {
    // One that is at work already, or may not be evaluated, takes nothing of the block.
    if (counts.started + counts.failed >= block.granted) break;
    if (waitSeconds > 0) await context.pause(waitSeconds * 1000);
    if (!turns.hasTime()) break;
    const { targetId } = target;
    const name = `${targetId} could not be started, and is due again at the next sweep`;
    const item = { name, keys: { targetId } };
    const counted =
      (await turns.attempt(item, () => startOne(context, target, { turns, onStarted }))) ??
      "failed";
    counts[counted] += 1;
    waitSeconds = counted === "started" || counted === "failed" ? block.secondsEach : 0;
  }
  const attempted = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { ...counts, postponed: due.length - attempted };
};

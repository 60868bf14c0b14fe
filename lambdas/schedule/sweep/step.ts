/** Sweep: starts an evaluation for each target whose last one is long enough ago, and ends those whose start was cut off. */
import * as z from "zod";
import { listEvaluations } from "../../../adapters/store/evaluations.ts";
import { listTargets } from "../../../adapters/store/targets.ts";
import {
  isDue,
  limitedPlaceOf,
  longestWaitingFirst,
  mostStartsAtOnce,
} from "../../../core/decide/switch/due.ts";
import { sweepStarter, type Evaluation } from "../../../core/model/evaluation.ts";
import type { Target } from "../../../core/model/target.ts";
import type { Log } from "../../runtime/log.ts";
import { oneByOne, type OneByOne } from "../one-by-one.ts";
import { startEvaluation, type StartContext } from "../../evaluation/start.ts";
import { awaitedExecution, settleUnstarted } from "../../evaluation/unstarted.ts";
import type { Step } from "../../runtime/step.ts";

export interface SweepContext extends StartContext {
  readonly log: Log;
}

const pageSize = 100;

const openStatuses = ["PENDING", "RUNNING"] as const;

const isAwaiting = (evaluation: Evaluation): boolean => awaitedExecution(evaluation) !== undefined;

const outputSchema = z.object({
  kind: z.literal("SWEPT"),
  summary: z.string(),
  started: z.int(),
  busy: z.int(),
  unfinished: z.int(),
  notDue: z.int(),
  notAvailable: z.int(),
  failed: z.int(),
  /** Enough were started in their account and region; they are first at the next sweep. */
  postponed: z.int(),
  /** Cut off before their workflow was started. */
  ended: z.int(),
});
type Output = z.infer<typeof outputSchema>;
type Counts = Omit<Output, "kind" | "summary">;
type Counted = Exclude<keyof Counts, "ended" | "notDue" | "postponed">;

interface Work {
  readonly due: readonly Target[];
  readonly turns: OneByOne;
  readonly counts: Counts;
}

const outcomes = {
  STARTED: "started",
  BUSY: "busy",
  UNFINISHED: "unfinished",
  // Of a start that is to go on; the sweep begins new ones alone.
  ENDED: "failed",
  NOT_AVAILABLE: "notAvailable",
} as const satisfies Record<string, Counted>;

const isToBeStarted = (context: SweepContext, target: Target): boolean =>
  context.workflowOf(target.pipelineMode) !== undefined && isDue(target, context.now());

/** @returns in the order in which they are to be started */
const findDue = async (
  context: SweepContext,
): Promise<{ readonly due: readonly Target[]; readonly notDue: number }> => {
  const due: Target[] = [];
  let read = 0;
  let cursor: string | undefined;
  do {
    const page = await listTargets(context.table, {
      limit: pageSize,
      ...(cursor === undefined ? {} : { cursor }),
    });
    read += page.items.length;
    due.push(...page.items.filter((target) => isToBeStarted(context, target)));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { due: longestWaitingFirst(due), notDue: read - due.length };
};

const startOne = async (context: SweepContext, target: Target): Promise<Counted> => {
  const result = await startEvaluation(context, { target, startedBy: sweepStarter });
  if (result.kind === "UNFINISHED") {
    const { targetId } = target;
    const keys = { targetId, evaluationId: result.evaluationId };
    context.log.warn(`${targetId} is not evaluated. ${result.sentence}`, keys);
  }
  return outcomes[result.kind];
};

/** @returns whether the time was enough for all */
const startDue = async (context: SweepContext, { due, turns, counts }: Work): Promise<boolean> => {
  const startedIn = new Map<string, number>();
  for (const target of due) {
    const place = limitedPlaceOf(target);
    const before = startedIn.get(place) ?? 0;
    if (before >= mostStartsAtOnce) {
      counts.postponed += 1;
      continue;
    }
    if (!turns.hasTime()) return false;
    const { targetId } = target;
    const name = `${targetId} could not be started, and is due again at the next sweep`;
    const item = { name, keys: { targetId } };
    const counted = (await turns.attempt(item, () => startOne(context, target))) ?? "failed";
    counts[counted] += 1;
    if (counted === "started") startedIn.set(place, before + 1);
  }
  return true;
};

/** Those that wait for an execution; few at any time. */
const settleCutOff = async (context: SweepContext, turns: OneByOne): Promise<number> => {
  let ended = 0;
  for (const status of openStatuses) {
    let cursor: string | undefined;
    do {
      const page = await listEvaluations(context.table, {
        status,
        limit: pageSize,
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const listed of page.items.filter(isAwaiting)) {
        if (!turns.hasTime()) return ended;
        const { evaluationId } = listed;
        const item = {
          name: `${evaluationId} still waits for its execution`,
          keys: { evaluationId },
        };
        const settled = await turns.attempt(item, () => settleUnstarted(context, listed));
        if (settled !== "ENDED") continue;
        ended += 1;
        context.log.warn(
          `${evaluationId} was cut off before its workflow was started, and has ended.`,
          {
            evaluationId,
          },
        );
      }
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
  return ended;
};

const summaryOf = (counts: Readonly<Counts>, isComplete: boolean): string => {
  const { started, busy, unfinished, notDue, notAvailable, failed, postponed, ended } = counts;
  return (
    `${String(started)} started, ${String(busy)} busy, ` +
    `${String(unfinished)} waiting for a person, ${String(notDue)} not due, ` +
    `${String(notAvailable)} not available, ${String(failed)} failed` +
    (postponed === 0 ? "" : `, ${String(postponed)} postponed for the account's request limits`) +
    (ended === 0 ? "" : `, ${String(ended)} that were cut off ended`) +
    (isComplete ? "." : "; out of time, the rest is handled at the next sweep.")
  );
};

export const sweepStep: Step<unknown, Output, SweepContext> = {
  name: "sweep",
  clients: [],
  input: z.unknown(),
  output: outputSchema,
  run: async (context) => {
    const counts = {
      started: 0,
      busy: 0,
      unfinished: 0,
      notDue: 0,
      notAvailable: 0,
      failed: 0,
      postponed: 0,
      ended: 0,
    };
    const turns = oneByOne(context);
    counts.ended = await settleCutOff(context, turns);
    const { due, notDue } = await findDue(context);
    counts.notDue = notDue;
    const isComplete = await startDue(context, { due, turns, counts });
    turns.finish();
    return { kind: "SWEPT", summary: summaryOf(counts, isComplete), ...counts };
  },
};

/** Sweep: starts an evaluation for each target whose last one is long enough ago, and ends those whose start was cut off. */
import * as z from "zod";
import { listEvaluations } from "../../../adapters/store/evaluations.ts";
import { listTargets } from "../../../adapters/store/targets.ts";
import { isDue } from "../../../core/decide/switch/due.ts";
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
  /** Cut off before their workflow was started. */
  ended: z.int(),
});
type Output = z.infer<typeof outputSchema>;
type Counts = Readonly<Omit<Output, "kind" | "summary">>;
type Counted = Exclude<keyof Counts, "ended">;

const outcomes = {
  STARTED: "started",
  BUSY: "busy",
  UNFINISHED: "unfinished",
  // Of a start that is to go on; the sweep begins new ones alone.
  ENDED: "failed",
  NOT_AVAILABLE: "notAvailable",
} as const satisfies Record<string, Counted>;

const sweepOne = async (context: SweepContext, target: Target): Promise<Counted> => {
  const hasWorkflow = context.workflowOf(target.pipelineMode) !== undefined;
  if (!hasWorkflow || !isDue(target, context.now())) return "notDue";
  const result = await startEvaluation(context, { target, startedBy: sweepStarter });
  if (result.kind === "UNFINISHED") {
    const { targetId } = target;
    const keys = { targetId, evaluationId: result.evaluationId };
    context.log.warn(`${targetId} is not evaluated. ${result.sentence}`, keys);
  }
  return outcomes[result.kind];
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

const summaryOf = (counts: Counts, isComplete: boolean): string => {
  const { started, busy, unfinished, notDue, notAvailable, failed, ended } = counts;
  return (
    `${String(started)} started, ${String(busy)} busy, ` +
    `${String(unfinished)} waiting for a person, ${String(notDue)} not due, ` +
    `${String(notAvailable)} not available, ${String(failed)} failed` +
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
      ended: 0,
    };
    const turns = oneByOne(context);
    counts.ended = await settleCutOff(context, turns);
    let isComplete = true;
    let cursor: string | undefined;
    do {
      const page = await listTargets(context.table, {
        limit: pageSize,
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const target of page.items) {
        isComplete = turns.hasTime();
        if (!isComplete) break;
        const { targetId } = target;
        const name = `${targetId} could not be started, and is due again at the next sweep`;
        const item = { name, keys: { targetId } };
        const counted = await turns.attempt(item, () => sweepOne(context, target));
        counts[counted ?? "failed"] += 1;
      }
      cursor = page.cursor;
    } while (cursor !== undefined && isComplete);
    turns.finish();
    return { kind: "SWEPT", summary: summaryOf(counts, isComplete), ...counts };
  },
};

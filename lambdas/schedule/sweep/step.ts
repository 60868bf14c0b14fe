/** Sweep: starts an evaluation for each target whose last one is long enough ago. */
import * as z from "zod";
import { listTargets } from "../../../adapters/store/targets.ts";
import { isDue } from "../../../core/decide/switch/due.ts";
import { sweepStarter } from "../../../core/model/evaluation.ts";
import type { Target } from "../../../core/model/target.ts";
import type { Log } from "../../runtime/log.ts";
import { oneByOne } from "../one-by-one.ts";
import { startEvaluation, type StartContext } from "../../evaluation/start.ts";
import type { Step } from "../../runtime/step.ts";

export interface SweepContext extends StartContext {
  readonly log: Log;
}

const pageSize = 100;

const outputSchema = z.object({
  kind: z.literal("SWEPT"),
  summary: z.string(),
  started: z.int(),
  busy: z.int(),
  unfinished: z.int(),
  notDue: z.int(),
  notAvailable: z.int(),
  failed: z.int(),
});
type Output = z.infer<typeof outputSchema>;
type Counted = "started" | "busy" | "unfinished" | "notDue" | "notAvailable" | "failed";

const outcomes = {
  STARTED: "started",
  BUSY: "busy",
  UNFINISHED: "unfinished",
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

const summaryOf = (counts: Readonly<Record<Counted, number>>, isComplete: boolean): string => {
  const { started, busy, unfinished, notDue, notAvailable, failed } = counts;
  return (
    `${String(started)} started, ${String(busy)} busy, ` +
    `${String(unfinished)} waiting for a person, ${String(notDue)} not due, ` +
    `${String(notAvailable)} not available, ${String(failed)} failed` +
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
    };
    const turns = oneByOne(context);
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

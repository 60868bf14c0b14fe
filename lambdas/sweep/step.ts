/** Sweep: starts an evaluation for each target whose last one is long enough ago. */
import { z } from "zod";
import { listTargets } from "../../adapters/store/targets.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { isDue } from "../../core/decide/due.ts";
import type { Target } from "../../core/model/target.ts";
import type { Log } from "../runtime/log.ts";
import { startEvaluation, type StartContext } from "../runtime/start-evaluation.ts";
import type { Step } from "../runtime/step.ts";

export interface SweepContext extends StartContext {
  readonly log: Log;
}

const pageSize = 100;

const outputSchema = z.object({
  kind: z.literal("SWEPT"),
  summary: z.string(),
  started: z.int(),
  busy: z.int(),
  notDue: z.int(),
  notAvailable: z.int(),
  failed: z.int(),
});
type Output = z.infer<typeof outputSchema>;
type Counted = "started" | "busy" | "notDue" | "notAvailable" | "failed";

const outcomes = {
  STARTED: "started",
  BUSY: "busy",
  NOT_AVAILABLE: "notAvailable",
} as const satisfies Record<string, Counted>;

const sweepOne = async (context: SweepContext, target: Target): Promise<Counted> => {
  if (!isDue(target, context.now())) return "notDue";
  try {
    const { kind } = await startEvaluation(context, { target, startedBy: "sweep" });
    return outcomes[kind];
  } catch (error) {
    // One target must not keep the others from their turn; it is due again at the next sweep.
    if (!(error instanceof SpotOptimizerError)) throw error;
    context.log.warn(`${target.targetId} could not be started: ${error.message}`, {
      targetId: target.targetId,
      error: error.name,
    });
    return "failed";
  }
};

export const sweepStep: Step<unknown, Output, SweepContext> = {
  name: "sweep",
  input: z.unknown(),
  output: outputSchema,
  run: async (context) => {
    const counts = { started: 0, busy: 0, notDue: 0, notAvailable: 0, failed: 0 };
    let cursor: string | undefined;
    do {
      const page = await listTargets(context.table, {
        limit: pageSize,
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const target of page.items) counts[await sweepOne(context, target)] += 1;
      cursor = page.cursor;
    } while (cursor !== undefined);
    const summary = `${String(counts.started)} started, ${String(counts.busy)} busy, ${String(counts.notDue)} not due, ${String(counts.failed)} failed.`;
    return { kind: "SWEPT", summary, ...counts };
  },
};

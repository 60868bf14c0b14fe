/** Roll back: undoes what the intents say and the world shows, one call after the other, until nothing is left. */
import { listIntents } from "../../../adapters/store/intents.ts";
import { isIrreversible, touchedBy } from "../../../core/decide/linear/roll-back/parts.ts";
import { planRollback } from "../../../core/decide/linear/roll-back/plan.ts";
import type { RollbackAction } from "../../../core/decide/linear/roll-back/world.ts";
import { servedSince } from "../../../core/decide/linear/roll-back/serving.ts";
import type { LinearEvaluation } from "../../../core/model/evaluation.ts";
import { changesOf } from "../../../core/model/intent.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { caughtSchema, withFirstFailure } from "../../evaluation/failure.ts";
import type { Undo } from "../../evaluation/undo.ts";
import { undoOutputSchema, undoUntilDone, type UndoOutput } from "../../evaluation/undo-loop.ts";
import { lastRoundSchema } from "../../evaluation/undo-wait.ts";
import { type LinearSession, withProgress } from "../session.ts";
import { carryOutUndo } from "./actions.ts";
import { rollbackReaders, toRollbackInput, type RollbackReadings } from "./world.ts";

const phase = "roll-back";

interface Seen {
  servedFrom: string | undefined;
}

/** Since the first round that came to its end. */
const askedSince = ({ evaluation, now }: LinearSession<"ec2" | "elb">): string =>
  evaluation.phases.find(({ name }) => name === phase)?.startedAt ?? now.toISOString();

const undoOf = (
  session: LinearSession<"ec2" | "elb">,
  seen: Seen,
): Undo<LinearSession<"ec2" | "elb">, RollbackReadings, RollbackAction> => ({
  phase,
  /** Stop, start and checks of the original take minutes; an hour leaves room for a bad day of EC2. */
  deadlineMinutes: 60,
  readers: rollbackReaders,
  onDemand: ["tagged"],
  touches: touchedBy,
  isIrreversible,
  plan: (state) => {
    const input = toRollbackInput(session, askedSince(session), state);
    // The world may show what no intent notes: the later readings must not forget it.
    seen.servedFrom ??= servedSince(input);
    return planRollback(input);
  },
  carryOut: carryOutUndo,
});

/** What the roll-back found, or left: since when the replacement had clients, and where their writes are now. */
const newsOf = async (
  { context, evaluation }: LinearSession<"ec2" | "elb">,
  kind: UndoOutput["kind"],
  servedFrom: string | undefined,
): Promise<(record: LinearEvaluation) => LinearEvaluation> => {
  const intents = await listIntents(context.table, evaluation.evaluationId);
  const [kept] = changesOf(intents, "KEEP_WRITES");
  return withProgress({
    ...(servedFrom === undefined ? {} : { servedFrom }),
    ...(kept === undefined
      ? {}
      : {
          writesNotReturned: {
            since: kept.since,
            ...(kept.volumeId === undefined ? {} : { volumeId: kept.volumeId }),
          },
        }),
    ...(kind === "UNDONE" ? { restoredAt: context.now().toISOString() } : {}),
  });
};

/** The workflow's whole state. */
const stateSchema = caughtSchema.unwrap().extend({ rollback: lastRoundSchema }).optional();

export const rollBackStep = defineEvaluationStep({
  name: phase,
  clients: ["ec2", "elb"],
  mode: "LINEAR",
  input: evaluationInputSchema.extend({ state: stateSchema }),
  output: undoOutputSchema,
  needsLease: false,
  run: async (session, { state }) => {
    const seen: Seen = { servedFrom: undefined };
    const undo = undoOf(session, seen);
    const { output, change } = await undoUntilDone(session, undo, state?.rollback);
    const found = await newsOf(session, output.kind, seen.servedFrom);
    return {
      output,
      change: (record) => withFirstFailure(state, found(change?.(record) ?? record)),
    };
  },
});

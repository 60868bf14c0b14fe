/** Roll back: undoes what the intents say and the world shows, one call after the other, until nothing is left. */
import { readVolumes, type VolumeReading } from "../../../adapters/aws/ec2/volumes.ts";
import { listIntents } from "../../../adapters/store/intents.ts";
import { isIrreversible, touchedBy } from "../../../core/decide/linear/roll-back/parts.ts";
import { planRollback } from "../../../core/decide/linear/roll-back/plan.ts";
import type { RollbackAction } from "../../../core/decide/linear/roll-back/world.ts";
import type { LinearProgress } from "../../../core/model/evaluation.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { caughtSchema, withFirstFailure } from "../../evaluation/failure.ts";
import type { Undo } from "../../evaluation/undo.ts";
import { undoOutputSchema, undoUntilDone } from "../../evaluation/undo-loop.ts";
import { lastRoundSchema } from "../../evaluation/undo-wait.ts";
import { type LinearSession, withProgress } from "../session.ts";
import { carryOutUndo } from "./actions.ts";
import { rollbackReaders, toRollbackInput, type RollbackReadings } from "./world.ts";

const phase = "roll-back";

/** Since the first round that came to its end. */
const askedSince = ({ evaluation, now }: LinearSession<"ec2" | "elb">): string =>
  evaluation.phases.find(({ name }) => name === phase)?.startedAt ?? now.toISOString();

const undoOf = (
  session: LinearSession<"ec2" | "elb">,
): Undo<LinearSession<"ec2" | "elb">, RollbackReadings, RollbackAction> => ({
  phase,
  /** Stop, start and checks of the original take minutes; an hour leaves room for a bad day of EC2. */
  deadlineMinutes: 60,
  readers: rollbackReaders,
  onDemand: ["tagged"],
  touches: touchedBy,
  isIrreversible,
  plan: (state) => planRollback(toRollbackInput(session, askedSince(session), state)),
  carryOut: carryOutUndo,
});

/**
 * The root volume that outlived a lost replacement: from its first request on that held what the original does not have. Nothing
 * deletes it; the record names it.
 */
const writesLeftBehind = async (
  session: LinearSession,
): Promise<Pick<LinearProgress, "writesNotReturned">> => {
  const { context, evaluation } = session;
  const kept = (await listIntents(context.table, evaluation.evaluationId)).flatMap(
    ({ change, plannedAt }) =>
      change.kind === "KEEP_ROOT" ? [{ volumeId: change.volumeId, since: plannedAt }] : [],
  );
  if (kept.length === 0) return {};
  const { ec2 } = await session.customer();
  const found = await readVolumes(
    ec2,
    kept.map(({ volumeId }) => volumeId),
  );
  // A lost replacement may still be going down, and shows then that it leaves the volume behind.
  const isLeft = ({ attachedTo, deleteOnTermination }: VolumeReading): boolean =>
    attachedTo === undefined ||
    (attachedTo !== evaluation.subject.instanceId && deleteOnTermination === false);
  const left = kept.find(({ volumeId }) =>
    found.some((volume) => volume.volumeId === volumeId && isLeft(volume)),
  );
  return left === undefined ? {} : { writesNotReturned: left };
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
    const { output, change } = await undoUntilDone(session, undoOf(session), state?.rollback);
    const restored =
      output.kind === "UNDONE"
        ? withProgress({
            restoredAt: session.context.now().toISOString(),
            ...(await writesLeftBehind(session)),
          })
        : undefined;
    return {
      output,
      change: (record) => {
        const undone = change?.(record) ?? record;
        return withFirstFailure(state, restored?.(undone) ?? undone);
      },
    };
  },
});

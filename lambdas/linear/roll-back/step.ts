/** Roll back: undoes what the intents say and the world shows, one call after the other, until nothing is left. */
import { updateEvaluation } from "../../../adapters/store/evaluations.ts";
import { listIntents } from "../../../adapters/store/intents.ts";
import { launchOf } from "../../../core/decide/switch/launches.ts";
import {
  isIrreversible,
  leavesRest,
  touchedBy,
} from "../../../core/decide/linear/roll-back/parts.ts";
import { planRollback } from "../../../core/decide/linear/roll-back/plan.ts";
import { isRestored } from "../../../core/decide/linear/roll-back/restored.ts";
import { servedSince } from "../../../core/decide/linear/roll-back/serving.ts";
import type {
  FoundInstance,
  RollbackAction,
  RollbackInput,
} from "../../../core/decide/linear/roll-back/world.ts";
import { ownersStopOf } from "../../../core/decide/linear/who-stopped.ts";
import type { LinearEvaluation, LinearProgress } from "../../../core/model/evaluation.ts";
import { hasEnded } from "../../../core/model/instance.ts";
import { changesOf } from "../../../core/model/intent.ts";
import { lastResolution } from "../../../core/model/resolution.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { caughtSchema, withFirstFailure } from "../../evaluation/failure.ts";
import type { Undo } from "../../evaluation/undo.ts";
import { leftToOperator, undoOutputSchema, undoUntilDone } from "../../evaluation/undo-loop.ts";
import { lastRoundSchema } from "../../evaluation/undo-wait.ts";
import { swapOf, type RollbackSession, withProgress } from "../session.ts";
import { carryOutUndo } from "./actions.ts";
import { rollbackReaders, toRollbackInput, type RollbackReadings } from "./world.ts";

const phase = "roll-back";

/** What the readings of an invocation say of the service. */
interface Sightings {
  readonly look: (input: RollbackInput) => void;
  readonly note: (record: LinearEvaluation) => LinearEvaluation;
}

/** Until the roll-back has ended it, whoever else has. */
const endedByItself = ({ intents }: RollbackInput, found: FoundInstance): boolean =>
  hasEnded(found.state) && launchOf(intents, found)?.status !== "UNDONE";

const watchService = (session: RollbackSession): Sightings => {
  const { context, evaluation } = session;
  let { restoredAt, replacementLostAt, servedFrom, ownersStop } = evaluation.progress;
  const replacementId = swapOf(session)?.replacement?.instanceId;
  return {
    look: (input) => {
      const at = context.now().toISOString();
      const replacement = input.replacements.find(({ instanceId }) => instanceId === replacementId);
      if (replacement !== undefined && endedByItself(input, replacement)) replacementLostAt ??= at;
      // The world may show what no intent notes: the later readings must not forget it.
      servedFrom ??= servedSince(input);
      if (input.original?.state === "stopped") {
        ownersStop ??= ownersStopOf(input.original, input.intents);
      }
      // A reading that was behind, and a service that did not last, are taken back.
      restoredAt = isRestored(input) ? (restoredAt ?? at) : undefined;
    },
    note: (record) => {
      const { restoredAt: _before, ...progress } = record.progress;
      return withProgress({
        ...(servedFrom === undefined ? {} : { servedFrom }),
        ...(restoredAt === undefined ? {} : { restoredAt }),
        ...(replacementLostAt === undefined ? {} : { replacementLostAt }),
        ...(ownersStop === undefined ? {} : { ownersStop }),
      })(restoredAt === record.progress.restoredAt ? record : { ...record, progress });
    },
  };
};

/** Since the first round that came to its end. */
const askedSince = ({ evaluation, now }: RollbackSession): string =>
  evaluation.phases.find(({ name }) => name === phase)?.startedAt ?? now.toISOString();

const isStateless = ({ evaluation: { policy } }: RollbackSession): boolean =>
  policy.consistency === "stateless";

const undoOf = (
  session: RollbackSession,
  { look }: Sightings,
): Undo<RollbackSession, RollbackReadings, RollbackAction> => ({
  phase,
  /** Stop, start and checks of the original take minutes; an hour leaves room for a bad day of EC2. */
  deadlineMinutes: 60,
  readers: rollbackReaders,
  onDemand: ["tagged", "reservations", "isolation"],
  touches: (action) => touchedBy(action, isStateless(session)),
  isIrreversible,
  leavesRest,
  plan: (state) => {
    const input = toRollbackInput(session, askedSince(session), state);
    look(input);
    return planRollback(input);
  },
  carryOut: carryOutUndo,
});

/** Where the writes are now that clients sent to a replacement which was given up. */
const writesLeftBehind = async ({
  context,
  evaluation,
}: RollbackSession): Promise<Pick<LinearProgress, "writesNotReturned">> => {
  const intents = await listIntents(context.table, evaluation.evaluationId);
  const [kept] = changesOf(intents, "KEEP_WRITES");
  if (kept === undefined) return {};
  const { since, volumeId } = kept;
  return { writesNotReturned: { since, ...(volumeId === undefined ? {} : { volumeId }) } };
};

/**
 * A round that fails is begun again, for two hours where EC2 has no room for the original: what it saw of the service is noted all
 * the same, and the error goes on.
 */
const noteOfFailed = async (
  { context, evaluation }: RollbackSession,
  { note }: Sightings,
): Promise<void> => {
  if (note(evaluation) === evaluation) return;
  await updateEvaluation(context.table, evaluation.evaluationId, (stored) =>
    stored.mode !== "LINEAR" || stored.endedAt !== undefined ? stored : note(stored),
  );
};

/** The workflow's whole state. */
const stateSchema = caughtSchema.unwrap().extend({ rollback: lastRoundSchema }).optional();

export const rollBackStep = defineEvaluationStep({
  name: phase,
  clients: ["ec2", "elb", "resourceGroups"],
  mode: "LINEAR",
  input: evaluationInputSchema.extend({ state: stateSchema }),
  output: undoOutputSchema,
  needsLease: false,
  keepsReadings: false,
  run: async (session, { state }) => {
    const sightings = watchService(session);
    const undo = undoOf(session, sightings);
    const resolution = lastResolution(session.evaluation);
    // It came here because the adoption could not be begun: what is to be left as it is must not be undone.
    const { output, change } =
      resolution?.kind === "ADOPT"
        ? leftToOperator(
            `${resolution.serving ?? "An instance"} was to be adopted, and nothing was undone.`,
          )
        : await undoUntilDone(session, undo, state?.rollback).catch(async (error: unknown) => {
            await noteOfFailed(session, sightings);
            throw error;
          });
    const left = await writesLeftBehind(session);
    return {
      output,
      change: (record) => {
        const undone = change?.(record) ?? record;
        if (undone.supersededBy !== undefined) return withFirstFailure(state, undone);
        return withFirstFailure(state, withProgress(left)(sightings.note(undone)));
      },
    };
  },
});

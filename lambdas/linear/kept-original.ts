/**
 * The stopped original of a load without data, which an earlier evaluation keeps for its cool-off: a recovery takes it and starts it, or gives it
 * back as it was found. Its tag finds that evaluation, and entitles to nothing: the intent there says that it is kept. The janitor ends it under the
 * target's lease alone, which the recovery holds.
 */
import { readHealth } from "../../adapters/aws/ec2/health.ts";
import {
  readInstanceBriefly,
  readInstanceState,
  stopInstance,
} from "../../adapters/aws/ec2/instances.ts";
import { tryToStart } from "../../adapters/aws/ec2/start.ts";
import { getEvaluation, loadSubjectFacts } from "../../adapters/store/evaluations.ts";
import {
  getIntent,
  listIntents,
  planIntent,
  updateIntent,
  updateIntents,
} from "../../adapters/store/intents.ts";
import {
  isFitToStart,
  mayStartKept,
  staysRunning,
} from "../../core/decide/linear/kept-original.ts";
import { judgeHealth } from "../../core/decide/switch/health.ts";
import { familyOf, SpotOptimizerError } from "../../core/errors.ts";
import { isRecovery } from "../../core/model/evaluation-kind.ts";
import { fenceOf, type Evaluation, type LinearFacts } from "../../core/model/evaluation.ts";
import { evaluationIdSchema } from "../../core/model/ids.ts";
import { hasEnded, type InstanceFacts } from "../../core/model/instance.ts";
import type { ChangeOf, Intent } from "../../core/model/intent.ts";
import { evaluationTag } from "../../core/model/tags.ts";
import { readSubjectFacts } from "../evaluation/facts.ts";
import { readLiveInstance } from "../evaluation/live-instance.ts";
import { perform, recordEffect } from "../evaluation/perform.ts";
import { tellSettlement } from "../evaluation/tell-settlement.ts";
import { isGone } from "./end-original.ts";
import type { LinearSession } from "./session.ts";

const takeIntentId = "take-kept";
const startIntentId = "start-kept";

type Retirement = Intent & { readonly change: ChangeOf<"RETIRE_ORIGINAL"> };
export type Taking = ChangeOf<"TAKE_KEPT">;

export const isRetirementOf =
  (instanceId: string) =>
  (intent: Intent): intent is Retirement =>
    intent.change.kind === "RETIRE_ORIGINAL" && intent.change.instanceId === instanceId;

/** As long as the janitor is to carry it out, and no recovery has tried it; or the last one has left it running. */
const mayBeTaken = ({ status, change }: Retirement): boolean =>
  (status === "COMMITTED" && change.takenBy === undefined) ||
  (status === "SETTLED" && change.isLeftRunning === true);

export interface KeptOriginal {
  readonly original: InstanceFacts;
  readonly taking: Taking;
}

/** The evaluation that its tag names, where it is of the same target. */
const keeperOf = async (
  { context, evaluation }: LinearSession,
  { tags }: Pick<InstanceFacts, "tags">,
): Promise<Evaluation | undefined> => {
  const named = evaluationIdSchema.safeParse(tags[evaluationTag]);
  const keeper = named.success ? await getEvaluation(context.table, named.data) : undefined;
  return keeper?.targetId === evaluation.targetId ? keeper : undefined;
};

/** The plan to take it, where it stands. */
export const takingIn = async ({
  context,
  evaluation,
}: LinearSession<never>): Promise<Taking | undefined> => {
  const intent = await getIntent(context.table, evaluation.evaluationId, takeIntentId);
  return intent?.change.kind === "TAKE_KEPT" && intent.status !== "UNDONE"
    ? intent.change
    : undefined;
};

/** An earlier invocation has taken it, and ended before it could say so. */
const findAgain = async (
  session: LinearSession,
  taking: Taking,
): Promise<KeptOriginal | undefined> => {
  const original = await readLiveInstance(session, taking.instanceId);
  return original && { original, taking };
};

/** What that evaluation knew of it, and its intent to retire it, as long as the janitor is to carry it out. */
const keepingBy = async (
  { context: { table } }: LinearSession,
  keeper: Evaluation,
  instanceId: string,
): Promise<
  { readonly before: InstanceFacts | undefined; readonly intent: Retirement } | undefined
> => {
  const intent = (await listIntents(table, keeper.evaluationId)).find(isRetirementOf(instanceId));
  if (intent === undefined || !mayBeTaken(intent)) return undefined;
  // What is stored of an evaluation is of its mode.
  const facts = (await loadSubjectFacts(table, keeper.evaluationId)) as LinearFacts | undefined;
  return { before: facts?.instance, intent };
};

/** By one call to EC2: where many are taken at once, most originals have had their cool-off. */
const findKeeper = async (session: LinearSession): Promise<Evaluation | undefined> => {
  const { instance, placedBy } = await readSubjectFacts<"LINEAR">(session);
  if (instance === undefined || placedBy === undefined) return undefined;
  if (!mayStartKept(session.evaluation.policy, instance)) return undefined;
  const { ec2 } = await session.customer();
  const shown = await readInstanceBriefly(ec2, placedBy.originalId);
  return shown?.state === "stopped" || shown?.state === "running"
    ? keeperOf(session, shown)
    : undefined;
};

const findAnew = async (session: LinearSession): Promise<KeptOriginal | undefined> => {
  const { evaluation, now } = session;
  const keeper = await findKeeper(session);
  if (keeper?.mode !== "LINEAR") return undefined;
  const { evaluationId: keptBy, subject } = keeper;
  const { instanceId } = subject;
  const keeping = await keepingBy(session, keeper, instanceId);
  const original = keeping && (await readLiveInstance(session, instanceId));
  if (keeping === undefined || original === undefined) return undefined;
  const { before, intent } = keeping;
  const judged = { original, before, retirement: intent.change, keptBy: keeper, now };
  if (!isFitToStart({ ...judged, consent: evaluation.policy })) return undefined;
  return { original, taking: { kind: "TAKE_KEPT", instanceId, keptBy, retirementId: intent.id } };
};

/** Undefined where the load may not be given to its original, or that is not kept, or is used, or a recovery has tried it before. */
export const findKeptOriginal = async (
  session: LinearSession,
): Promise<KeptOriginal | undefined> => {
  if (!isRecovery(session.evaluation)) return undefined;
  const taking = await takingIn(session);
  return taking === undefined ? findAnew(session) : findAgain(session, taking);
};

/** Cancels its retirement by a conditional write, before it is touched. False: the janitor, or somebody else, was faster. */
const takeRetirement = async (
  { context, evaluation }: LinearSession,
  { instanceId, keptBy, retirementId }: Taking,
): Promise<boolean> => {
  const { evaluationId: takenBy } = evaluation;
  const { status, change } = await updateIntent(context.table, keptBy, retirementId, (stored) => {
    if (!isRetirementOf(instanceId)(stored) || !mayBeTaken(stored)) return stored;
    const { isLeftRunning: _before, ...retirement } = stored.change;
    return { ...stored, status: "SETTLED", change: { ...retirement, takenBy } };
  });
  return status === "SETTLED" && change.kind === "RETIRE_ORIGINAL" && change.takenBy === takenBy;
};

/** Undefined: it starts. Else why it does not; nobody waits for a pool that has no room. */
const start = async (session: LinearSession, instanceId: string): Promise<string | undefined> => {
  const { ec2 } = await session.customer();
  try {
    const { refusal } = await perform(session, {
      intent: { id: startIntentId, change: { kind: "START_KEPT", instanceId } },
      action: "StartInstances",
      resource: instanceId,
      call: () => tryToStart(ec2, instanceId),
      refused: (answer) => answer.refusal,
    });
    return refusal;
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || familyOf(error) !== "Broken") throw error;
    // Of an earlier call, whose answer was lost, nobody knows: then it is undone.
    const { context, evaluation } = session;
    const intent = await getIntent(context.table, evaluation.evaluationId, startIntentId);
    if (intent?.status !== "UNDONE") throw error;
    return error.message;
  }
};

/** The plan first: whoever undoes it finds the original by that. @returns why it does not start; undefined: it does */
export const startKept = async (
  session: LinearSession,
  taking: Taking,
): Promise<string | undefined> => {
  const { context, evaluation, now } = session;
  const { evaluationId } = evaluation;
  await planIntent(context.table, evaluationId, {
    id: takeIntentId,
    status: "PLANNED",
    fence: fenceOf(evaluation),
    plannedAt: now.toISOString(),
    change: taking,
  });
  const { instanceId, keptBy } = taking;
  return (await takeRetirement(session, taking))
    ? start(session, instanceId)
    : `Evaluation ${keptBy} no longer keeps ${instanceId}.`;
};

/** A start of which nothing is known is stopped, too: stopping what is stopped does nothing. */
const stopAgain = async (session: LinearSession, instanceId: string): Promise<void> => {
  const { context, evaluation } = session;
  const started = await getIntent(context.table, evaluation.evaluationId, startIntentId);
  if (started === undefined || started.status === "UNDONE") return;
  const { ec2 } = await session.customer();
  await recordEffect(session, {
    action: "StopInstances",
    resource: instanceId,
    call: () => stopInstance(ec2, instanceId),
  });
};

/** The janitor looks at it again when it has stopped for certain. */
const stopsWithinMs = 3_600_000;

/** With the launch that EC2 shows now: a later one tells of another start. */
const giveBackRetirement = async (
  { context, evaluation, now }: LinearSession,
  { instanceId, keptBy, retirementId }: Taking,
  launchedAt: string,
): Promise<void> => {
  await updateIntent(context.table, keptBy, retirementId, (stored) =>
    stored.status === "SETTLED" &&
    isRetirementOf(instanceId)(stored) &&
    stored.change.takenBy === evaluation.evaluationId
      ? {
          ...stored,
          status: "COMMITTED",
          retryAt: new Date(now.getTime() + stopsWithinMs).toISOString(),
          change: { ...stored.change, launchedAt },
        }
      : stored,
  );
};

/** Leaves it as it was found: stopped, its cool-off going on. One that has ended meanwhile is its owner's affair. */
export const giveBackKept = async (session: LinearSession, taking: Taking): Promise<void> => {
  const { ec2 } = await session.customer();
  const found = await readInstanceBriefly(ec2, taking.instanceId);
  if (found === undefined || hasEnded(found.state)) return;
  await stopAgain(session, taking.instanceId);
  await giveBackRetirement(session, taking, found.launchedAt);
};

const isToStay = async (session: LinearSession, instanceId: string): Promise<boolean> => {
  const { ec2 } = await session.customer();
  const lost = await readInstanceState(ec2, session.evaluation.subject.instanceId);
  return staysRunning(judgeHealth(await readHealth(ec2, instanceId)), isGone(lost));
};

/** The recovery is undone: unless it may serve, it is given back. Asked right before. */
export const leaveKept = async (session: LinearSession, taking: Taking): Promise<void> => {
  const { context, evaluation } = session;
  const { instanceId, keptBy, retirementId } = taking;
  if (!(await isToStay(session, instanceId))) return giveBackKept(session, taking);
  const { change } = await updateIntent(context.table, keptBy, retirementId, (stored) =>
    isRetirementOf(instanceId)(stored) && stored.change.takenBy === evaluation.evaluationId
      ? { ...stored, change: { ...stored.change, isLeftRunning: true } }
      : stored,
  );
  if (change.kind !== "RETIRE_ORIGINAL") return;
  await tellSettlement(context, keptBy, {
    change,
    settled: {
      kind: "KEPT",
      reason: "STARTED_AGAIN",
      sentence: `Evaluation ${evaluation.evaluationId} has started ${instanceId} when EC2 took its successor, and was undone: it runs on, for nothing else is known to serve. The next recovery takes it. Next: recover the target, or stop it.`,
    },
  });
};

/** It was given back. */
export const closeTaking = async ({ context, evaluation }: LinearSession<never>): Promise<void> => {
  const undoneAt = context.now().toISOString();
  // The plan to take it last: as long as that is open, it is given back again.
  for (const id of [startIntentId, takeIntentId]) {
    await updateIntents(context.table, evaluation.evaluationId, (intent) =>
      intent.id === id && intent.status !== "UNDONE"
        ? { ...intent, status: "UNDONE", undoneAt }
        : intent,
    );
  }
};

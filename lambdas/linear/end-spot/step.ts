/**
 * End Spot Instance: the freeze of a load with data that goes back. It is terminated only for a replacement that is proved right before, and
 * once EC2 has shown that none of its volumes and interfaces goes with it. Where EC2 takes it back first, the freeze is made already; a recovery
 * waits for that, for a notice comes two minutes before the end, unless the owner's hook has quiesced it: then it ends it itself. Over once EC2 shows it `terminated` and each of its volumes `available`, or at the
 * replacement.
 */
import type * as z from "zod";
import { readInstanceState, showInstance } from "../../../adapters/aws/ec2/instances.ts";
import { readVolumes } from "../../../adapters/aws/ec2/volumes.ts";
import { getIntent } from "../../../adapters/store/intents.ts";
import { judgeFreeze, type FreezeJudgement } from "../../../core/decide/linear/data-way-back.ts";
import { isPastFreeHour } from "../../../core/decide/linear/last-words.ts";
import { paces } from "../../../core/decide/linear/paces.ts";
import { familyOf, SpotOptimizerError } from "../../../core/errors.ts";
import { isRecovery } from "../../../core/model/evaluation-kind.ts";
import type { LinearEvaluation } from "../../../core/model/evaluation.ts";
import { hasEnded } from "../../../core/model/instance.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { waitFor } from "../../evaluation/waiting.ts";
import {
  endAnnounced,
  endIntentId,
  endOriginal,
  isGone,
  isOriginalEnded,
  noteTaken,
} from "../end-original.ts";
import { readOriginal } from "../facts.ts";
import { checkReplacement, isLostReplacement } from "../guards.ts";
import { hookOf } from "../hooks.ts";
import { isAnnounced, quiesceAtLast, quiesceTaken } from "../last-words.ts";
import { refuseOwnersReplacement } from "../owners-replacement.ts";
import {
  replacementId,
  swapOf,
  withProgress,
  type LinearResult,
  type LinearSession,
} from "../session.ts";

const outputSchema = pollingOutput(["ENDED", "WAITING"]);
type Result = LinearResult<z.infer<typeof outputSchema>>;
type Note = (record: LinearEvaluation) => LinearEvaluation;

const waitForProof = (session: LinearSession, sentence: string): Result =>
  waitFor(session, {
    phase: "end-spot",
    pace: paces.verify,
    minutes: session.evaluation.policy.healthyDeadlineMinutes,
    sentence,
    resource: replacementId(session),
  });

const takenPhase = "taken";

const forOurCall =
  "Nothing is started in its place meanwhile. See what keeps it, then resume: see ONLY_FORWARD in the runbook.";

/** Its owner's choice: what was written since that image is on volumes that EC2 still holds. */
const forEnd = ({ evaluation }: LinearSession<never>): string => {
  const { warmImageId } = evaluation.progress;
  const sooner =
    warmImageId === undefined
      ? ""
      : `, or start it from image ${warmImageId} without what was written since`;
  return `Wait, for another recovery is tried by itself${sooner}: see "An instance that does not end" in the runbook.`;
};

type EndSession = LinearSession<"ec2" | "ssm">;

/** One that is lost is found and followed by another once the data can be taken. */
const isHostProved = async (session: EndSession): Promise<boolean> => {
  try {
    return (await checkReplacement(session)).kind === "HEALTHY";
  } catch (error) {
    if (!isLostReplacement(error)) throw error;
    return false;
  }
};

/** All that must hold before it is ended by us: it is quiesced for that, and serves until then. */
const mayBeEnded = async (session: EndSession): Promise<boolean> => {
  const { ec2 } = await session.customer();
  const shown = await showInstance(ec2, session.evaluation.subject.instanceId);
  if (!isPastFreeHour(shown?.instance.LaunchTime?.toISOString(), session.now)) return false;
  return (await isHostProved(session)) && isAnnounced(session);
};

/** What AWS refuses it does itself within the minute. */
const endSooner = async (session: EndSession): Promise<boolean> => {
  try {
    return (await endAnnounced(session)) === undefined;
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || error.isOwn || familyOf(error) !== "Broken") {
      throw error;
    }
    return false;
  }
};

/**
 * Once its hook has succeeded it serves nobody: each second until EC2 ends it would be downtime. Without one it serves until then.
 * @returns whether it was asked to end
 */
const endQuiesced = async (session: EndSession): Promise<boolean> => {
  if (hookOf(session, "before_freeze") === undefined) return false;
  if (!(await mayBeEnded(session))) {
    await quiesceAtLast(session);
    return false;
  }
  return (await quiesceTaken(session)) && endSooner(session);
};

/** EC2 ends what it takes back, as a rule two minutes after it has said so. Undefined once it does. */
const awaitTaken = async (session: EndSession): Promise<Result | undefined> => {
  if ((await isOriginalEnded(session)) || (await noteTaken(session, isGone))) return undefined;
  if (await endQuiesced(session)) return undefined;
  const { subject, policy } = session.evaluation;
  const isQuiesced = hookOf(session, "before_freeze") !== undefined;
  return waitFor(session, {
    phase: takenPhase,
    pace: isQuiesced ? paces.hook : paces.end,
    minutes: policy.recoverDeadlineMinutes,
    sentence: `EC2 has announced the end of ${subject.instanceId}, and has not brought it about.`,
    resource: subject.instanceId,
    nextStep: forEnd(session),
  });
};

/** Undefined once it was asked to end; else what is waited for before. */
const end = async (session: EndSession): Promise<Result | undefined> => {
  if (isRecovery(session.evaluation)) return awaitTaken(session);
  if ((await isOriginalEnded(session)) || (await noteTaken(session, hasEnded))) return undefined;
  const health = await checkReplacement(session);
  const sentence = health.kind === "WAITING" ? health.sentence : await endOriginal(session);
  return sentence === undefined ? undefined : waitForProof(session, sentence);
};

/** The last instant at which it surely served. */
const noteFrozen = async (session: LinearSession): Promise<Note> => {
  const { context, evaluation } = session;
  const intent = await getIntent(context.table, evaluation.evaluationId, endIntentId);
  const { frozenAt = intent?.plannedAt } = evaluation.progress;
  if (frozenAt === undefined) return (record) => record;
  const isByOthers = intent?.change.kind === "END_ORIGINAL" && intent.change.isByOthers === true;
  return withProgress({ frozenAt, ...(isByOthers ? { takenAt: frozenAt } : {}) });
};

const readFreeze = async (session: LinearSession): Promise<FreezeJudgement> => {
  const { instanceId, volumes } = await readOriginal(session);
  const { ec2 } = await session.customer();
  const volumeIds = volumes.map(({ volumeId }) => volumeId);
  return judgeFreeze({
    state: await readInstanceState(ec2, instanceId),
    instanceId,
    hostIds: [replacementId(session), swapOf(session)?.heldId].filter((id) => id !== undefined),
    volumeIds,
    found: await readVolumes(ec2, volumeIds),
  });
};

const taken = (sentence: string, resource: string): SpotOptimizerError =>
  new SpotOptimizerError("StaleOriginal", sentence, {
    resource,
    nextStep: "Settle who owns it, and resume: see ONLY_FORWARD in the runbook.",
  });

const awaitFreeze = async (session: LinearSession): Promise<Result> => {
  const note = await noteFrozen(session);
  const freeze = await readFreeze(session);
  const { instanceId } = session.evaluation.subject;
  if (freeze.kind === "TAKEN") throw taken(freeze.sentence, freeze.resource);
  if (freeze.kind === "FREE") {
    if (isRecovery(session.evaluation)) await refuseOwnersReplacement(session);
    const summary = `${instanceId} is terminated, and all its volumes can be taken.`;
    return { output: { kind: "ENDED", summary }, change: note };
  }
  const { sentence, resource } = freeze;
  const { stopDeadlineMinutes, recoverDeadlineMinutes } = session.evaluation.policy;
  const waiting = waitFor(session, {
    phase: "end",
    pace: paces.end,
    sentence,
    resource,
    ...(isRecovery(session.evaluation)
      ? { within: takenPhase, minutes: recoverDeadlineMinutes, nextStep: forEnd(session) }
      : { minutes: stopDeadlineMinutes, nextStep: forOurCall }),
  });
  return { ...waiting, change: (record) => note(waiting.change(record)) };
};

export const endSpotStep = defineEvaluationStep({
  name: "end-spot",
  clients: ["ec2", "ssm"],
  mode: "LINEAR",
  input: evaluationInputSchema,
  output: outputSchema,
  run: async (session) => (await end(session)) ?? awaitFreeze(session),
});

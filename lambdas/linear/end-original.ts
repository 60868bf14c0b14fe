/**
 * Ends the Spot Instance that a way back leaves, last of all, or with data first of all that moves: a one-time Spot Instance can't be stopped and kept. What hangs on it and is its
 * owner's outlives it, and that is read back first; it is compared with what was judged right before. Then the owner's deletion
 * flags return at what serves now: until then nothing there was deletable, for it could have been taken back.
 */
import { readSpotStatusSince } from "../../adapters/aws/ec2/health.ts";
import { readAttachments, setDeletionFlag } from "../../adapters/aws/ec2/deletion-flags.ts";
import { readInstanceState, terminateInstance } from "../../adapters/aws/ec2/instances.ts";
import {
  getIntent,
  planIntent,
  updateIntent,
  updateIntents,
} from "../../adapters/store/intents.ts";
import { takenSince } from "../../core/decide/linear/data-way-back.ts";
import { flagsToReturn, namesOf } from "../../core/decide/linear/deletion-flags.ts";
import { familyOf, SpotOptimizerError } from "../../core/errors.ts";
import type { FlagChange } from "../../core/model/deletion-flags.ts";
import { kindOf } from "../../core/model/evaluation-kind.ts";
import { fenceOf } from "../../core/model/evaluation.ts";
import { hasEnded, type InstanceState } from "../../core/model/instance.ts";
import type { Intent } from "../../core/model/intent.ts";
import { perform } from "../evaluation/perform.ts";
import { revalidateOriginal } from "./guards.ts";
import { actions, keepAttachmentsOf } from "./keep-attachments.ts";
import { replacementId, type LinearSession } from "./session.ts";

export const endIntentId = "end-original";

/** Undefined where EC2 refused it, too. */
const endIntent = async ({ context, evaluation }: LinearSession): Promise<Intent | undefined> => {
  const intent = await getIntent(context.table, evaluation.evaluationId, endIntentId);
  return intent?.status === "UNDONE" ? undefined : intent;
};

/** Our call has acted, whether its answer was noted or not. From here on there is no way but forward. Never so of a switch. */
export const isOriginalEnded = async (session: LinearSession): Promise<boolean> => {
  if (kindOf(session.evaluation) === "SWITCH") return false;
  const intent = await endIntent(session);
  if (intent === undefined) return false;
  if (intent.status !== "PLANNED") return true;
  const { context, evaluation } = session;
  const { ec2 } = await session.customer();
  if (!hasEnded(await readInstanceState(ec2, evaluation.subject.instanceId))) return false;
  await updateIntent(context.table, evaluation.evaluationId, endIntentId, (stored) => ({
    ...stored,
    status: "ACTED",
    actedAt: stored.actedAt ?? context.now().toISOString(),
  }));
  return true;
};

/** EC2 forgets an instance an hour after its end. */
export const isGone = (state: InstanceState | undefined): boolean =>
  state === undefined || hasEnded(state);

/**
 * Our call was not made, and EC2 shows it ended: an intent says so, by which all that follows knows it.
 * @param isOver whether a state says that it has ended; undefined is that of one which EC2 does not show
 */
export const noteTaken = async (
  session: LinearSession,
  isOver: (state: InstanceState | undefined) => boolean,
): Promise<boolean> => {
  const { context, evaluation } = session;
  const { instanceId } = evaluation.subject;
  const { ec2 } = await session.customer();
  if (!isOver(await readInstanceState(ec2, instanceId))) return false;
  const seenAt = context.now().toISOString();
  const since = takenSince(seenAt, await readSpotStatusSince(ec2, instanceId));
  await planIntent(context.table, evaluation.evaluationId, {
    id: endIntentId,
    status: "ACTED",
    fence: fenceOf(evaluation),
    plannedAt: since,
    actedAt: seenAt,
    change: { kind: "END_ORIGINAL", instanceId, isByOthers: true },
  });
  return true;
};

const askToEnd = async (session: LinearSession): Promise<void> => {
  const { instanceId } = session.evaluation.subject;
  const { ec2 } = await session.customer();
  await perform(session, {
    intent: { id: endIntentId, change: { kind: "END_ORIGINAL", instanceId } },
    action: "TerminateInstances",
    resource: instanceId,
    call: () => terminateInstance(ec2, instanceId),
  });
};

/**
 * One whose end EC2 has announced, and has not brought about: what took its place serves by now, with its whole identity, or is proved while the
 * owner's hook has quiesced this one.
 * @returns what must be waited for before; undefined once it was asked to end
 */
export const endAnnounced = async (session: LinearSession): Promise<string | undefined> => {
  const doubt = await keepAttachmentsOf(session, session.evaluation.subject.instanceId);
  if (doubt === undefined) await askToEnd(session);
  return doubt;
};

/** A sentence: what must be waited for before. Undefined once it was asked to end. */
export const endOriginal = async (session: LinearSession): Promise<string | undefined> => {
  const { instanceId } = session.evaluation.subject;
  const doubt = await keepAttachmentsOf(session, instanceId);
  if (doubt !== undefined) return doubt;
  await revalidateOriginal(session, { states: ["running"], withProtections: true });
  await askToEnd(session);
  return undefined;
};

const returnOf = (instanceId: string, change: FlagChange): Pick<Intent, "id" | "change"> => {
  const { deleteOnTermination } = change;
  if (change.kind === "INTERFACE") {
    const { networkInterfaceId, attachmentId } = change;
    return {
      id: `return-flag-${networkInterfaceId}`,
      change: {
        kind: "RETURN_INTERFACE_FLAG",
        instanceId,
        networkInterfaceId,
        attachmentId,
        deleteOnTermination,
      },
    };
  }
  const { volumeId, deviceName } = change;
  return {
    id: `return-flag-${volumeId}`,
    change: { kind: "RETURN_FLAG", instanceId, deviceName, deleteOnTermination },
  };
};

const whatDiffers = async (session: LinearSession): Promise<readonly FlagChange[]> => {
  const { ownersDeletionFlags: owners } = await session.target();
  if (owners === undefined) return [];
  const instanceId = replacementId(session);
  const { ec2 } = await session.customer();
  const found = await readAttachments(ec2, instanceId);
  if (found !== undefined) return flagsToReturn(found, owners);
  throw new SpotOptimizerError(
    "RetryableNotVisible",
    `EC2 does not show what is attached to ${instanceId}.`,
    { resource: instanceId },
  );
};

const returnAll = async (session: LinearSession): Promise<string | undefined> => {
  const instanceId = replacementId(session);
  const { ec2 } = await session.customer();
  for (const change of await whatDiffers(session)) {
    await perform(session, {
      intent: returnOf(instanceId, change),
      action: actions[change.kind],
      resource: change.kind === "VOLUME" ? change.volumeId : change.networkInterfaceId,
      call: () => setDeletionFlag(ec2, instanceId, change),
    });
  }
  const left = await whatDiffers(session);
  return left.length === 0 ? undefined : `EC2 does not show yet the flags of ${namesOf(left)}.`;
};

/** A call without an answer that the world shows to have done nothing is not one that was carried out. */
const noteNotReturned = async (session: LinearSession): Promise<void> => {
  const { context, evaluation } = session;
  const instanceId = replacementId(session);
  const left = new Set((await whatDiffers(session)).map((each) => returnOf(instanceId, each).id));
  await updateIntents(context.table, evaluation.evaluationId, (intent) =>
    left.has(intent.id) && intent.status === "PLANNED" ? { ...intent, status: "UNDONE" } : intent,
  );
};

/**
 * Why the owner's deletion flags are not back at the replacement; undefined: they are. The load serves there either way, so that a
 * refusal does not end the way back. Throws what may pass by itself.
 */
export const returnOwnersFlags = async (session: LinearSession): Promise<string | undefined> => {
  try {
    return await returnAll(session);
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || familyOf(error) === "Retryable") throw error;
    await noteNotReturned(session);
    return error.message;
  }
};

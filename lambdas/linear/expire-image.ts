/** What the janitor does with the images of a switch that have expired, and with their snapshots. */
import { deregisterImage, findImage } from "../../adapters/aws/ec2/images.ts";
import { readImageUse, readSnapshotUse } from "../../adapters/aws/ec2/image-use.ts";
import { deleteSnapshot, findTaggedSnapshots } from "../../adapters/aws/ec2/snapshots.ts";
import { listIntents } from "../../adapters/store/intents.ts";
import { getTarget } from "../../adapters/store/targets.ts";
import { judgeExpiry, judgeImageUse, type Expiry } from "../../core/decide/linear/expiry.ts";
import type { Keeping } from "../../core/decide/switch/retirement.ts";
import { changesOf, type ChangeOf } from "../../core/model/intent.ts";
import { janitorFor } from "../../core/model/lease-holder.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import { evaluationTag } from "../../core/model/tags.ts";
import type { Duty, Settled } from "../evaluation/duty.ts";
import { exclusively } from "../evaluation/exclusively.ts";
import { assertNotStopped, recordEffect } from "../evaluation/perform.ts";
import type { DueSession } from "../evaluation/session.ts";
import { findLastLaunch } from "./last-launch.ts";

type DueImage = ChangeOf<"EXPIRE_IMAGE">;

const judgeImage = async (
  session: DueSession<PipelineMode, "ec2">,
  { imageId, dueAt }: DueImage,
  isDeregistered: boolean,
): Promise<Expiry> => {
  const { ec2 } = await session.customer();
  const tag = { key: evaluationTag, value: session.evaluation.evaluationId };
  const [image, snapshots] = await Promise.all([
    findImage(ec2, { imageId }),
    findTaggedSnapshots(ec2, tag),
  ]);
  const judged = judgeExpiry({
    imageId,
    state: image?.state ?? (isDeregistered ? "deregistered" : undefined),
    snapshotIds: snapshots
      .filter((snapshot) => snapshot.imageId === imageId)
      .map(({ snapshotId }) => snapshotId),
    dueAt,
    now: session.now,
  });
  return judged;
};

const deregister = async (
  session: DueSession<PipelineMode, "ec2">,
  { imageId }: DueImage,
): Promise<void> => {
  const { ec2 } = await session.customer();
  await assertNotStopped(session);
  await recordEffect(session, {
    action: "DeregisterImage",
    resource: imageId,
    call: () => deregisterImage(ec2, imageId),
  });
};

const deleteSnapshots = async (
  session: DueSession<PipelineMode, "ec2">,
  snapshotIds: readonly string[],
): Promise<void> => {
  const { ec2 } = await session.customer();
  for (const snapshotId of snapshotIds) {
    await assertNotStopped(session);
    await recordEffect(session, {
      action: "DeleteSnapshot",
      resource: snapshotId,
      call: () => deleteSnapshot(ec2, snapshotId),
    });
  }
};

/** Read right before something is deleted. */
const judgeUseOf = async (
  session: DueSession<PipelineMode, "ec2">,
  { imageId }: DueImage,
  judged: Expiry,
): Promise<Keeping | undefined> => {
  if (judged.kind !== "DEREGISTER" && judged.kind !== "DELETE_SNAPSHOTS") return undefined;
  const { context, evaluation } = session;
  const { ec2 } = await session.customer();
  const image = await findImage(ec2, { imageId });
  const use =
    judged.kind === "DEREGISTER"
      ? await readImageUse(ec2, { imageId, snapshotIds: image?.snapshotIds ?? [] })
      : await readSnapshotUse(ec2, judged.snapshotIds);
  const intents = await listIntents(context.table, evaluation.evaluationId);
  const launchedByUs = changesOf(intents, "LAUNCH_INSTANCE").flatMap(
    ({ instanceId }) => instanceId ?? [],
  );
  return judgeImageUse({ imageId, use, launchedByUs });
};

const dayMs = 86_400_000;

/** EC2 may take a Spot Instance at any time: with data, a recovery boots its host from the last image of the load. */
const bootsRecovery = async (
  { context, evaluation }: DueSession<PipelineMode, "ec2">,
  imageId: string,
): Promise<boolean> => {
  const target = await getTarget(context.table, evaluation.targetId);
  if (target?.pipelineMode !== "LINEAR") return false;
  const last = await findLastLaunch(context.table, target);
  return last?.imageId === imageId && !last.isOnDemand;
};

/** The image goes first, and then what EC2 has left of its snapshots. */
const deleteUnlessUsed = async (
  session: DueSession<PipelineMode, "ec2">,
  change: DueImage,
): Promise<Settled> => {
  const { imageId } = change;
  if (await bootsRecovery(session, imageId)) {
    return { kind: "RESTS", until: new Date(session.now.getTime() + dayMs).toISOString() };
  }
  let judged = await judgeImage(session, change, false);
  const keeping = await judgeUseOf(session, change, judged);
  if (keeping !== undefined) return keeping;
  const isLeft = judged.kind === "DEREGISTER" || judged.kind === "DELETE_SNAPSHOTS";
  if (judged.kind === "DEREGISTER") {
    await deregister(session, change);
    judged = await judgeImage(session, change, true);
  }
  if (judged.kind === "DELETE_SNAPSHOTS") await deleteSnapshots(session, judged.snapshotIds);
  if (judged.kind === "POSTPONE" || judged.kind === "DEREGISTER") {
    return { kind: "WAITING", sentence: judged.sentence };
  }
  return isLeft
    ? { kind: "REMOVED", sentence: `${imageId} and its snapshots were deleted.` }
    : { kind: "GONE", sentence: judged.sentence };
};

export const expireImage: Duty<"EXPIRE_IMAGE"> = async (session, change) => {
  const ended = await exclusively(session, janitorFor(session.evaluation.evaluationId), () =>
    deleteUnlessUsed(session, change),
  );
  return ended.kind === "DONE"
    ? ended.result
    : { kind: "WAITING", sentence: `${change.imageId} is kept for now. ${ended.sentence}` };
};

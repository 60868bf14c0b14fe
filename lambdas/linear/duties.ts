/** What the janitor does after switches of one instance: originals whose cool-off is over, images that have expired. */
import { deregisterImage, findImage } from "../../adapters/aws/ec2/images.ts";
import { terminateInstance } from "../../adapters/aws/ec2/instances.ts";
import { deleteSnapshot, findTaggedSnapshots } from "../../adapters/aws/ec2/snapshots.ts";
import { getTarget } from "../../adapters/store/targets.ts";
import { judgeExpiry, type Expiry } from "../../core/decide/linear/expiry.ts";
import { judgeRetirement } from "../../core/decide/linear/retirement.ts";
import type { InstanceFacts } from "../../core/model/instance.ts";
import type { ChangeOf } from "../../core/model/intent.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import { evaluationTag, retireAfterTag } from "../../core/model/tags.ts";
import type { Duty } from "../evaluation/duty.ts";
import { readLiveInstance } from "../evaluation/live-instance.ts";
import { assertNotStopped, recordEffect } from "../evaluation/perform.ts";
import type { DueSession } from "../evaluation/session.ts";
import { swapOf } from "./session.ts";

/**
 * Who serves instead: the target's instance now. If the target was deleted since, or could not follow the switch, the one that
 * took over then.
 */
const readSuccessor = async (
  session: DueSession<PipelineMode, "ec2">,
): Promise<InstanceFacts | undefined> => {
  const { context, evaluation } = session;
  const target = await getTarget(context.table, evaluation.targetId);
  const swap = swapOf(session);
  const followed = target?.instanceId === swap?.originalId ? undefined : target?.instanceId;
  const instanceId = followed ?? swap?.replacement?.instanceId;
  return instanceId === undefined ? undefined : readLiveInstance(session, instanceId);
};

export const retireOriginal: Duty<"RETIRE_ORIGINAL"> = async (session, { instanceId, dueAt }) => {
  const judged = judgeRetirement({
    original: await readLiveInstance(session, instanceId),
    successor: await readSuccessor(session),
    tagKey: retireAfterTag,
    dueAt,
    now: session.now,
  });
  session.context.log.info(judged.sentence, { instanceId, judged: judged.kind });
  if (judged.kind === "POSTPONE") return "POSTPONED";
  if (judged.kind === "TERMINATE") {
    const { ec2 } = await session.customer();
    await assertNotStopped(session);
    await recordEffect(session, {
      action: "TerminateInstances",
      resource: instanceId,
      call: () => terminateInstance(ec2, instanceId),
    });
  }
  return "SETTLED";
};

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
  session.context.log.info(judged.sentence, { imageId, judged: judged.kind });
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

/** The image goes first, and then what EC2 has left of its snapshots. */
export const expireImage: Duty<"EXPIRE_IMAGE"> = async (session, change) => {
  let judged = await judgeImage(session, change, false);
  if (judged.kind === "DEREGISTER") {
    await deregister(session, change);
    judged = await judgeImage(session, change, true);
  }
  if (judged.kind === "DELETE_SNAPSHOTS") await deleteSnapshots(session, judged.snapshotIds);
  return judged.kind === "GONE" || judged.kind === "DELETE_SNAPSHOTS" ? "SETTLED" : "POSTPONED";
};

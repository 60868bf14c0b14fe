/** What the janitor does after switches of one instance: originals whose cool-off is over, images that have expired. */
import { deleteImage, findImage } from "../../adapters/aws/ec2/images.ts";
import { terminateInstance } from "../../adapters/aws/ec2/instances.ts";
import { getTarget } from "../../adapters/store/targets.ts";
import { judgeRetirement } from "../../core/decide/linear/retirement.ts";
import type { InstanceFacts } from "../../core/model/instance.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import { retireAfterTag } from "../../core/model/tags.ts";
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

export const expireImage: Duty<"EXPIRE_IMAGE"> = async (session, { imageId }) => {
  const { ec2 } = await session.customer();
  const image = await findImage(ec2, { imageId });
  if (image === undefined) return "SETTLED";
  await assertNotStopped(session);
  await recordEffect(session, {
    action: "DeregisterImage",
    resource: imageId,
    call: () => deleteImage(ec2, { imageId, snapshotIds: image.snapshotIds }),
  });
  return "SETTLED";
};

/**
 * Brings the root volume back to the stopped original within the switch, after EC2 did not make it the replacement's. Then
 * both stand as they did before it was taken, and the root is carried by an image.
 */
import { readReplaceRootVolumeTask } from "../../../adapters/aws/ec2/images.ts";
import { attachVolume, setDeleteOnTermination } from "../../../adapters/aws/ec2/volumes.ts";
import { judgeRootTask } from "../../../core/decide/linear/root-move.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { InstanceFacts, VolumeFacts } from "../../../core/model/instance.ts";
import { perform } from "../../evaluation/perform.ts";
import { placeOf } from "../identity/attachable.ts";
import { readReplacementRoot } from "../moved-root.ts";
import { replacementId, type LinearSession } from "../session.ts";
import { readVolume } from "./begin.ts";

const returnFlag = async (
  session: LinearSession,
  change: {
    readonly id: string;
    readonly instanceId: string;
    readonly deviceName: string;
    readonly deleteOnTermination: boolean;
  },
): Promise<void> => {
  const { id, instanceId, deviceName, deleteOnTermination } = change;
  const { ec2 } = await session.customer();
  await perform(session, {
    intent: { id, change: { kind: "RETURN_FLAG", instanceId, deviceName, deleteOnTermination } },
    action: "ModifyInstanceAttribute",
    resource: instanceId,
    call: () => setDeleteOnTermination(ec2, { instanceId, deviceName, value: deleteOnTermination }),
  });
};

/** EC2 may still work on a task whose answer was lost: the volume would become the replacement's root after all. */
const openTask = async (session: LinearSession): Promise<string | undefined> => {
  const { ec2 } = await session.customer();
  const task = await readReplaceRootVolumeTask(ec2, { instanceId: replacementId(session) });
  return task !== undefined && judgeRootTask(task.state) === "OPEN"
    ? `Replacing the root volume: ${task.taskId} is ${task.state}.`
    : undefined;
};

/** The root that the replacement was launched with is ours, and goes with it again. */
export const releaseHostRoot = async (session: LinearSession, volumeId: string): Promise<void> => {
  const instanceId = replacementId(session);
  const root = await readReplacementRoot(session);
  if (root === undefined || root.deleteOnTermination || root.volumeId === volumeId) return;
  const { deviceName } = root;
  await returnFlag(session, {
    id: "release-root",
    instanceId,
    deviceName,
    deleteOnTermination: true,
  });
};

const stuck = (volumeId: string, where: string): SpotOptimizerError =>
  new SpotOptimizerError("BrokenReplacement", `${volumeId} is at ${where}, and is not its root.`, {
    resource: volumeId,
    nextStep: "Nothing: the original is restored.",
  });

/** Undefined once the original has its root volume with its owner's flag; else what is waited for. */
export const bringRootBack = async (
  session: LinearSession,
  { instanceId }: InstanceFacts,
  { volumeId, deviceName, deleteOnTermination }: VolumeFacts,
): Promise<string | undefined> => {
  const volume = await readVolume(session, volumeId);
  const toInstanceId = replacementId(session);
  switch (placeOf(volumeId, volume, { fromInstanceId: instanceId, toInstanceId })) {
    case "ARRIVING":
    case "AT_REPLACEMENT":
      throw stuck(volumeId, toInstanceId);
    case "LEAVING":
      return `${volumeId} is ${volume.attachmentState ?? "moving"}.`;
    case "DETACHED": {
      if (volume.state !== "available") return `${volumeId} is ${volume.state}.`;
      const open = await openTask(session);
      if (open !== undefined) return open;
      await releaseHostRoot(session, volumeId);
      const { ec2 } = await session.customer();
      await perform(session, {
        intent: {
          id: "return-root",
          change: { kind: "RETURN_ROOT", volumeId, instanceId, deviceName },
        },
        action: "AttachVolume",
        resource: volumeId,
        call: () => attachVolume(ec2, { volumeId, instanceId, deviceName }),
      });
      return `AttachVolume of ${volumeId} is under way.`;
    }
    case "AT_ORIGINAL":
      if (volume.deleteOnTermination !== deleteOnTermination) {
        await returnFlag(session, {
          id: "return-root-flag",
          instanceId,
          deviceName,
          deleteOnTermination,
        });
      }
      return undefined;
  }
};

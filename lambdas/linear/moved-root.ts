/** Reads whether the replacement runs on the original's own root volume, and whether an interruption would delete it. */
import { readRootDevice, type RootDevice } from "../../adapters/aws/ec2/instances.ts";
import { replacementId, type LinearSession } from "./session.ts";

/** The device; a sentence while EC2 shows another volume there, or none. */
export const readMovedRoot = async (
  session: LinearSession,
  volumeId: string,
): Promise<RootDevice | string> => {
  const instanceId = replacementId(session);
  const { ec2 } = await session.customer();
  const root = await readRootDevice(ec2, instanceId);
  return root?.volumeId === volumeId
    ? root
    : `EC2 shows ${root?.volumeId ?? "no volume"} as the root of ${instanceId}, not ${volumeId}.`;
};

/** Undefined where no root volume was moved, or all is well with it. */
export const whatMovedRootLacks = async (session: LinearSession): Promise<string | undefined> => {
  const { movedRootVolumeId } = session.evaluation.progress;
  if (movedRootVolumeId === undefined) return undefined;
  const root = await readMovedRoot(session, movedRootVolumeId);
  if (typeof root === "string") return root;
  return root.deleteOnTermination
    ? `The root volume ${movedRootVolumeId} would be deleted with ${replacementId(session)}.`
    : undefined;
};

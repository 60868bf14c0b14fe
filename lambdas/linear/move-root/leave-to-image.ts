/**
 * Leaves the root of a Spot Instance that has ended to an image of it: EC2 does not make the volume that of the host, or the host is lost.
 * Nothing of it is given up for that. The volume itself stays, whatever becomes of the image.
 */
import { readInstanceState } from "../../../adapters/aws/ec2/instances.ts";
import { judgeRootImage } from "../../../core/decide/linear/root-image.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { hasEnded, type InstanceFacts, type VolumeFacts } from "../../../core/model/instance.ts";
import { volumesLeftByHost } from "../left-of-host.ts";
import { replacementId, type LinearSession } from "../session.ts";
import { releaseHostRoot } from "./bring-back.ts";
import { readVolume } from "./begin.ts";

/** Neither way is left: the sentence says of both why. */
const noOtherWay = (error: Error, sentence: string, resource: string): SpotOptimizerError =>
  new SpotOptimizerError("BrokenRequest", `${error.message} ${sentence}`, {
    resource,
    cause: error,
    nextStep: 'See "ONLY_FORWARD" in the runbook.',
  });

/** Throws what it is told of where an image can't carry that root. */
export const assertImageCarries = (original: InstanceFacts, error: Error): void => {
  const judged = judgeRootImage(original);
  if (judged.kind === "CARRIES") return;
  throw noOtherWay(error, judged.sentence, original.instanceId);
};

/**
 * A sentence: what must be waited for. Else the volumes that stay behind.
 * @param error why the volume does not become the host's root; thrown on where it is the host's, and that runs
 */
export const leaveToImage = async (
  session: LinearSession,
  { volumeId }: VolumeFacts,
  error: Error,
): Promise<string | readonly string[]> => {
  const hostId = replacementId(session);
  const { ec2 } = await session.customer();
  const state = await readInstanceState(ec2, hostId);
  const isGone = state === undefined || hasEnded(state);
  const volume = await readVolume(session, volumeId);
  if (!isGone && volume.attachedTo === hostId) throw error;
  if (volume.state !== "available") return `${volumeId} is ${volume.state}.`;
  if (!isGone) await releaseHostRoot(session, volumeId);
  return [volumeId, ...(await volumesLeftByHost(session, isGone, volumeId))];
};

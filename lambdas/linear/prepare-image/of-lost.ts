/**
 * The image from which the host of a recovery starts. What EC2 has taken is not read, proved or claimed. Without data it is launched once more, from
 * its owner's image. With data the image only starts a machine that is kept by itself: the root volume of what was lost takes the place of its
 * root, so that it does not matter how old the image is.
 */
import { findImage } from "../../../adapters/aws/ec2/images.ts";
import { getEvaluation } from "../../../adapters/store/evaluations.ts";
import { takesDataBack } from "../../../core/decide/linear/data-way-back.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { readSubjectFacts } from "../../evaluation/facts.ts";
import type { waitFor } from "../../evaluation/waiting.ts";
import { readOriginal } from "../facts.ts";
import { refuseOwnersReplacement } from "../owners-replacement.ts";
import type { LinearSession } from "../session.ts";
import { waitForIsolation } from "./wait-for-isolation.ts";

interface Found {
  readonly imageId: string;
  readonly summary: string;
}

/** Of the evaluation that has launched what was lost: the newest first. */
const imagesOfLoad = async (session: LinearSession): Promise<readonly string[]> => {
  const { placedBy } = await readSubjectFacts<"LINEAR">(session);
  const launcher = placedBy && (await getEvaluation(session.context.table, placedBy.evaluationId));
  if (launcher?.mode !== "LINEAR") return [];
  const { finalImageId, warmImageId } = launcher.progress;
  return [finalImageId, warmImageId].filter((id) => id !== undefined);
};

/** @throws BrokenFacts where EC2 shows none of them */
const findHostImage = async (session: LinearSession): Promise<Found> => {
  const { instanceId, imageId: own } = await readOriginal(session);
  const candidates = [...new Set([...(await imagesOfLoad(session)), own])];
  const { ec2 } = await session.customer();
  for (const imageId of candidates) {
    const image = await findImage(ec2, { imageId });
    if (image?.state !== "available") continue;
    const summary = `A host starts from ${imageId}, and is given the root volume of ${instanceId}.`;
    return { imageId, summary };
  }
  throw new SpotOptimizerError(
    "BrokenFacts",
    `No host for ${instanceId} can start: EC2 shows none of ${candidates.join(", ")} as available.`,
    { resource: instanceId, nextStep: 'See "Interruptions" in the runbook.' },
  );
};

export const imageOfLost = async (
  session: LinearSession,
): Promise<Found | ReturnType<typeof waitFor>> => {
  if (!takesDataBack(session.evaluation)) {
    const { imageId } = await readOriginal(session);
    return { imageId, summary: `Launched anew from ${imageId}.` };
  }
  const { warmImageId } = session.evaluation.progress;
  // Resumed: its host is there.
  if (warmImageId !== undefined) {
    return { imageId: warmImageId, summary: `A host was started from ${warmImageId}.` };
  }
  await refuseOwnersReplacement(session);
  return (await waitForIsolation(session, "warm")) ?? findHostImage(session);
};

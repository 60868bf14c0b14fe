/** How much of an image EC2 has made: says which looks at it would surely find nothing. */
import { findTaggedSnapshots } from "../../../adapters/aws/ec2/snapshots.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { evaluationTag } from "../../../core/model/tags.ts";
import type { LinearSession } from "../session.ts";

/**
 * Of the slowest of its snapshots; undefined where EC2 shows none, or no figure. A hint, for which nothing is given up: without it
 * the image is looked at more often. An image that is pending may not name its snapshots yet; their descriptions name it.
 */
export const readPercent = async (
  { context, customer, evaluation }: LinearSession,
  imageId: string,
): Promise<number | undefined> => {
  const { ec2 } = await customer();
  const tag = { key: evaluationTag, value: evaluation.evaluationId };
  try {
    const snapshots = await findTaggedSnapshots(ec2, tag);
    const percents = snapshots.flatMap((snapshot) =>
      snapshot.imageId === imageId ? [snapshot.percent ?? 0] : [],
    );
    return percents.length === 0 ? undefined : Math.min(...percents);
  } catch (error) {
    if (!(error instanceof SpotOptimizerError)) throw error;
    context.log.warn(`How much of ${imageId} is made could not be read: ${error.message}`, {
      error: error.name,
    });
    return undefined;
  }
};

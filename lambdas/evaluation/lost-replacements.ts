/** Reads which of the replacements that have taken over have ended since. */
import { readHoldings } from "../../adapters/aws/ec2/instance-holdings.ts";
import { familyOf } from "../../core/errors.ts";
import { hasEnded } from "../../core/model/instance.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { ClosingSession } from "./closing.ts";

/** Of those that have taken over. What can't be read is not called lost: that does not keep the record from ending. */
export const readLostReplacements = async ({
  swaps,
  customer,
}: Pick<ClosingSession<PipelineMode>, "swaps" | "customer">): Promise<readonly string[]> => {
  const made = swaps.flatMap(({ stage, replacement }) =>
    stage === "DONE" && replacement !== undefined ? [replacement.instanceId] : [],
  );
  if (made.length === 0) return [];
  try {
    const { ec2 } = await customer();
    const found = await readHoldings(ec2, made);
    return found.flatMap(({ instanceId, state }) => (hasEnded(state) ? [instanceId] : []));
  } catch (error) {
    if (familyOf(error) !== "Broken") throw error;
    return [];
  }
};

/** Says whether somebody serves in the place of a retired original: else the original is the last healthy copy. */
import { readSpotHealth } from "../../adapters/aws/ec2/health.ts";
import { getTarget } from "../../adapters/store/targets.ts";
import { judgeHealth } from "../../core/decide/switch/health.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { DueSession } from "../evaluation/session.ts";
import { swapOf } from "./session.ts";

/**
 * Who serves instead: the target's instance now. If the target was deleted since, or could not follow the switch, the one that
 * took over then.
 */
export const successorOf = async ({
  context,
  evaluation,
  swaps,
}: DueSession<PipelineMode, "ec2">): Promise<string | undefined> => {
  const target = await getTarget(context.table, evaluation.targetId);
  const swap = swapOf({ swaps });
  const followed = target?.instanceId === swap?.originalId ? undefined : target?.instanceId;
  return followed ?? swap?.replacement?.instanceId;
};

/**
 * Why the successor can't be relied on; undefined: it serves. Health says so; where the policy asks for a proof of the
 * application, this is the place to ask for it.
 */
export const doubtAbout = async (
  session: DueSession<PipelineMode, "ec2">,
  successorId: string | undefined,
): Promise<string | undefined> => {
  if (successorId === undefined) return "Nobody is known to serve instead.";
  const { ec2 } = await session.customer();
  const health = judgeHealth(await readSpotHealth(ec2, successorId));
  return health.kind === "HEALTHY" ? undefined : `The successor does not serve: ${health.sentence}`;
};

/** Plans those who join the batch of a response: members that EC2 has announced to take in its first two minutes. */
import { planBatch } from "../../../core/decide/cluster/batch.ts";
import type { ClusterEvaluation } from "../../../core/model/evaluation.ts";
import type { SwapChange } from "../../evaluation/evaluation-step.ts";
import { readDelays } from "../delays.ts";
import { policyOf, readGroupAgain } from "../group.ts";
import { readJoining } from "../joining.ts";
import { plannedChanges, withDecided } from "../planned.ts";
import { readPlaced } from "../placing.ts";
import { batchOf, swapsUnderWay, type LiveSession } from "../session.ts";

interface Joining {
  readonly swaps: readonly SwapChange[];
  readonly change?: (record: ClusterEvaluation) => ClusterEvaluation;
}

/** None where the group is not whole: it replaces by itself what it loses. */
const plan = async (session: LiveSession): Promise<readonly SwapChange[]> => {
  const group = await readGroupAgain(session);
  const batchSize = policyOf(session, group).batchSize - swapsUnderWay(session).length;
  if (batchSize <= 0 || (await readDelays(session, group)).length > 0) return [];
  const placed = await readPlaced(session, group);
  const planned = planBatch({
    ...placed,
    policy: { ...placed.policy, batchSize },
    swaps: session.swaps,
  });
  return planned.kind === "BATCH" ? plannedChanges(session, batchOf(session), planned.swaps) : [];
};

/** Each is decided about once, whatever comes of it: else the batch would be planned at each look. */
export const placeJoining = async (session: LiveSession): Promise<Joining> => {
  const joining = await readJoining(session);
  return joining.length === 0
    ? { swaps: [] }
    : { swaps: await plan(session), change: withDecided(joining) };
};

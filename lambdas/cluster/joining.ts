/** Reads which members of the group were announced since its response began, and are still to join the batch. */
import { listWarned } from "../../adapters/store/spot-events.ts";
import { joiningMembers } from "../../core/decide/cluster/joining.ts";
import { isRecovery } from "../../core/model/evaluation-kind.ts";
import type { InstanceId } from "../../core/model/ids.ts";
import { readJudgedGroup } from "./group.ts";
import type { ClusterSession } from "./session.ts";

/** One query, in a response alone. */
export const readJoining = async (session: ClusterSession): Promise<readonly InstanceId[]> => {
  const { context, evaluation, swaps, now } = session;
  if (!isRecovery(evaluation)) return [];
  const { startedAt, progress } = evaluation;
  const { members } = await readJudgedGroup(session);
  return joiningMembers({
    members,
    announced: await listWarned(context.table, evaluation, startedAt),
    decided: [...(progress.decided ?? []), ...swaps.map(({ originalId }) => originalId)],
    startedAt,
    at: now.toISOString(),
  });
};

/** What a step answers that would wait for the batch. Undefined: nobody joins it. */
export const tellJoining = async (
  session: ClusterSession,
): Promise<{ readonly kind: "MORE"; readonly summary: string } | undefined> => {
  const joining = await readJoining(session);
  return joining.length === 0
    ? undefined
    : { kind: "MORE", summary: `EC2 has announced the end of ${joining.join(", ")}, too.` };
};

/**
 * Holds the members in service while what was attached is on its way: protected from scale-in, each group of ids by an intent of its own, and released as soon
 * as the replacements serve, or an instance refresh has begun. What a function that died has left is released by the undo.
 */
import { setProtection } from "../../adapters/aws/autoscaling/settings.ts";
import { listIntents } from "../../adapters/store/intents.ts";
import { isJoining, membersToHold, openHolds, type Hold } from "../../core/decide/cluster/hold.ts";
import type { GroupFacts, LiveGroup } from "../../core/model/group.ts";
import { perform } from "../evaluation/perform.ts";
import { readJudgedGroup } from "./group.ts";
import { isRefreshed, releaseAll } from "./release.ts";
import { batchOf, type ClusterSession, type LiveSession } from "./session.ts";

/** Instance ids that this batch has attached. */
interface Attached {
  readonly attached: readonly string[];
}

/** Right before an attach. Why it can't be made now: a member has left in between, and nothing was changed. Undefined once all are held. */
export const holdMembers = async (
  session: LiveSession,
  group: GroupFacts,
  { attached }: Attached,
): Promise<string | undefined> => {
  const { context, evaluation } = session;
  const { asgName } = group;
  const intents = await listIntents(context.table, evaluation.evaluationId);
  const judged = await readJudgedGroup(session);
  const { autoScaling } = await session.customer();
  for (const instanceIds of membersToHold({ judged, group, intents, attached })) {
    const result = await perform(session, {
      intent: {
        id: `hold-${String(batchOf(session))}-${instanceIds[0]}`,
        change: { kind: "HOLD_MEMBERS", asgName, instanceIds },
        before: { isProtected: false },
      },
      action: "SetInstanceProtection",
      resource: `${String(instanceIds.length)} members of ${asgName}`,
      // A retry holds those whom the first try named: they are released in the end.
      call: ({ change }) =>
        setProtection(autoScaling, {
          asgName,
          instanceIds: change.kind === "HOLD_MEMBERS" ? change.instanceIds : instanceIds,
          isProtected: true,
        }),
      refused: (answer) => (answer.kind === "NOT_IN_SERVICE" ? answer.sentence : undefined),
    });
    if (result.kind === "NOT_IN_SERVICE") return result.sentence;
  }
  return undefined;
};

const readHolds = async ({ context, evaluation }: ClusterSession): Promise<readonly Hold[]> =>
  openHolds(await listIntents(context.table, evaluation.evaluationId));

/** The kill switch does not stop it: it gives back. Throws RetryableContention where it could not be done. */
export const releaseHeld = async (session: LiveSession): Promise<void> =>
  releaseAll(session, await readHolds(session));

/** As `releaseHeld`, unless one that was attached is still on its way, and no refresh waits for those whom we hold. */
export const releaseOnceJoined = async (
  session: LiveSession,
  group: LiveGroup & Pick<GroupFacts, "asgName">,
  { attached }: Attached,
): Promise<void> => {
  const holds = await readHolds(session);
  if (holds.length === 0) return;
  if (isJoining(group, attached) && !(await isRefreshed(session, group))) return;
  await releaseAll(session, holds, group.members);
};

/**
 * Holds the members in service while what was attached is on its way: protected from scale-in, each group of ids by an intent of its own, and released as soon
 * as the replacements serve, or an instance refresh has begun. What a function that died has left is released by the undo.
 */
import { describeGroup, describeRefreshes } from "../../adapters/aws/autoscaling/describe.ts";
import { runningRefreshes } from "../../adapters/aws/autoscaling/group-settings.ts";
import { setProtection } from "../../adapters/aws/autoscaling/settings.ts";
import { listIntents, updateIntent } from "../../adapters/store/intents.ts";
import {
  isJoining,
  mayBeProtected,
  membersToHold,
  openHolds,
  type Hold,
} from "../../core/decide/cluster/hold.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { GroupFacts, GroupMember, LiveGroup } from "../../core/model/group.ts";
import { instanceIdSchema } from "../../core/model/ids.ts";
import { holdLease } from "../evaluation/lease.ts";
import { perform, recordEffect } from "../evaluation/perform.ts";
import { readJudgedGroup } from "./group.ts";
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

/** A member that leaves in this second makes Auto Scaling refuse the call for all: the group is read again. */
const mostTries = 3;

type Seen = Pick<GroupMember, "instanceId" | "lifecycleState">;

const readSeen = async (session: LiveSession, asgName: string): Promise<readonly Seen[]> => {
  const { autoScaling } = await session.customer();
  const group = await describeGroup(autoScaling, asgName);
  return (group?.Instances ?? []).map(
    ({ InstanceId: instanceId = "", LifecycleState: lifecycleState = "" }) => ({
      instanceId: instanceIdSchema.parse(instanceId),
      lifecycleState,
    }),
  );
};

/**
 * All of them, protected or not by what the group shows: a reading may be behind our own call.
 * @param known the members as this invocation has read them: enough for the first try, for who has left since is refused
 */
const release = async (
  session: LiveSession,
  { change }: Hold,
  known?: readonly Seen[],
): Promise<void> => {
  const { autoScaling } = await session.customer();
  const { asgName } = change;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const seen = (tries === 0 ? known : undefined) ?? (await readSeen(session, asgName));
    const instanceIds = seen
      .filter((one) => change.instanceIds.includes(one.instanceId) && mayBeProtected(one))
      .map(({ instanceId }) => instanceId);
    if (instanceIds.length === 0) return;
    const { kind } = await recordEffect(session, {
      action: "SetInstanceProtection",
      resource: `${String(instanceIds.length)} members of ${asgName}`,
      call: () => setProtection(autoScaling, { asgName, instanceIds, isProtected: false }),
      refused: (answer) => (answer.kind === "NOT_IN_SERVICE" ? answer.sentence : undefined),
    });
    if (kind === "DONE") return;
  }
  throw new SpotOptimizerError(
    "RetryableContention",
    `Members of group ${asgName} leave one after the other: those that we hold could not be released.`,
    { resource: asgName },
  );
};

const releaseAll = async (
  session: LiveSession,
  holds: readonly Hold[],
  known?: readonly Seen[],
): Promise<void> => {
  const { context, evaluation } = session;
  if (holds.length > 0) await holdLease(session);
  for (const hold of holds) {
    await release(session, hold, known);
    await updateIntent(context.table, evaluation.evaluationId, hold.id, (stored) => ({
      ...stored,
      status: "UNDONE",
      undoneAt: context.now().toISOString(),
    }));
  }
};

const readHolds = async ({ context, evaluation }: ClusterSession): Promise<readonly Hold[]> =>
  openHolds(await listIntents(context.table, evaluation.evaluationId));

/** The kill switch does not stop it: it gives back. Throws RetryableContention where it could not be done. */
export const releaseHeld = async (session: LiveSession): Promise<void> =>
  releaseAll(session, await readHolds(session));

const isRefreshed = async (
  session: LiveSession,
  { asgName }: Pick<GroupFacts, "asgName">,
): Promise<boolean> => {
  const { autoScaling } = await session.customer();
  return runningRefreshes(await describeRefreshes(autoScaling, asgName)).length > 0;
};

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

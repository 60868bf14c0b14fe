/**
 * Takes our protection from scale-in off again: of members that were held, and of replacements where an instance refresh has begun, which waits an hour for
 * protected members and fails then. Source: Auto Scaling API reference, RefreshPreferences, ScaleInProtectedInstances.
 */
import { describeGroup, describeRefreshes } from "../../adapters/aws/autoscaling/describe.ts";
import { runningRefreshes } from "../../adapters/aws/autoscaling/group-settings.ts";
import { setProtection } from "../../adapters/aws/autoscaling/settings.ts";
import { listIntents, updateIntent } from "../../adapters/store/intents.ts";
import { mayBeProtected } from "../../core/decide/cluster/hold.ts";
import { isOpenIntent } from "../../core/decide/switch/outcome.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { GroupFacts, GroupMember } from "../../core/model/group.ts";
import { instanceIdSchema } from "../../core/model/ids.ts";
import { waitKey } from "../../core/model/evaluation.ts";
import type { ChangeOf, Intent } from "../../core/model/intent.ts";
import { holdLease } from "../evaluation/lease.ts";
import { recordEffect } from "../evaluation/perform.ts";
import { batchOf, type LiveSession } from "./session.ts";

type Protecting = Intent & { readonly change: ChangeOf<"HOLD_MEMBERS" | "PROTECT_MEMBERS"> };

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
  { change }: Protecting,
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
    `Members of group ${asgName} leave one after the other: those that we protect could not be released.`,
    { resource: asgName },
  );
};

export const releaseAll = async (
  session: LiveSession,
  protecting: readonly Protecting[],
  known?: readonly Seen[],
): Promise<void> => {
  const { context, evaluation } = session;
  if (protecting.length > 0) await holdLease(session);
  for (const one of protecting) {
    await release(session, one, known);
    await updateIntent(context.table, evaluation.evaluationId, one.id, (stored) => ({
      ...stored,
      status: "UNDONE",
      undoneAt: context.now().toISOString(),
    }));
  }
};

export const isRefreshed = async (
  session: LiveSession,
  { asgName }: Pick<GroupFacts, "asgName">,
): Promise<boolean> => {
  const { autoScaling } = await session.customer();
  return runningRefreshes(await describeRefreshes(autoScaling, asgName)).length > 0;
};

/** By which replacements were protected. */
const protectionsIn = (intents: readonly Intent[]): readonly Protecting[] =>
  intents.filter((intent): intent is Protecting => intent.change.kind === "PROTECT_MEMBERS");

/** Replacements that we no longer protect, for a refresh waited for them: they are not protected again. A call that was refused has no `undoneAt`. */
export const releasedMembers = async ({
  context,
  evaluation,
}: LiveSession): Promise<ReadonlySet<string>> => {
  const intents = await listIntents(context.table, evaluation.evaluationId);
  return new Set(
    protectionsIn(intents)
      .filter(({ undoneAt }) => undoneAt !== undefined)
      .flatMap(({ change }) => change.instanceIds),
  );
};

/**
 * Asked at each later look of a wait while replacements are protected: one at which nothing else is called. The kill switch does not stop it: it gives back.
 * @param phase name of the wait
 */
export const yieldToRefresh = async (session: LiveSession, phase: string): Promise<void> => {
  const { context, evaluation, now } = session;
  if (evaluation.waits[waitKey(phase, batchOf(session))] === undefined) return;
  const intents = await listIntents(context.table, evaluation.evaluationId);
  const open = protectionsIn(intents).filter(
    (intent) => isOpenIntent(intent) && Date.parse(intent.plannedAt) < now.getTime(),
  );
  if (open.length > 0 && (await isRefreshed(session, evaluation.subject))) {
    await releaseAll(session, open);
  }
};

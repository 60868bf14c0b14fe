/** What is known of our having asked an original to leave its group. */
import { readActivities } from "../../../adapters/aws/autoscaling/group.ts";
import { listIntents, updateIntent } from "../../../adapters/store/intents.ts";
import { howItLeft, type Left } from "../../../core/decide/switch/group/leave.ts";
import { isLeavingGroup, memberOf, type GroupFacts } from "../../../core/model/group.ts";
import type { ChangeOf, Intent } from "../../../core/model/intent.ts";
import type { Launched } from "../../evaluation/swap-changes.ts";
import type { LiveSession } from "../session.ts";

/** Whom the group has launched in the place of the original leaves by a call of its own. */
export const removalId = (
  { swapId, originalId }: Pick<Launched, "swapId" | "originalId">,
  leavingId: string,
): string => (leavingId === originalId ? `remove-${swapId}` : `remove-${swapId}-${leavingId}`);

/** Or is about to. */
const hasLeft = (group: GroupFacts, instanceId: string): boolean => {
  const member = memberOf(group, instanceId);
  return member === undefined || isLeavingGroup(member);
};

type RemovalChange = ChangeOf<"REMOVE_MEMBER">;
export type Removal = Pick<Intent, "status"> &
  Pick<RemovalChange, "how"> & {
    /** The original, or whom the group has launched in its place. */
    readonly leavingId: string;
  };

const withMet = (stored: Intent, { desiredBefore }: Left): Intent =>
  stored.change.kind === "REMOVE_MEMBER" && desiredBefore !== undefined
    ? { ...stored, change: { ...stored.change, desiredBefore } }
    : stored;

/** Of a call whose answer is not known, and whose original leaves or has left, the group's activities tell whether it acted. */
export const findOutRemoval = async (
  session: LiveSession,
  group: GroupFacts,
  { swap, removal }: { readonly swap: Launched; readonly removal: Removal },
): Promise<Removal> => {
  const { context, evaluation } = session;
  const { leavingId } = removal;
  if (!hasLeft(group, leavingId)) return removal;
  const { autoScaling } = await session.customer();
  const activities = await readActivities(autoScaling, group.asgName);
  const left = howItLeft(activities, leavingId);
  if (left === undefined) return removal;
  const status = left.isWithItsPlace ? "ACTED" : "UNDONE";
  const id = removalId(swap, leavingId);
  await updateIntent(context.table, evaluation.evaluationId, id, (stored) => ({
    ...withMet(stored, left),
    status,
  }));
  return { ...removal, status };
};

/** The last of them. */
export const removalOf = async (
  { context, evaluation }: LiveSession,
  { swapId }: Launched,
): Promise<Removal | undefined> => {
  const intents = await listIntents(context.table, evaluation.evaluationId);
  const found = intents.findLast(
    (intent) => intent.swapId === swapId && intent.change.kind === "REMOVE_MEMBER",
  );
  return found?.change.kind === "REMOVE_MEMBER"
    ? { status: found.status, how: found.change.how, leavingId: found.change.instanceId }
    : undefined;
};

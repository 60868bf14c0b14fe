/** What is known of our having asked an original to leave its group. */
import { readActivities } from "../../../adapters/aws/autoscaling/group.ts";
import { listIntents, updateIntent } from "../../../adapters/store/intents.ts";
import { leftWithItsPlace } from "../../../core/decide/cluster/removal.ts";
import { isLeavingGroup, memberOf, type GroupFacts } from "../../../core/model/group.ts";
import type { ChangeOf, Intent } from "../../../core/model/intent.ts";
import type { Launched } from "../../evaluation/swap-changes.ts";
import type { LiveSession } from "../session.ts";

export const removalId = ({ swapId }: Launched): string => `remove-${swapId}`;

/** Or is about to. */
const hasLeft = (group: GroupFacts, { originalId }: Launched): boolean => {
  const original = memberOf(group, originalId);
  return original === undefined || isLeavingGroup(original);
};

type RemovalChange = ChangeOf<"REMOVE_MEMBER">;
export type Removal = Pick<Intent, "status"> & Pick<RemovalChange, "how">;

/** Of a call whose answer is not known, and whose original leaves or has left, the group's activities tell whether it acted. */
export const findOutRemoval = async (
  session: LiveSession,
  group: GroupFacts,
  { swap, how }: { readonly swap: Launched } & Pick<Removal, "how">,
): Promise<Removal> => {
  const { context, evaluation } = session;
  const planned = { status: "PLANNED", how } as const;
  if (!hasLeft(group, swap)) return planned;
  const { autoScaling } = await session.customer();
  const activities = await readActivities(autoScaling, group.asgName);
  const hasActed = leftWithItsPlace(activities, swap.originalId);
  if (hasActed === undefined) return planned;
  const status = hasActed ? "ACTED" : "UNDONE";
  await updateIntent(context.table, evaluation.evaluationId, removalId(swap), (stored) => ({
    ...stored,
    status,
  }));
  return { status, how };
};

export const removalOf = async (
  { context, evaluation }: LiveSession,
  swap: Launched,
): Promise<Removal | undefined> => {
  const intents = await listIntents(context.table, evaluation.evaluationId);
  const found = intents.find(({ id }) => id === removalId(swap));
  return found?.change.kind === "REMOVE_MEMBER"
    ? { status: found.status, how: found.change.how }
    : undefined;
};

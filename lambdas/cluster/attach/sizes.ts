/** Sizes and ledger of the group right before each attach, and before its maximum is raised; and whether somebody else changes its size at this moment. */
import { describeGroup } from "../../../adapters/aws/autoscaling/describe.ts";
import type { Ledger } from "../../../core/decide/cluster/capacity.ts";
import { isCounted, type GroupFacts } from "../../../core/model/group.ts";
import { readReckoning } from "../ledger.ts";
import type { LiveSession } from "../session.ts";

interface Sizes {
  readonly group: GroupFacts;
  readonly ledger: Ledger;
  /** Why nothing is attached meanwhile; absent while nobody else changes the group's size. */
  readonly moves?: string;
}

/**
 * An attach hides what somebody has set a moment before, and so does a maximum that is raised: this is read right before each. What the group is about to take away it would take of those
 * that come, and their places would stay.
 */
export const readSizes = async (
  session: LiveSession,
  group: GroupFacts,
  before: Ledger,
): Promise<Sizes> => {
  const { autoScaling } = await session.customer();
  const shown = await describeGroup(autoScaling, group.asgName);
  const {
    DesiredCapacity: desiredCapacity = group.desiredCapacity,
    MinSize: minSize = group.minSize,
    MaxSize: maxSize = group.maxSize,
    Instances: members = [],
  } = shown ?? {};
  const now = { ...group, desiredCapacity, minSize, maxSize };
  const { ledger, change } = await readReckoning(session, now, before);
  const size = members.filter(({ LifecycleState: lifecycleState = "" }) =>
    isCounted({ lifecycleState }),
  ).length;
  const moves =
    change !== undefined || size > desiredCapacity
      ? `Group ${group.asgName} has ${String(size)} members, and somebody set its desired capacity to ${String(ledger.asked)} a moment ago: it follows that first.`
      : undefined;
  return { group: now, ledger, ...(moves === undefined ? {} : { moves }) };
};

/**
 * Names the replacements that serve although EC2 was faster than their attach: the group launches another by itself, which takes its time. Until that serves
 * they go on, though they are not members: their balancers send them what the originals no longer take.
 */
import { lackingMembers, type Ledger } from "../../../core/decide/cluster/capacity.ts";
import { isRecovery } from "../../../core/model/evaluation-kind.ts";
import { isLeavingGroup, memberOf, type GroupFacts } from "../../../core/model/group.ts";
import type { Launched } from "../../evaluation/swap-changes.ts";
import type { ClusterSession } from "../session.ts";

export const hasLeft = (group: GroupFacts, { originalId }: Launched): boolean => {
  const original = memberOf(group, originalId);
  return original === undefined || isLeavingGroup(original);
};

interface Healthy {
  readonly open: readonly Launched[];
  readonly ledger: Ledger;
}

/** As many as are lacking, no more. Without a balancer nobody would send them anything. */
export const standingIn = (
  { evaluation }: Pick<ClusterSession, "evaluation">,
  group: GroupFacts,
  { open, ledger }: Healthy,
): readonly Launched[] => {
  const { targetGroups, classic } = group.traffic;
  return isRecovery(evaluation) && targetGroups.length + classic.length > 0
    ? open.filter((swap) => hasLeft(group, swap)).slice(0, lackingMembers(ledger, group))
    : [];
};

export const tellStandIn = (
  { asgName }: GroupFacts,
  { originalId, replacement: { instanceId } }: Launched,
): string =>
  `Original ${originalId} has left group ${asgName}, which launches another: ${instanceId} serves until that does.`;

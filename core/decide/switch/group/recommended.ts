/** Which members of a group leave their pools because of rebalance recommendations, and how many may at all: few at a time, and none that came a moment ago. */
import { hoursBetween } from "../../../hours.ts";
import { isInService, isInterrupted, isOnSpot, type GroupFacts } from "../../../model/group.ts";
import type { InstanceId } from "../../../model/ids.ts";
import type { Policy } from "../../../policy/policy.ts";
import { judgeRecommendation } from "../recommendation.ts";

/** Of a group in an hour, and always one. */
const hourlyShare = 0.1;

/** Within the hour, for whatever reason. @param launchedAt ISO 8601 */
export const movedAMomentAgo = (launchedAt: string, at: string): boolean =>
  hoursBetween(launchedAt, at) < 1;

/** How many more of a group may move by themselves now. */
export const movesLeft = (size: number, moved: number): number =>
  Math.max(0, Math.max(1, Math.floor(size * hourlyShare)) - moved);

interface RecommendedInput {
  readonly group: Pick<GroupFacts, "members">;
  readonly policy: Pick<Policy, "onRebalanceRecommendation">;
  /** Of which EC2 has recommended it a moment ago. */
  readonly told: ReadonlySet<string>;
  /** Members that a switch has brought, or count as if. */
  readonly brought: readonly string[];
  /** ISO 8601 */
  readonly at: string;
}

/** In the order of the group. What we have brought within the hour, for whatever reason, counts as moved. */
export const heededMembers = ({
  group,
  policy,
  told,
  brought: ours,
  at,
}: RecommendedInput): readonly InstanceId[] => {
  const { members } = group;
  const isOurs = (id: string): boolean => ours.includes(id);
  const onSpot = members.flatMap((member) =>
    isOnSpot(member) && isInService(member) && !isInterrupted(member) && member.instance
      ? [{ instanceId: member.instanceId, launchedAt: member.instance.launchedAt }]
      : [],
  );
  const moved = onSpot.filter(
    ({ instanceId, launchedAt }) => isOurs(instanceId) && movedAMomentAgo(launchedAt, at),
  );
  return onSpot
    .filter(({ instanceId, launchedAt }) => {
      const brought = isOurs(instanceId) ? { broughtAt: launchedAt } : {};
      return (
        told.has(instanceId) &&
        judgeRecommendation({ policy, launchedAt, at, ...brought }) === "HEEDED"
      );
    })
    .slice(0, movesLeft(members.length, moved.length))
    .map(({ instanceId }) => instanceId);
};

/** States how a group's members stand in the pools: by this a batch is spread, and a pool is asked to hold more than it holds of them. */
import type { FleetFacts } from "../../model/fleet.ts";
import { isInterrupted, isLeavingGroup, isOnSpot, type GroupFacts } from "../../model/group.ts";
import type { Pool } from "../../model/market.ts";
import type { Swap } from "../../model/swap.ts";
import type { Policy } from "../../policy/policy.ts";

interface InPool extends Pick<Pool, "zoneId" | "instanceType"> {
  readonly instanceId: string;
  /** ISO 8601; absent: it boots. */
  readonly launchedAt?: string;
}

type Made = Pick<Swap, "originalId" | "replacement" | "stage" | "givenUp">;

/** Members that leave or are taken back hold a pool no longer. */
const membersOnSpot = ({ members }: Pick<GroupFacts, "members">): readonly InPool[] =>
  members
    .filter((member) => isOnSpot(member) && !isLeavingGroup(member) && !isInterrupted(member))
    .map(({ instanceId, zoneId, instanceType, instance }) => ({
      instanceId,
      zoneId,
      instanceType,
      ...(instance === undefined ? {} : { launchedAt: instance.launchedAt }),
    }));

const stands = ({ stage, givenUp }: Made): boolean => stage !== "UNDONE" && givenUp === undefined;

/** What this evaluation has launched and not given up, bought On-Demand or not known to the group yet. */
const launchedBy = (swaps: readonly Made[]): readonly InPool[] =>
  swaps.filter(stands).flatMap(({ replacement, purchase }: Made & Pick<Swap, "purchase">) =>
    replacement === undefined || purchase !== undefined
      ? []
      : [
          {
            instanceId: replacement.instanceId,
            zoneId: replacement.pool.zoneId,
            instanceType: replacement.pool.instanceType,
          },
        ],
  );

/**
 * @param group as it was read last: what the swaps have changed since is added
 * @param now ISO 8601: of what boots, since when it has its pool
 */
export const fleetOfGroup = (
  group: Pick<GroupFacts, "members">,
  {
    policy: { batchSize },
    swaps = [],
    now = "",
  }: {
    readonly policy: Pick<Policy, "batchSize">;
    readonly swaps?: readonly Made[];
    readonly now?: string;
  },
): FleetFacts => {
  const left = new Set<string>(
    swaps.filter(({ stage }) => stage === "DONE").map(({ originalId }) => originalId),
  );
  const members = membersOnSpot(group).filter(({ instanceId }) => !left.has(instanceId));
  const known = new Set(members.map(({ instanceId }) => instanceId));
  const all = [...members, ...launchedBy(swaps).filter(({ instanceId }) => !known.has(instanceId))];
  const pools = Map.groupBy(all, ({ zoneId, instanceType }) => `${zoneId}#${instanceType}`);
  return {
    instances: Math.max(1, group.members.filter((member) => !isLeavingGroup(member)).length),
    pools: [...pools.values()].flatMap((some) => {
      const [first] = some;
      if (first === undefined) return [];
      const { zoneId, instanceType } = first;
      const launchedAt = some.map(({ launchedAt: at = now }) => at).sort();
      return [{ zoneId, instanceType, launchedAt }];
    }),
    ...(batchSize > 1 ? { joining: batchSize } : {}),
  };
};

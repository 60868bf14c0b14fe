/** All that one complete reading of a place shows: a place is one region of one account. What only a call for a single thing tells is not in it. */
import type { Failure } from "./evaluation.ts";
import type { GroupFacts } from "./group.ts";
import type { AccountId, InstanceId } from "./ids.ts";
import type { InstanceFacts } from "./instance.ts";
import type { SubnetFacts } from "./market.ts";
import type { ReservedInstances } from "./reserved.ts";

/** Members of an instance's facts that no list of a place holds; `closely` reads them for one that would switch. */
export type UnreadOfInstance =
  | "disableApiTermination"
  | "disableApiStop"
  | "directoryDomain"
  | "targetGroups"
  | "classicLoadBalancers";

/** An instance as the lists show it. Of its placement group the name alone is known; `unenrolled` has its own parts alone. */
export type BulkInstance = Omit<InstanceFacts, UnreadOfInstance>;

/** Members of a group's facts that only calls for that group tell. */
export type UnreadOfGroup =
  | "hooks"
  | "refreshes"
  | "activities"
  | "alarmsInBreach"
  | "stack"
  | "traffic"
  | "placementGroup"
  | "stopProtected";

/**
 * A group as the lists show it, members and what EC2 shows of them included. `unenrolled` tells of the group itself alone; what our own
 * store knows of it is not in it.
 */
export type BulkGroup = Omit<GroupFacts, UnreadOfGroup | "linearTargets" | "placed"> & {
  /** Names and ARNs of what sends it traffic, of whatever kind. */
  readonly trafficSources: readonly string[];
  readonly placementGroupName?: string;
};

/** A subnet of any VPC of the place. */
export interface PlaceSubnet extends SubnetFacts {
  readonly vpcId: string;
}

/** A list that was read to its end, or of which nothing is known: nothing is judged on half of one. */
export type Listed<Item> =
  | { readonly kind: "READ"; readonly items: readonly Item[] }
  | { readonly kind: "NOT_ASKED" }
  | { readonly kind: "FAILED"; readonly failure: Failure };

/** Something whose description lacks what AWS always sends: nothing is judged of it, and the rest of the list stands. */
export interface Unreadable {
  /** Instance id, or name of the group. */
  readonly id: string;
  readonly failure: Failure;
}

export interface PlaceReading {
  readonly accountId: AccountId;
  readonly region: string;
  /** When it began, ISO 8601: the time of all facts in it. */
  readonly readAt: string;
  /** Every instance that EC2 shows, ended ones included. */
  readonly instances: readonly BulkInstance[];
  /** Available ones, of all VPCs. */
  readonly subnets: readonly PlaceSubnet[];
  readonly reserved: readonly ReservedInstances[];
  readonly groups: Listed<BulkGroup>;
  readonly unreadable: readonly Unreadable[];
}

/** Of each reading: a place has thousands of targets, and each of them is looked for. */
const readings = new WeakMap<PlaceReading["instances"], ReadonlyMap<InstanceId, BulkInstance>>();

const byId = (instances: PlaceReading["instances"]): ReadonlyMap<InstanceId, BulkInstance> => {
  const known =
    readings.get(instances) ?? new Map(instances.map((each) => [each.instanceId, each]));
  readings.set(instances, known);
  return known;
};

/** Undefined: a complete reading does not show it. */
export const instanceIn = (
  { instances }: Pick<PlaceReading, "instances">,
  instanceId: InstanceId,
): BulkInstance | undefined => byId(instances).get(instanceId);

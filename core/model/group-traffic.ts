/** Where a group's members get their traffic from, and whether each of them gets it. */
import type { TargetGroupFacts, TargetGroupStanding } from "./target-group.ts";

/** A member in one target group. */
export interface MemberStanding {
  readonly instanceId: string;
  readonly port: number;
  readonly standing: TargetGroupStanding;
  /** The load balancer says that it fails its checks. */
  readonly isFailing: boolean;
  /**
   * State of an administrative override other than `no_override`: `zonal_shift_active` stands beside `healthy`, and the target gets
   * nothing. Source: Elastic Load Balancing API reference, AdministrativeOverride.
   */
  readonly override?: string;
}

export interface GroupTargets extends Required<TargetGroupFacts> {
  readonly slowStartSeconds: number;
  readonly deregistrationDelaySeconds: number;
  /** All targets of the group, members or not. */
  readonly targets: readonly MemberStanding[];
}

interface ClassicLoadBalancer {
  readonly name: string;
  /** `InService`, `OutOfService`, `Unknown` by instance id. */
  readonly states: Readonly<Record<string, string>>;
}

export interface GroupTraffic {
  readonly targetGroups: readonly GroupTargets[];
  readonly classic: readonly ClassicLoadBalancer[];
  /** ARNs of target groups that the group names and Elastic Load Balancing does not know. */
  readonly missing: readonly string[];
  /** Traffic sources whose health can't be read here, as `vpc-lattice arn:…`. */
  readonly unreadable: readonly string[];
}

/** Healthy; or the group is used by no load balancer, so that there is nothing to wait for. */
const isReady = ({ standing }: MemberStanding, { loadBalancers }: GroupTargets): boolean =>
  standing === "ready" || (standing === "unrouted" && loadBalancers.length === 0);

const lackIn = (group: GroupTargets, instanceId: string): string | undefined => {
  const own = group.targets.filter((target) => target.instanceId === instanceId);
  if (own.length === 0) return `is not registered in ${group.arn}`;
  const lacking = own.find((target) => !isReady(target, group));
  if (lacking !== undefined) {
    return `is ${lacking.isFailing ? "unhealthy" : lacking.standing} in ${group.arn}`;
  }
  const shifted = own.find(({ override }) => override !== undefined);
  return shifted && `has ${String(shifted.override)} in ${group.arn}`;
};

const lackInClassic = (
  { name, states }: ClassicLoadBalancer,
  instanceId: string,
): string | undefined => {
  const state = states[instanceId] ?? "not registered";
  return state === "InService" ? undefined : `is ${state} in classic load balancer ${name}`;
};

/** Why a member gets no traffic from one of the sources; undefined: all of them send it some. */
export const lackOfTraffic = (traffic: GroupTraffic, instanceId: string): string | undefined =>
  [
    ...traffic.targetGroups.map((group) => lackIn(group, instanceId)),
    ...traffic.classic.map((balancer) => lackInClassic(balancer, instanceId)),
  ].find((lack) => lack !== undefined);

/** Each source sends it traffic, or would send none to anybody. */
export const getsTraffic = (traffic: GroupTraffic, instanceId: string): boolean =>
  lackOfTraffic(traffic, instanceId) === undefined;

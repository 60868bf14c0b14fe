/** Says which load balancers use a target group, and where an instance stands in it, in the words that decisions ask for. */

export interface LoadBalancerFacts {
  readonly arn: string;
  /** Enabled for it: it sends no traffic to targets in other zones. */
  readonly zoneIds: readonly string[];
}

/** A target group that holds an instance by its id. */
export interface TargetGroupFacts {
  readonly arn: string;
  readonly port: number;
  /** Those that forward to the group; empty: it gets no traffic. Absent in records made before they were read. */
  readonly loadBalancers?: readonly LoadBalancerFacts[];
}

/** A load balancer that uses a group, and does not serve a zone. */
export interface Unserved {
  readonly group: TargetGroupFacts;
  readonly loadBalancer: LoadBalancerFacts;
}

/** The first load balancer that sends no traffic to targets of the zone. */
export const unservedIn = (
  groups: readonly TargetGroupFacts[],
  zoneId: string,
): Unserved | undefined =>
  groups
    .flatMap((group) =>
      (group.loadBalancers ?? []).map((loadBalancer) => ({ group, loadBalancer })),
    )
    .find(({ loadBalancer }) => !loadBalancer.zoneIds.includes(zoneId));

export type TargetGroupStanding =
  /** Not registered. */
  | "absent"
  /** Deregistered; requests that had begun may still end. */
  | "leaving"
  /** Registered, and not known to be healthy: new, failing its checks, unchecked, or in a state that we do not know. */
  | "joining"
  /** Registered and healthy. */
  | "ready"
  /** Registered, and the load balancer sends nothing there: there is no health to wait for. */
  | "unrouted";

/** A member, whatever its health. */
export const isMember = (standing: TargetGroupStanding): boolean =>
  standing !== "absent" && standing !== "leaving";

/**
 * The members that stand for the group: the healthy ones. Those to which nothing is sent only where no other member of
 * these gets traffic either: while one does, it is what serves.
 */
export const thoseThatServe = (
  members: ReadonlyMap<string, TargetGroupStanding>,
): readonly string[] => {
  const having = (wanted: TargetGroupStanding): readonly string[] =>
    [...members].filter(([, standing]) => standing === wanted).map(([instanceId]) => instanceId);
  const ready = having("ready");
  return ready.length > 0 ? ready : having("unrouted");
};

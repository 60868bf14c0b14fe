/** Says where an instance stands in a target group of a load balancer, in the words that decisions ask for. */

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

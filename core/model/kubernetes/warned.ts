/** A member of an Auto Scaling group that EC2 takes back, with what of its group bears on letting it go before its end. */
export interface WarnedMember {
  readonly lifecycleState: string;
  readonly desiredCapacity: number;
  /** Nothing is launched in its place. */
  readonly isLaunchSuspended: boolean;
  /** Capacity Rebalancing: it launches ahead by itself. */
  readonly replacesAhead: boolean;
  /** It does not run for what is detached. */
  readonly hasTerminatingHook: boolean;
  /** A detached member leaves its targets at once. */
  readonly hasTraffic: boolean;
}

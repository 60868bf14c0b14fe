/** How long things take in the simulated Auto Scaling. AWS documents few of these times: the others are †. */

export interface AutoScalingSettings {
  /** From a change of desired, or of the members, until the group acts on it. Ten seconds and more in activities that people publish. */
  readonly reconcileMs: number;
  /** Registration with load balancers, Pending to InService: about three seconds in a published notification of an attachment. */
  readonly joinMs: number;
  /** From an event of EC2 or a load balancer until the health check has seen it. † */
  readonly healthCheckMs: number;
  /** Until it tries again to launch what it could not; doubled with each try, up to 15 minutes. † */
  readonly launchRetryMs: number;
  /** Without launching anything for so long, its processes are suspended. (User guide, "Administrative suspension": over 24 hours.) */
  readonly administrativeMs: number;
  /** Entries of one answer at most. */
  readonly pageSize: number;
  /**
   * What DescribeAutoScalingGroups shows as an attached instance's launch template: its own, as the user guide's example has it, or
   * none, as people report of instances that were launched from none of the group's. †
   */
  readonly attachedTemplate: "own" | "absent";
}

export const defaultSettings: AutoScalingSettings = {
  reconcileMs: 10_000,
  joinMs: 3_000,
  healthCheckMs: 10_000,
  launchRetryMs: 60_000,
  administrativeMs: 24 * 3_600_000,
  pageSize: 100,
  attachedTemplate: "own",
};

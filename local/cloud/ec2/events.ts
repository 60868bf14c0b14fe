/** What EC2 tells EventBridge, in EventBridge's shape. `detail` holds no more than spec/aws.md §4 names. */

export interface Ec2Event {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type":
    | "EC2 Spot Instance Interruption Warning"
    | "EC2 Instance Rebalance Recommendation"
    | "EC2 Instance State-change Notification";
  readonly source: "aws.ec2";
  readonly account: string;
  /** ISO 8601, whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, string>>;
}

export type Ec2Listener = (event: Ec2Event) => void;

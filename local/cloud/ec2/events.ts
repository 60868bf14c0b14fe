/**
 * Shapes what EC2 tells EventBridge as EventBridge does. `detail` holds no more than AWS documents: neither type nor
 * zone. Source: EC2 user guide, "Spot Instance interruption notices", "EC2 instance rebalance recommendations".
 */
import type { AwsEvent } from "../aws-event.ts";

export interface Ec2Event extends AwsEvent {
  readonly "detail-type":
    | "EC2 Spot Instance Interruption Warning"
    | "EC2 Instance Rebalance Recommendation"
    | "EC2 Instance State-change Notification";
  readonly source: "aws.ec2";
  readonly detail: Readonly<Record<string, string>>;
}

export type Ec2Listener = (event: Ec2Event) => void;

/** What the simulated Auto Scaling tells: EventBridge's events, and each change for whoever watches capacity. */
import type { AwsEvent } from "../aws-event.ts";
import type { Call } from "../contract.ts";
import type { Group } from "./state.ts";

/** Auto Scaling user guide, "Amazon EC2 Auto Scaling event reference". Best effort, says it. */
export interface AutoScalingEvent extends AwsEvent {
  readonly "detail-type":
    | "EC2 Instance Launch Successful"
    | "EC2 Instance Launch Unsuccessful"
    | "EC2 Instance Terminate Successful"
    | "EC2 Instance Terminate Unsuccessful"
    | "EC2 Instance-launch Lifecycle Action"
    | "EC2 Instance-terminate Lifecycle Action";
  readonly source: "aws.autoscaling";
}

/** Of a group: who is in it, how its members are, or how many are wanted. */
export type Change =
  | { readonly kind: "MEMBERS" }
  | {
      readonly kind: "DESIRED";
      readonly from: number;
      readonly to: number;
      /** The call that changed it; absent: a policy, a scheduled action, Auto Scaling itself. */
      readonly call?: Call | undefined;
    };

export type AutoScalingListener = (event: AutoScalingEvent) => void;
export type ChangeListener = (group: Group, change: Change) => void;

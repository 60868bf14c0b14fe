/** Which events of AWS a customer's account forwards to our bus: the rules of its template, and those of our stack, come from this list. */

export interface ForwardedEvent {
  /** End of the parameter's name in the template: `Forward…`. */
  readonly name: string;
  readonly source: "aws.ec2" | "aws.autoscaling" | "aws.fis";
  readonly detailType: string;
  /** Only events with one of these states. Absent: all. */
  readonly states?: readonly string[];
  /** Which of our queues takes it: warnings must not wait behind recommendations. */
  readonly urgency: "urgent" | "other";
  /** Unless the customer says otherwise. */
  readonly isOn: boolean;
  /** What the customer gets for it, in the template's words. */
  readonly purpose: string;
}

export const forwardedEvents = [
  {
    name: "InterruptionWarnings",
    source: "aws.ec2",
    detailType: "EC2 Spot Instance Interruption Warning",
    urgency: "urgent",
    isOn: true,
    purpose: "Tell of each Spot Instance that EC2 is about to take, two minutes ahead.",
  },
  {
    name: "TerminateHooks",
    source: "aws.autoscaling",
    detailType: "EC2 Instance-terminate Lifecycle Action",
    urgency: "urgent",
    isOn: true,
    purpose: "Tell of members of Auto Scaling groups that wait in a terminating lifecycle hook.",
  },
  {
    name: "Experiments",
    source: "aws.fis",
    detailType: "FIS Experiment State Change",
    urgency: "urgent",
    isOn: true,
    purpose: "Tell of experiments of AWS FIS: what is lost under one is not held against its pool.",
  },
  {
    name: "RebalanceRecommendations",
    source: "aws.ec2",
    detailType: "EC2 Instance Rebalance Recommendation",
    urgency: "other",
    isOn: true,
    purpose: "Tell of Spot Instances that are more likely than others to be interrupted.",
  },
  {
    name: "StateChanges",
    source: "aws.ec2",
    detailType: "EC2 Instance State-change Notification",
    states: ["shutting-down", "terminated"],
    urgency: "other",
    isOn: false,
    purpose:
      "Tell of every instance that ends, Spot or not. Sweeps find these within a quarter of an hour; a million events to another account cost about one US dollar.",
  },
] as const satisfies readonly ForwardedEvent[];

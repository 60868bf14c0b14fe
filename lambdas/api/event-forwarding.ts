/**
 * What of a customer's template forwards events to our bus: a rule for each kind, which a parameter turns on or off, the role under which
 * EventBridge puts them there, and a queue for what our bus does not take, with an alarm. In each region that has Spot Instances. Sources: EventBridge
 * user guide, "Sending and receiving events between AWS accounts", "Using dead-letter queues to process undelivered events".
 */
import { forwardedEvents, type ForwardedEvent } from "../access/forwarded-events.ts";

const parameterOf = ({ name }: ForwardedEvent): string => `Forward${name}`;
const conditionOf = ({ name }: ForwardedEvent): string => `Forwards${name}`;

const roleId = "EventForwarder";
const queueId = "UndeliveredEvents";

const alarmId = "UndeliveredEventsAlarm";
const topicParameter = "AlarmTopicArn";
const lacksTopic = "LacksAlarmTopic";

/** SQS keeps a message for two weeks at most. */
const keptSeconds = 14 * 86_400;

/** Which account it is applied in CloudFormation knows: nobody else's EventBridge may use what is made here. */
const ofThisAccount = { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } } as const;
const byEventBridge = { Service: "events.amazonaws.com" } as const;

const forwarder = (eventBusArn: string) => ({
  Type: "AWS::IAM::Role",
  Properties: {
    Description: "Under which EventBridge forwards events to Spot Optimizer",
    AssumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: byEventBridge,
          Action: "sts:AssumeRole",
          Condition: ofThisAccount,
        },
      ],
    },
    Policies: [
      {
        PolicyName: "forward",
        PolicyDocument: {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "events:PutEvents", Resource: eventBusArn }],
        },
      },
    ],
  },
});

const queue = {
  Type: "AWS::SQS::Queue",
  Properties: { MessageRetentionPeriod: keptSeconds, SqsManagedSseEnabled: true },
} as const;

const queueArn = { "Fn::GetAtt": [queueId, "Arn"] } as const;

const queuePolicy = {
  Type: "AWS::SQS::QueuePolicy",
  Properties: {
    Queues: [{ Ref: queueId }],
    PolicyDocument: {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: byEventBridge,
          Action: "sqs:SendMessage",
          Resource: queueArn,
          Condition: ofThisAccount,
        },
      ],
    },
  },
} as const;

/** Somebody in the customer's account is told: nobody else can see that queue. */
const queueAlarm = {
  Type: "AWS::CloudWatch::Alarm",
  Properties: {
    AlarmDescription:
      "Spot Optimizer is not told of interruptions: its event bus did not take what this account forwards. Each message of the queue has the reason as ERROR_CODE.",
    Namespace: "AWS/SQS",
    MetricName: "ApproximateNumberOfMessagesVisible",
    Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": [queueId, "QueueName"] } }],
    Statistic: "Maximum",
    Period: 300,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: "GreaterThanOrEqualToThreshold",
    TreatMissingData: "notBreaching",
    AlarmActions: {
      "Fn::If": [lacksTopic, { Ref: "AWS::NoValue" }, [{ Ref: topicParameter }]],
    },
  },
} as const;

const topic = {
  Type: "String",
  Description:
    "ARN of an SNS topic of this region that is told when events could not be forwarded; empty: the alarm is seen in CloudWatch alone.",
  Default: "",
} as const;

const rule = (event: ForwardedEvent, eventBusArn: string) => ({
  Type: "AWS::Events::Rule",
  Condition: conditionOf(event),
  Properties: {
    Description: `Spot Optimizer: ${event.purpose}`,
    EventPattern: {
      source: [event.source],
      "detail-type": [event.detailType],
      ...(event.states === undefined ? {} : { detail: { state: [...event.states] } }),
    },
    Targets: [
      {
        Id: "SpotOptimizer",
        Arn: eventBusArn,
        RoleArn: { "Fn::GetAtt": [roleId, "Arn"] },
        DeadLetterConfig: { Arn: queueArn },
      },
    ],
  },
});

interface Parameter {
  readonly Type: "String";
  readonly Description: string;
  readonly AllowedValues?: readonly string[];
  readonly Default: string;
}

interface Condition {
  readonly "Fn::Equals": readonly [{ readonly Ref: string }, string];
}

const parameter = ({ purpose, isOn }: ForwardedEvent): Parameter => ({
  Type: "String",
  Description: purpose,
  AllowedValues: ["true", "false"],
  Default: String(isOn),
});

const condition = (event: ForwardedEvent): Condition => ({
  "Fn::Equals": [{ Ref: parameterOf(event) }, "true"],
});

const events: readonly ForwardedEvent[] = forwardedEvents;

/** Parts of a template, by the sections in which they stand. */
export const eventForwarding = (eventBusArn: string) => ({
  Parameters: Object.fromEntries<Parameter>([
    ...events.map((event) => [parameterOf(event), parameter(event)] as const),
    [topicParameter, topic],
  ]),
  Conditions: Object.fromEntries<Condition>([
    ...events.map((event) => [conditionOf(event), condition(event)] as const),
    [lacksTopic, { "Fn::Equals": [{ Ref: topicParameter }, ""] }],
  ]),
  Resources: {
    [roleId]: forwarder(eventBusArn),
    [queueId]: queue,
    [`${queueId}Policy`]: queuePolicy,
    [alarmId]: queueAlarm,
    ...Object.fromEntries(
      events.map((event) => [`Forward${event.name}Rule`, rule(event, eventBusArn)]),
    ),
  },
});

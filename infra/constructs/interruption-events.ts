/**
 * What AWS tells of Spot in customers' accounts, until a function has it: our bus, rules, queues, dead letters and the alarms on them. Why
 * queues and not the function itself: docs/decisions/0030-events-through-queues.md.
 */
import { CfnOutput, Duration, Stack } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { EventBus, Rule } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { alarm } from "./alarms.ts";
import { forwardedEvents } from "../../lambdas/access/forwarded-events.ts";

export interface InterruptionEventsProps {
  readonly stage: string;
}

/**
 * A message that failed comes again after so long: half the notice would be gone with the minute that Lambda waits. As long as the
 * function may take at most; what it has not done by then it is asked again, and does no harm.
 */
const visibilitySeconds = 10;

/** Some ten minutes of a table that does not answer. */
const receipts = 60;

/** An event that could not be put into its queue for so long is a dead letter. */
const maximumAgeMinutes = 60;

/** Half a notice. */
const oldestSeconds = 60;

/** Of a warning's 120 s: what our bus takes of them is gone for everything else. Source: EventBridge user guide, "Best practices for monitoring event delivery". */
const slowestDeliveryMs = 10_000;

/** Apart, so that no warning waits behind recommendations. */
const queues = ["urgent", "other"] as const;

export class InterruptionEvents extends Construct {
  readonly bus: EventBus;
  readonly #queues: readonly Queue[];

  constructor(scope: Construct, id: string, { stage }: InterruptionEventsProps) {
    super(scope, id);
    this.bus = new EventBus(this, "Bus", { eventBusName: `spot-optimizer-${stage}` });
    new CfnOutput(Stack.of(this), "EventBusArn", {
      value: this.bus.eventBusArn,
      description: "Bus to which customers' accounts forward what AWS tells of Spot",
    });
    const deadLetters = new Queue(this, "DeadLetters", {
      queueName: `spot-optimizer-${stage}-events-dead`,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.#queues = queues.map((urgency) => this.#queue(stage, urgency, deadLetters));
    alarm(this, "DeadLettersAlarm", {
      description:
        "Events of customers' accounts were not dealt with: docs/runbook.md, Dead letters",
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      atLeast: 1,
    });
  }

  /** From now on the function is given what comes. */
  deliverTo(receiver: IFunction): void {
    for (const queue of this.#queues) {
      receiver.addEventSource(
        new SqsEventSource(queue, { batchSize: 10, reportBatchItemFailures: true }),
      );
    }
  }

  /** From the moment at which our bus has an event until its queue has it. */
  #watchDelivery({ ruleName }: Rule): void {
    alarm(this, "SlowDeliveryAlarm", {
      description: "Our event bus takes long with urgent events: docs/runbook.md, Events that wait",
      metric: new Metric({
        namespace: "AWS/Events",
        metricName: "IngestionToInvocationSuccessLatency",
        dimensionsMap: { EventBusName: this.bus.eventBusName, RuleName: ruleName },
        statistic: "Maximum",
        period: Duration.minutes(1),
      }),
      atLeast: slowestDeliveryMs,
    });
  }

  #queue(stage: string, urgency: (typeof queues)[number], deadLetters: Queue): Queue {
    const name = urgency === "urgent" ? "Urgent" : "Other";
    const queue = new Queue(this, `${name}Queue`, {
      queueName: `spot-optimizer-${stage}-events-${urgency}`,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(visibilitySeconds),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: receipts },
    });
    const events = forwardedEvents.filter((event) => event.urgency === urgency);
    const rule = new Rule(this, `${name}Rule`, {
      eventBus: this.bus,
      description: `Puts what customers' accounts forward and is ${urgency} into its queue`,
      eventPattern: {
        source: [...new Set(events.map(({ source }) => source))],
        detailType: events.map(({ detailType }) => detailType),
      },
      targets: [
        new SqsQueue(queue, {
          deadLetterQueue: deadLetters,
          maxEventAge: Duration.minutes(maximumAgeMinutes),
        }),
      ],
    });
    if (urgency === "urgent") this.#watchDelivery(rule);
    alarm(this, `${name}QueueAlarm`, {
      description: `Events wait in the ${urgency} queue: docs/runbook.md, Events that wait`,
      metric: queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1) }),
      atLeast: oldestSeconds,
    });
    return queue;
  }
}

/**
 * Functions that are handed events and are waited for by nobody: an event that one of them did not deal with (it failed, ran out of time,
 * or was never begun) is kept, and the operator is told.
 */
import { Duration } from "aws-cdk-lib";
import type { Function } from "aws-cdk-lib/aws-lambda";
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Validations } from "aws-cdk-lib";
import { Construct } from "constructs";
import { alarm } from "./alarms.ts";

export interface HandedOnProps {
  readonly stage: string;
}

export interface EventsOf {
  readonly retries: number;
  /** No longer is an event kept that could not be begun with. */
  readonly maxAgeMinutes: number;
}

/** For which Lambda keeps an event at most (API reference, PutFunctionEventInvokeConfig). */
const longestAgeMinutes = 6 * 60;

export class HandedOn extends Construct {
  readonly #notDealtWith: Queue;

  constructor(scope: Construct, id: string, { stage }: HandedOnProps) {
    super(scope, id);
    this.#notDealtWith = new Queue(this, "NotDealtWith", {
      queueName: `spot-optimizer-${stage}-not-dealt-with`,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(this.#notDealtWith).acknowledge({
      id: "AwsSolutions::AwsSolutions-SQS3",
      reason:
        "It is where functions put what they did not deal with: nothing reads it but a person.",
    });
    alarm(this, "Alarm", {
      description:
        "A place was not swept, a region of a preflight not judged, or what was left on nodes not taken off: docs/runbook.md, Events that were not dealt with",
      metric: this.#notDealtWith.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(5),
        statistic: "Maximum",
      }),
      atLeast: 1,
    });
  }

  /** Of each event that the function is handed. */
  keepEventsOf(receiver: Function, { retries, maxAgeMinutes }: EventsOf): void {
    receiver.configureAsyncInvoke({
      retryAttempts: retries,
      maxEventAge: Duration.minutes(Math.min(maxAgeMinutes, longestAgeMinutes)),
      onFailure: new SqsDestination(this.#notDealtWith),
    });
  }
}

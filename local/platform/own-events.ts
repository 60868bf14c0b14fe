/** What our stack deploys for events (infra/constructs/interruption-events.ts): bus, rules, queues, dead letters, and the function behind. */
import { forwardedEvents } from "../../lambdas/access/forwarded-events.ts";
import type { Clock } from "../cloud/clock.ts";
import type { EventBridge } from "../cloud/eventbridge/service.ts";
import { mapQueue } from "../cloud/sqs/event-source.ts";
import type { Queues } from "../cloud/sqs/queues.ts";

export const eventBusName = "spot-optimizer-local";

interface Deployment {
  readonly clock: Clock;
  readonly place: { readonly accountId: string; readonly region: string };
  readonly eventBridge: EventBridge;
  readonly queues: Queues;
  readonly receive: (event: unknown) => Promise<unknown>;
  /** Told of each batch that failed as a whole. */
  readonly failed: (error: unknown) => void;
}

export interface OwnEvents {
  readonly eventBusArn: string;
  readonly deadLettersArn: string;
}

const visibilitySeconds = 10;
const maxReceiveCount = 60;
const maximumAgeSeconds = 3600;

export const deployOwnEvents = (deployment: Deployment): OwnEvents => {
  const { clock, place, eventBridge, queues, receive, failed } = deployment;
  const { accountId, region } = place;
  const arnOf = (name: string): string =>
    `arn:aws:sqs:${region}:${accountId}:${eventBusName}-events-${name}`;
  const letsIn = [`arn:aws:events:${region}:${accountId}:rule/${eventBusName}/*`];
  const deadLettersArn = arnOf("dead");
  queues.add({ arn: deadLettersArn, letsIn });
  const eventBusArn = eventBridge.control.addBus(place, eventBusName);
  for (const urgency of ["urgent", "other"] as const) {
    const arn = arnOf(urgency);
    const redrive = { deadLetterArn: deadLettersArn, maxReceiveCount };
    queues.add({ arn, letsIn, visibilitySeconds, redrive });
    const events = forwardedEvents.filter((event) => event.urgency === urgency);
    eventBridge.control.putRule({
      ...place,
      busName: eventBusName,
      name: urgency,
      pattern: {
        source: [...new Set(events.map(({ source }) => source))],
        "detail-type": events.map(({ detailType }) => detailType),
      },
      targets: [{ arn, deadLetterArn: deadLettersArn, maximumAgeSeconds }],
    });
    mapQueue(clock, queues, {
      queueArn: arn,
      batchSize: 10,
      reportsItemFailures: true,
      invoke: receive,
      failed,
    });
  }
  return { eventBusArn, deadLettersArn };
};

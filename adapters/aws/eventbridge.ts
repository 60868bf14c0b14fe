/** Our buses: the policy of that to which customers' accounts forward, and events of our own. */
import {
  DescribeEventBusCommand,
  PutEventsCommand,
  PutPermissionCommand,
  type EventBridgeClient,
} from "@aws-sdk/client-eventbridge";
import { SpotOptimizerError } from "../../core/errors.ts";
import { required } from "./required.ts";
import { callAws } from "./translate-error.ts";

export interface EventBus {
  readonly arn: string;
  /** JSON. Absent: it has none, and nobody but its own account may put events on it. */
  readonly policy?: string;
}

/** @throws BrokenNotFound where it is not there */
export const readEventBus = async (
  eventBridge: EventBridgeClient,
  name: string,
): Promise<EventBus> => {
  const { Arn, Policy } = await callAws(
    { action: "DescribeEventBus", resource: name, role: "own" },
    () => eventBridge.send(new DescribeEventBusCommand({ Name: name })),
  );
  return {
    arn: required(Arn, `the ARN of event bus ${name}`),
    ...(Policy !== undefined && Policy !== "" && { policy: Policy }),
  };
};

/** In place of the policy that it has. */
export const putBusPolicy = async (
  eventBridge: EventBridgeClient,
  { name, policy }: { readonly name: string; readonly policy: string },
): Promise<void> => {
  await callAws({ action: "PutPermission", resource: name, role: "own" }, () =>
    eventBridge.send(new PutPermissionCommand({ EventBusName: name, Policy: policy })),
  );
};

export interface OwnEvent {
  readonly busName: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
}

/** @returns EventBridge's id of it. @throws RetryableUnavailable where it did not take the event, besides what the call throws */
export const putEvent = async (
  eventBridge: EventBridgeClient,
  { busName, source, detailType, detail }: OwnEvent,
): Promise<string> => {
  const answer = await callAws({ action: "PutEvents", resource: busName, role: "own" }, () =>
    eventBridge.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: busName,
            Source: source,
            DetailType: detailType,
            Detail: JSON.stringify(detail),
          },
        ],
      }),
    ),
  );
  const { EventId: eventId, ErrorCode: code } = required(
    answer.Entries?.[0],
    `the event on ${busName}`,
  );
  if (eventId !== undefined) return eventId;
  throw new SpotOptimizerError(
    "RetryableUnavailable",
    `Event bus ${busName} did not take an event (${code ?? "no code given"}).`,
    { resource: busName, ...(code !== undefined && { code }) },
  );
};

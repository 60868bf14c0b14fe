/** What of EventBridge's API our functions call, and PutEvents. Source: EventBridge API reference. */
import type {
  DescribeEventBusRequest,
  DescribeEventBusResponse,
  PutEventsRequest,
  PutEventsRequestEntry,
  PutEventsResponse,
  PutEventsResultEntry,
  PutPermissionRequest,
} from "@aws-sdk/client-eventbridge";
import { eventTime, type AwsEvent } from "../aws-event.ts";
import type { Call, Handler } from "../contract.ts";
import { type Random, uuidOf } from "../random.ts";
import { busPolicy, letsIn } from "./bus-policy.ts";
import type { Buses } from "./buses.ts";
import type { Bus, Place } from "./state.ts";

interface Parts {
  readonly buses: Buses;
  readonly random: Random;
  readonly accept: (bus: Bus, event: AwsEvent) => void;
}

const placeOf = ({ caller, region }: Call): Place => ({ accountId: caller.accountId, region });

const busOf = (buses: Buses, call: Call, asked: string | undefined): Bus | undefined =>
  asked?.startsWith("arn:") === true ? buses.at(asked) : buses.named(placeOf(call), asked);

const eventOf = (random: Random, call: Call, entry: PutEventsRequestEntry): AwsEvent => ({
  version: "0",
  id: uuidOf(random),
  "detail-type": entry.DetailType ?? "",
  source: entry.Source ?? "",
  account: call.caller.accountId,
  time: eventTime(entry.Time?.getTime() ?? call.at),
  region: call.region,
  resources: entry.Resources ?? [],
  detail: JSON.parse(entry.Detail ?? "{}") as AwsEvent["detail"],
});

/** What one entry becomes: an event, or an error of the answer. */
const put = (
  { buses, random, accept }: Parts,
  call: Call,
  entry: PutEventsRequestEntry,
): PutEventsResultEntry => {
  const { Source: source = "" } = entry;
  // † PutEventsResultEntry has the code; that it is meant for sources that begin with "aws." no sentence says.
  if (source.startsWith("aws.")) {
    const ErrorMessage = `Not authorized for the source ${source}.`;
    return { ErrorCode: "NotAuthorizedForSourceException", ErrorMessage };
  }
  const bus = busOf(buses, call, entry.EventBusName);
  if (bus === undefined || !letsIn(bus, { accountId: call.caller.accountId, source })) {
    const ErrorMessage = "Not authorized to put events on the bus.";
    return { ErrorCode: "AccessDeniedException", ErrorMessage };
  }
  const event = eventOf(random, call, entry);
  accept(bus, event);
  return { EventId: event.id };
};

export const eventBridgeOperations = (parts: Parts) => {
  const { buses } = parts;
  const PutPermission: Handler<PutPermissionRequest, Record<string, never>> = (call, input) => {
    const { Policy: policy, EventBusName: name } = input;
    if (policy === undefined) {
      throw new Error("The simulated EventBridge takes a whole policy, and no single statement.");
    }
    buses.named(placeOf(call), name).policy = busPolicy(policy);
    return {};
  };

  const DescribeEventBus: Handler<DescribeEventBusRequest, DescribeEventBusResponse> = (
    call,
    { Name: asked },
  ) => {
    const { name, arn, policy } = buses.named(placeOf(call), asked);
    return { Name: name, Arn: arn, ...(policy !== undefined && { Policy: policy.json }) };
  };

  const PutEvents: Handler<PutEventsRequest, PutEventsResponse> = (call, { Entries = [] }) => {
    const results = Entries.map((entry) => put(parts, call, entry));
    const failed = results.filter(({ ErrorCode }) => ErrorCode !== undefined);
    return { FailedEntryCount: failed.length, Entries: results };
  };
  return { PutPermission, DescribeEventBus, PutEvents };
};

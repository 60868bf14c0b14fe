/**
 * Says of a region whether an event has come the whole way to us: through the customer's rule, our bus and our queues. AWS alone puts events of
 * `aws.…` on a bus (EventBridge API reference, PutEvents), so that we can send none the same way: what has come is the proof.
 */
import { readLastTold } from "../../adapters/store/spot-events.ts";
import type { Table } from "../../adapters/store/table.ts";
import type { Place } from "../../core/model/place.ts";
import type { SpotEvent } from "../../core/model/spot-event.ts";
import type { FeatureGrant } from "./feature-grants.ts";
import type { VerificationJson } from "./schemas/verification.ts";

type EventsJson = VerificationJson["events"][number];

const words: Readonly<Record<SpotEvent["kind"], string>> = {
  INTERRUPTION_WARNING: "An interruption warning",
  REBALANCE_RECOMMENDATION: "A rebalance recommendation",
  STATE_CHANGE: "A change of an instance's state",
  TERMINATE_HOOK: "A terminate lifecycle action",
  FIS_EXPERIMENT: "A change of an experiment's state",
};

/** Stored events are forgotten after a month. */
const unproved = (region: string): EventsJson => ({
  region,
  status: "NONE_YET",
  message:
    `No event of ${region} has come within a month: whether they reach us is not proved. Apply the template there (only=events in a further region), then ` +
    `have a Spot Instance of a test interrupted by the Fault Injection Service (aws:ec2:send-spot-instance-interruptions), and verify again. Until then the sweep finds losses.`,
});

export const verifyEvents = async (table: Table, place: Place): Promise<EventsJson> => {
  const { region } = place;
  const last = await readLastTold(table, place);
  if (last === undefined) return unproved(region);
  const { kind, at, receivedAt } = last;
  const seconds = Math.max(0, Math.round((Date.parse(receivedAt) - Date.parse(at)) / 1000));
  return {
    region,
    status: "ARRIVED",
    at: receivedAt,
    message: `${words[kind]} of ${region} came the whole way, ${String(seconds)} s after it happened. Rules of other kinds are not proved by that.`,
  };
};

/** As a feature among the others: whether the role can be assumed has nothing to do with it. */
export const eventsGrant = (events: readonly EventsJson[]): FeatureGrant => {
  const unproved = events.filter(({ status }) => status === "NONE_YET");
  return {
    feature: "events",
    status: unproved.length === 0 ? "GRANTED" : "UNPROVED",
    missing: [],
    unproved: unproved.map(({ region, message }) => ({
      action: "events:PutEvents",
      region,
      reason: message,
    })),
  };
};

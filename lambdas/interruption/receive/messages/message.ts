/** What a parser of one kind of event is: which events are its own, and what it reads from `detail`. */
import type * as z from "zod";
import type { SpotEvent } from "../../../../core/model/spot-event.ts";

/** An event without what all have: its place and its times. */
type Detail<Event = SpotEvent> = Event extends SpotEvent
  ? Omit<Event, "accountId" | "region" | "at" | "receivedAt">
  : never;

type SpotEventDetail = Detail;

export interface Message {
  readonly source: string;
  readonly detailType: string;
  readonly detail: () => z.ZodType<SpotEventDetail>;
}

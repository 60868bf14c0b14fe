/** The event history, in the shape of GetExecutionHistory. */

import type { HistoryEvent, HistoryEventType } from "@aws-sdk/client-sfn";

/** Step Functions ends an execution that reaches it; the last event says so. */
export const historyLimit = 25_000;

export type EventDetails = Omit<
  Partial<HistoryEvent>,
  "timestamp" | "type" | "id" | "previousEventId"
>;

export interface RecordedEvent extends EventDetails {
  readonly timestamp: Date;
  readonly type: HistoryEventType;
  readonly id: number;
  readonly previousEventId: number;
}

/** Thrown by `append` when only the place for the last event is left. */
export class HistoryFull extends Error {
  override readonly name = "HistoryFull";
}

const closingTypes: ReadonlySet<HistoryEventType> = new Set<HistoryEventType>([
  "ExecutionSucceeded",
  "ExecutionFailed",
  "ExecutionAborted",
  "ExecutionTimedOut",
]);

export class History {
  readonly #events: RecordedEvent[];

  constructor(events: readonly RecordedEvent[] = []) {
    this.#events = [...events];
  }

  get events(): readonly RecordedEvent[] {
    return this.#events;
  }

  append(event: Omit<RecordedEvent, "id">): number {
    if (this.#events.length >= historyLimit - 1 && !closingTypes.has(event.type)) {
      throw new HistoryFull();
    }
    const id = this.#events.length + 1;
    this.#events.push({ ...event, id });
    return id;
  }
}

const untruncated = { truncated: false } as const;

export const inputDetails = (
  input: string,
): { input: string; inputDetails: typeof untruncated } => ({
  input,
  inputDetails: untruncated,
});

export const outputDetails = (
  output: string,
): { output: string; outputDetails: typeof untruncated } => ({
  output,
  outputDetails: untruncated,
});

const hiddenFields: ReadonlySet<string> = new Set([
  "input",
  "inputDetails",
  "output",
  "outputDetails",
  "parameters",
]);

const withoutHidden = (details: object): object =>
  Object.fromEntries(Object.entries(details).filter(([name]) => !hiddenFields.has(name)));

/** As with `includeExecutionData: false`. */
export const withoutData = (event: RecordedEvent): RecordedEvent =>
  Object.fromEntries(
    Object.entries(event).map(([name, value]: [string, unknown]) => [
      name,
      name.endsWith("Details") && typeof value === "object" && value !== null
        ? withoutHidden(value)
        : value,
    ]),
  ) as unknown as RecordedEvent;

/** For storage: dates as milliseconds. */
export const eventToText = (event: RecordedEvent): string =>
  JSON.stringify({ ...event, timestamp: event.timestamp.getTime() });

export type StoredEvent = Omit<RecordedEvent, "timestamp"> & { timestamp: number };

export const eventFromStorage = (event: StoredEvent): RecordedEvent => ({
  ...event,
  timestamp: new Date(event.timestamp),
});

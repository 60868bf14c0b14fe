/** An event as AWS services hand it to EventBridge. Source: EventBridge user guide, "Structure of EventBridge events". */
export interface AwsEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601, whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A time as events tell it. */
export const eventTime = (atMs: number): string =>
  new Date(atMs).toISOString().replace(/\.\d+/, "");

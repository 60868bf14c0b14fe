/** Buses, rules, targets, and an event on its way. The classic kind of bus: rules with targets. */
import type { AwsEvent } from "../aws-event.ts";
import type { BusPolicy } from "./bus-policy.ts";
import type { Pattern } from "./pattern.ts";

export interface Place {
  readonly accountId: string;
  readonly region: string;
}

/** A target of a rule. Its kind is told by its ARN: a bus, a queue, a function. */
export interface Target {
  readonly arn: string;
  /** Which EventBridge assumes to put an event on another bus. */
  readonly roleArn?: string;
  /** A queue in the account and region of the rule, for what could not be delivered. Absent: that is dropped. */
  readonly deadLetterArn?: string;
  /** 60 to 86,400. Default: a day. */
  readonly maximumAgeSeconds?: number;
  /** 0 to 185. Default: 185. */
  readonly retryAttempts?: number;
}

interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly pattern: Pattern;
  readonly targets: readonly Target[];
}

export interface Bus extends Place {
  readonly name: string;
  readonly arn: string;
  policy: BusPolicy | undefined;
  readonly rules: Map<string, Rule>;
}

/** An event on its way from a rule to a target. */
export interface Delivery {
  readonly event: AwsEvent;
  readonly bus: Bus;
  readonly rule: Rule;
  readonly target: Target;
  /** When it matched, milliseconds since the epoch. */
  readonly sinceMs: number;
  /** 1 for the first. */
  readonly attempt: number;
}

/** EventBridge user guide, "Using dead-letter queues", error codes. */
export type DeliveryError =
  | "FAILED_TO_ASSUME_ROLE"
  | "INTERNAL_ERROR"
  | "NO_PERMISSIONS"
  | "NO_RESOURCE"
  | "THIRD_ACCOUNT_HOP_DETECTED"
  | "THIRD_REGION_HOP_DETECTED"
  | "THROTTLING"
  | "TIMEOUT";

/** Undefined: it was delivered. */
export type Outcome = DeliveryError | undefined;

export const busArn = ({ accountId, region }: Place, name: string): string =>
  `arn:aws:events:${region}:${accountId}:event-bus/${name}`;

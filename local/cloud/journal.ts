/** What is written down of each call: tests read from it what was asked of the cloud, and what happened. */
import type { ServiceId } from "../schemas/services.ts";

export interface JournalEntry {
  /** Milliseconds since the epoch on the cloud's clock. */
  readonly at: number;
  readonly service: ServiceId;
  readonly operation: string;
  /** "unknown" if the caller couldn't be told. */
  readonly accountId: string;
  readonly region: string;
  /** By its name the operation changes something; whether it did is `hadEffect`. */
  readonly mutating: boolean;
  readonly dryRun: boolean;
  /** As decoded; an ExternalId is left out. */
  readonly input: unknown;
  readonly requestId: string;
  readonly roleArn?: string;
  readonly sessionName?: string;
  /** What the client was told, or the code of a broken connection. */
  readonly errorCode?: string;
  /** The service's handler ran to its end: true even if the client never learnt of it. */
  readonly hadEffect: boolean;
}

/** Reading operations by the beginning of their names; AssumeRole… issues keys and changes nothing. */
const readingName = /^(Describe|Get|List|Search|Decode|AssumeRole)/;

export const isMutating = (operation: string): boolean => !readingName.test(operation);

/** EC2 alone has dry runs. */
export const isDryRun = (service: ServiceId, input: unknown): boolean =>
  service === "ec2" &&
  typeof input === "object" &&
  input !== null &&
  "DryRun" in input &&
  input.DryRun === true;

export const withoutExternalId = (input: unknown): unknown => {
  if (typeof input !== "object" || input === null || !("ExternalId" in input)) return input;
  const { ExternalId: _, ...rest } = input;
  return rest;
};

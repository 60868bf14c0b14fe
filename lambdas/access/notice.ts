/** The function that delivers notices: to topics of customers' accounts, to webhooks, and onto our own event bus. */
import { type FunctionAccess, assume, recordAndLargeValues } from "./grants.ts";

export const noticeFunctions = {
  deliver: {
    customer: { notices: ["sns:Publish"] },
    own: [...assume, "events:PutEvents", "kms:Decrypt"],
    // What is part of a message leaves the outbox.
    table: recordAndLargeValues,
  },
} as const satisfies Readonly<Record<string, FunctionAccess>>;

/** Calls that destroy: in no case are they about something of the customer's. */
import type { Promised } from "./promise.ts";

const neverCalled: ReadonlySet<string> = new Set([
  "DeleteVolume",
  "ReleaseAddress",
  "DisassociateAddress",
  "DeleteNetworkInterface",
  "RebootInstances",
]);

export const nothingIsDestroyed: Promised = {
  ofCall: ({ operation }) => (neverCalled.has(operation) ? `${operation} was called` : undefined),
};

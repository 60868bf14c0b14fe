/** Where the parts of an identity are: about which of them no function has asked AWS since the last of them moved. */
import type { FaultCall } from "../cloud/faults.ts";
import { isMutating } from "../cloud/journal.ts";

/** These move a part. */
const moving: ReadonlySet<string> = new Set([
  "AttachVolume",
  "AttachNetworkInterface",
  "AssignPrivateIpAddresses",
  "RegisterTargets",
  "DeregisterTargets",
  "AssociateAddress",
]);

export interface UnreadParts {
  /** After a call that AWS has answered. */
  note(call: FaultCall): void;
  /** Ids. */
  list(): readonly string[];
}

export const createUnreadParts = (parts: readonly string[]): UnreadParts => {
  const unread = new Set<string>();
  return {
    note: ({ operation, input, caller }) => {
      // What the owner does moves no part for the product.
      if (caller.sessionName !== undefined && moving.has(operation))
        for (const id of parts) unread.add(id);
      if (isMutating(operation) || unread.size === 0) return;
      const asked = JSON.stringify(input);
      for (const id of unread) if (asked.includes(id)) unread.delete(id);
    },
    list: () => [...unread],
  };
};

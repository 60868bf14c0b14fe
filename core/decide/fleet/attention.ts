/** Which targets of the fleet wait for a person, or should be seen by one, and what that person can do. */
import type { FleetEntry } from "./fleet-view.ts";
import { standings, type Standing } from "./standing.ts";

export const attentionActions = ["RESUME", "ROLL_BACK", "ADOPT", "APPROVE", "EVALUATE"] as const;
type AttentionAction = (typeof attentionActions)[number];

const actionsOf: Readonly<Partial<Record<Standing, readonly AttentionAction[]>>> = {
  NEEDS_OPERATOR: ["RESUME", "ROLL_BACK", "ADOPT"],
  DEGRADED: ["EVALUATE"],
  // It is being launched anew.
  INTERRUPTED: [],
  AWAITING_APPROVAL: ["APPROVE"],
  ROLLED_BACK: ["EVALUATE"],
  PARTLY_SWITCHED: ["EVALUATE"],
};

export interface Attention {
  readonly entry: FleetEntry;
  readonly actions: readonly AttentionAction[];
}

/** In the order of their standings, and of their ids. */
export const attentionIn = (entries: readonly FleetEntry[]): readonly Attention[] =>
  entries
    .flatMap((entry) => {
      const actions = actionsOf[entry.standing];
      return actions === undefined ? [] : [{ entry, actions }];
    })
    .toSorted(
      (one, other) =>
        standings.indexOf(one.entry.standing) - standings.indexOf(other.entry.standing),
    );

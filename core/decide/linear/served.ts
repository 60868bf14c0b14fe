/**
 * Says which parts of an identity bring clients to the instance that holds them, and since when the replacement has had one
 * (`served_from`). From then on it may hold writes that the original lacks. A data volume brings nobody: what
 * is written to it travels with it, in both directions.
 */
import type { ChangeOf, Intent, IntentChange } from "../../model/intent.ts";

export type TrafficChange = ChangeOf<
  "MOVE_INTERFACE" | "MOVE_PRIVATE_IPS" | "MOVE_TARGET_GROUP" | "MOVE_ADDRESS"
>;

const kinds: readonly IntentChange["kind"][] = [
  "MOVE_INTERFACE",
  "MOVE_PRIVATE_IPS",
  "MOVE_TARGET_GROUP",
  "MOVE_ADDRESS",
] satisfies readonly TrafficChange["kind"][];

export const carriesTraffic = (change: IntentChange): change is TrafficChange =>
  kinds.includes(change.kind);

/** The moves that clients follow, with when each was planned. */
export const trafficMoves = (
  intents: readonly Intent[],
): readonly { readonly plannedAt: string; readonly change: TrafficChange }[] =>
  intents.flatMap(({ change, plannedAt }) =>
    carriesTraffic(change) ? [{ change, plannedAt }] : [],
  );

export const earliest = (instants: readonly string[]): string | undefined =>
  instants.toSorted((one, other) => Date.parse(one) - Date.parse(other))[0];

/** As the calls themselves were noted. A call whose answer was lost is not among them: the world shows what it did. */
export const servedFromNotes = (intents: readonly Intent[]): string | undefined =>
  earliest(trafficMoves(intents).flatMap(({ change: { reachedAt } }) => reachedAt ?? []));

/** Finds the target that an instance serves, by the inventory. */
import { getTarget } from "../../../adapters/store/targets.ts";
import type { Table } from "../../../adapters/store/table.ts";
import type { Account } from "../../../core/model/account.ts";
import type { Place } from "../../../core/model/place.ts";
import type { SpotInstance } from "../../../core/model/spot-instance.ts";
import type { Target } from "../../../core/model/target.ts";

/** As the receiving function has read them. */
export interface Known {
  readonly account: Account | undefined;
  readonly instance: SpotInstance | undefined;
}

export type NotServed =
  /** Disconnected, or disabled. */
  | "UNKNOWN_ACCOUNT"
  /** The inventory does not know it: no evaluation has launched it, and no sweep has seen it. */
  | "UNKNOWN_INSTANCE"
  /** It serves no target that is registered. */
  | "NO_TARGET";

export const readServed = async (
  { table }: { readonly table: Table },
  event: Place,
  { account, instance }: Known,
): Promise<{ readonly target: Target; readonly instance: SpotInstance } | NotServed> => {
  if (account === undefined || account.status === "DISABLED") return "UNKNOWN_ACCOUNT";
  if (instance === undefined) return "UNKNOWN_INSTANCE";
  const target =
    instance.targetId === undefined ? undefined : await getTarget(table, instance.targetId);
  // Whoever tells of an instance can only mean one of his own account.
  if (target?.accountId !== event.accountId || target.region !== event.region) return "NO_TARGET";
  return { target, instance };
};

/** The kill switch: one for all, one per account. Engaged means that no mutating step acts; compensation still runs. */
import type { AccountId } from "../../core/model/ids.ts";
import { killSwitchKey } from "./keys.ts";
import type { Table } from "./table.ts";
import { untilWritten } from "./update-item.ts";

export type KillSwitchScope = "global" | AccountId;

export interface KillSwitch {
  readonly scope: KillSwitchScope;
  readonly engaged: boolean;
  readonly reason: string;
  /** Who set it. */
  readonly by: string;
  /** ISO 8601 */
  readonly at: string;
}

/** Undefined if it was never set. */
export const getKillSwitch = async (
  table: Table,
  scope: KillSwitchScope,
): Promise<KillSwitch | undefined> =>
  (await table.get(killSwitchKey(scope)))?.data as KillSwitch | undefined;

/** The last one to set it wins. @throws RetryableContention. */
export const setKillSwitch = (
  table: Table,
  setting: {
    readonly scope: KillSwitchScope;
    readonly engaged: boolean;
    readonly reason: string;
    readonly by: string;
    readonly now: Date;
  },
): Promise<KillSwitch> => {
  const { now, ...rest } = setting;
  const data: KillSwitch = { ...rest, at: now.toISOString() };
  const key = killSwitchKey(setting.scope);
  return untilWritten(`kill switch ${setting.scope}`, async () => {
    const old = await table.get(key);
    const { kind } = await table.put(
      { ...key, version: (old?.version ?? 0) + 1, data },
      old === undefined ? { ifAbsent: true } : { ifVersion: old.version },
    );
    return kind === "WRITTEN" ? data : undefined;
  });
};

/** The switch that stops this account, the global one first; undefined when it may act. */
export const engagedFor = async (
  table: Table,
  accountId: AccountId,
): Promise<KillSwitch | undefined> => {
  const switches = await Promise.all([
    getKillSwitch(table, "global"),
    getKillSwitch(table, accountId),
  ]);
  return switches.find((one) => one?.engaged === true);
};

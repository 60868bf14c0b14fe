/** Gives a restored table what a restore does not bring along, and stops everything in it before any function reads it. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { appendAudit } from "../../adapters/store/audit.ts";
import { noteRestoredTable } from "../../adapters/store/restores.ts";
import type { Table } from "../../adapters/store/table.ts";
import { readTableSettings, type TableSettings } from "../../adapters/store/table-settings.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { declareRestore } from "../../lambdas/api/restore.ts";
import {
  compareSettings,
  wantedSettings,
  type ComparedSetting,
  type WantedSettings,
} from "./wanted-settings.ts";

export interface RestoreTools {
  readonly client: DynamoDBClient;
  readonly openTable: (tableName: string) => Table;
  /** ARN of who calls. */
  readonly caller: () => Promise<string>;
  readonly now: () => Date;
  readonly randomId: () => string;
  readonly wait: (seconds: number) => Promise<void>;
}

export interface Wish {
  readonly tableName: string;
  /** The table before; undefined: the one that AWS names as its source. */
  readonly before?: string | undefined;
  /** The table before is gone: nothing is known of its tags and its stream. */
  readonly isAlone: boolean;
}

export interface Compared {
  readonly tableName: string;
  /** Undefined: it was not asked. */
  readonly before: string | undefined;
  readonly wanted: WantedSettings;
  readonly found: TableSettings;
  readonly settings: readonly ComparedSetting[];
}

const refusal = (message: string): SpotOptimizerError =>
  new SpotOptimizerError("BrokenInput", message);

const nameOfBefore = (wish: Wish, { restoredFrom }: TableSettings): string | undefined => {
  if (wish.isAlone) return undefined;
  const before = wish.before ?? restoredFrom;
  if (before === undefined) {
    throw refusal(
      `AWS does not say from which table ${wish.tableName} was restored. Name it with --from, or say --alone if it is gone.`,
    );
  }
  if (before === wish.tableName) {
    throw refusal(
      `Table ${before} can't be compared with itself. Name the restored one with --table.`,
    );
  }
  return before;
};

/** Changes nothing. @throws SpotOptimizerError */
export const compareTable = async (
  { client }: Pick<RestoreTools, "client">,
  wish: Wish,
): Promise<Compared> => {
  const { tableName } = wish;
  const found = await readTableSettings({ client, tableName });
  const before = nameOfBefore(wish, found);
  const wanted = wantedSettings(
    before === undefined ? undefined : await readTableSettings({ client, tableName: before }),
  );
  return { tableName, before, wanted, found, settings: compareSettings(wanted, found) };
};

export const isRight = ({ settings }: Compared): boolean => settings.every((one) => one.isRight);

const requireReady = ({ tableName, found, settings }: Compared): void => {
  if (found.status === "CREATING") {
    throw refusal(`Table ${tableName} is still being restored. Wait, then run this again.`);
  }
  const lost = settings.find((one) => !one.isRight && one.set === undefined);
  if (lost === undefined) return;
  throw refusal(
    `The ${lost.name} of ${tableName} are ${lost.found === "" ? "none" : lost.found}, and can't be given to a table afterwards. Restore it again, with all of them.`,
  );
};

/** AWS shows a change seconds after it took it. */
const secondsBetween = 5;
const mostReadings = 24;

const readBack = async (tools: RestoreTools, wish: Wish): Promise<Compared> => {
  let compared = await compareTable(tools, wish);
  for (let reading = 1; !isRight(compared) && reading < mostReadings; reading += 1) {
    await tools.wait(secondsBetween);
    compared = await compareTable(tools, wish);
  }
  return compared;
};

/**
 * The kill switch first, in the restored table itself. Whoever dies in between begins again; what is set already is not set again.
 * @returns as it was read back: it may still differ
 * @throws SpotOptimizerError, nothing is changed where the table is not ready
 */
export const restoreTable = async (
  tools: RestoreTools,
  wish: Wish,
  reason: string,
): Promise<Compared> => {
  const { client, now } = tools;
  const compared = await compareTable(tools, wish);
  requireReady(compared);
  const { tableName } = wish;
  const table = tools.openTable(tableName);
  const by = await tools.caller();
  const { restoreId, epoch } = await declareRestore({ ...tools, table }, { by, reason });
  await appendAudit(table, {
    at: now().toISOString(),
    actor: by,
    action: "DECLARE_RESTORE",
    resource: tableName,
    detail: { restoreId, epoch, reason },
  });
  const change = { client, tableName, arn: compared.found.arn };
  for (const setting of compared.settings) {
    if (!setting.isRight) await setting.set?.(change, compared.wanted);
  }
  const after = await readBack(tools, wish);
  if (isRight(after)) await noteRestoredTable(table, { tableName, at: now().toISOString() });
  return after;
};

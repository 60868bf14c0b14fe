/** What stands beside accounts, targets and the table itself about approvals. */
import * as z from "zod";
import { atFirstUse } from "../../core/at-first-use.ts";
import { callerSchema, type Caller } from "../../core/model/approval.ts";
import {
  approvalSettingsSchema,
  type ApprovalSettings,
} from "../../core/model/approval-settings.ts";
import type { AccountId, TargetId } from "../../core/model/ids.ts";
import { approvalSettingsKey, approvalsVoidKey, policySetterKey } from "./keys.ts";
import { readValue, updateValue, type SingleValue } from "./single-value.ts";
import type { Table } from "./table.ts";
import { removeItem } from "./update-item.ts";

const settingsOf = (accountId: AccountId): SingleValue<ApprovalSettings, undefined> => ({
  key: approvalSettingsKey(accountId),
  name: `approvals' settings of account ${accountId}`,
  schema: approvalSettingsSchema(),
  none: undefined,
});

/** @throws BrokenFacts naming the account if what is stored does not parse */
export const readApprovalSettings = (
  table: Table,
  accountId: AccountId,
): Promise<ApprovalSettings | undefined> => readValue(table, settingsOf(accountId));

/** The last one to set them wins. @throws RetryableContention, BrokenFacts; both name the account */
export const setApprovalSettings = async (
  table: Table,
  accountId: AccountId,
  settings: ApprovalSettings,
): Promise<void> => {
  await updateValue(table, settingsOf(accountId), () => settings);
};

/** Whoever connects the account again says again who may approve. */
export const forgetApprovalSettings = async (table: Table, accountId: AccountId): Promise<void> => {
  await removeItem(table, approvalSettingsKey(accountId));
};

const policySetterSchema = atFirstUse(() =>
  z.strictObject({ by: callerSchema(), at: z.iso.datetime() }),
);

const setterOf = (
  targetId: TargetId,
): SingleValue<z.infer<ReturnType<typeof policySetterSchema>>, undefined> => ({
  key: policySetterKey(targetId),
  name: `who has set the policy of target ${targetId}`,
  schema: policySetterSchema(),
  none: undefined,
});

/** Who has last set mode, shadow mode or policy of a target. Undefined: nobody since it is noted. @throws BrokenFacts */
export const readPolicySetter = async (
  table: Table,
  targetId: TargetId,
): Promise<Caller | undefined> => (await readValue(table, setterOf(targetId)))?.by;

/** @throws RetryableContention, BrokenFacts; both name the target */
export const notePolicySetter = async (
  table: Table,
  targetId: TargetId,
  setter: { readonly by: Caller; readonly at: string },
): Promise<void> => {
  await updateValue(table, setterOf(targetId), () => setter);
};

const voidSchema = atFirstUse(() => z.strictObject({ until: z.iso.datetime() }));

const voidUntil: () => SingleValue<z.infer<ReturnType<typeof voidSchema>>, undefined> = () => ({
  key: approvalsVoidKey,
  name: "until when approvals are void",
  schema: voidSchema(),
  none: undefined,
});

/** Undefined: nobody has made any void. ISO 8601 @throws BrokenFacts */
export const readApprovalsVoid = async (table: Table): Promise<string | undefined> =>
  (await readValue(table, voidUntil()))?.until;

/** @throws RetryableContention, BrokenFacts */
export const voidApprovals = async (table: Table, until: string): Promise<void> => {
  await updateValue(table, voidUntil(), () => ({ until }));
};

/** Reads which resources the backup plans of a region take. */
import {
  GetBackupSelectionCommand,
  ListBackupPlansCommand,
  ListBackupSelectionsCommand,
  type BackupClient,
  type BackupPlansListMember,
  type BackupSelection as Selection,
} from "@aws-sdk/client-backup";
import type { BackupSelection } from "../../core/model/waste/backup-selection.ts";
import { orAbsent } from "./or-absent.ts";
import { readAllPages } from "./paging.ts";
import { required } from "./required.ts";
import { callAws } from "./translate-error.ts";

/** AWS Backup API reference, ListBackupPlans and ListBackupSelections. */
const largestPage = 1000;

const plansOf = (backup: BackupClient): Promise<readonly BackupPlansListMember[]> =>
  readAllPages({
    fetch: (token) =>
      callAws({ action: "ListBackupPlans" }, () =>
        backup.send(new ListBackupPlansCommand({ MaxResults: largestPage, NextToken: token })),
      ),
    items: (page) => page.BackupPlansList,
    next: (page) => page.NextToken,
  });

const selectionIds = async (
  backup: BackupClient,
  BackupPlanId: string,
): Promise<readonly string[]> => {
  const members = await readAllPages({
    fetch: (token) =>
      callAws({ action: "ListBackupSelections", resource: BackupPlanId }, () =>
        backup.send(
          new ListBackupSelectionsCommand({
            BackupPlanId,
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.BackupSelectionsList,
    next: (page) => page.NextToken,
  });
  return members.map(({ SelectionId }) => required(SelectionId, "the id of a selection"));
};

const conditions = (
  listed: readonly {
    ConditionKey?: string | undefined;
    ConditionValue?: string | undefined;
  }[] = [],
): BackupSelection["anyTag"] =>
  listed.map(({ ConditionKey: key, ConditionValue: value }) => ({
    key: required(key, "the key of a condition"),
    value: required(value, "the value of a condition"),
  }));

const toSelection = (planName: string, selection: Selection): BackupSelection => {
  const { Resources = [], NotResources = [], ListOfTags, Conditions = {} } = selection;
  return {
    planName,
    resources: Resources,
    notResources: NotResources,
    anyTag: conditions(ListOfTags),
    equals: conditions(Conditions.StringEquals),
    notEquals: conditions(Conditions.StringNotEquals),
    like: conditions(Conditions.StringLike),
    notLike: conditions(Conditions.StringNotLike),
  };
};

const isGone = (code: string): boolean => code === "ResourceNotFoundException";

const selectionsOf = async (
  backup: BackupClient,
  plan: BackupPlansListMember,
): Promise<readonly BackupSelection[]> => {
  const BackupPlanId = required(plan.BackupPlanId, "the id of a backup plan");
  const found: BackupSelection[] = [];
  for (const SelectionId of await selectionIds(backup, BackupPlanId)) {
    const { BackupSelection: selection } = await callAws(
      { action: "GetBackupSelection", resource: BackupPlanId },
      () => backup.send(new GetBackupSelectionCommand({ BackupPlanId, SelectionId })),
    );
    const read = required(selection, `selection ${SelectionId}`);
    found.push(toSelection(plan.BackupPlanName ?? BackupPlanId, read));
  }
  return found;
};

/** A plan that is deleted meanwhile takes nothing. @throws what a call throws: nothing of a list that was not read to its end is used */
export const readBackupSelections = async (
  backup: BackupClient,
): Promise<readonly BackupSelection[]> => {
  const found: BackupSelection[] = [];
  for (const plan of await plansOf(backup)) {
    found.push(...((await orAbsent(() => selectionsOf(backup, plan), isGone)) ?? []));
  }
  return found;
};

/** By which rules a place is read: a digest that changes with any of them, and the standing of the table. */
import { hash } from "node:crypto";
import { readApprovalsVoid } from "../../adapters/store/approval-settings.ts";
import type { Table } from "../../adapters/store/table.ts";
import { canonicalJson } from "../../core/canonical.ts";
import { ownerListsVersion } from "../../core/enforce/owner-lists.ts";
import type { EnforcerSettings } from "../../core/model/enforcer.ts";

export const ruleSetOf = (settings: EnforcerSettings): string => {
  const { allowedImageIds, allowedInstanceIds, allowedPrincipals, allowedTags } = settings;
  const rules = { allowedImageIds, allowedInstanceIds, allowedPrincipals, allowedTags };
  return hash("sha256", canonicalJson({ ownerListsVersion, ...rules })).slice(0, 16);
};

/** Changes where the table is another one, restored from an earlier one, or was restored under its own name and said to be so. */
export const epochOf = async (table: Table): Promise<string> =>
  `${table.name ?? ""}#${(await readApprovalsVoid(table)) ?? ""}`;

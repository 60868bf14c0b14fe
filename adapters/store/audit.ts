/** Who did what through the control API. Entries are appended and never changed. */
import { hash } from "node:crypto";
import { auditPartition } from "./keys.ts";
import { sortableInstant } from "./parsed-data.ts";
import type { Item, Table } from "./table.ts";

export interface AuditEntry {
  /** ISO 8601 */
  readonly at: string;
  /** ARN of the caller, or the trigger: `sweep`. */
  readonly actor: string;
  /** `CREATE_TARGET`, `SET_KILL_SWITCH` … */
  readonly action: string;
  readonly resource: string;
  /** Plain data. Never a credential or an ExternalId. */
  readonly detail: unknown;
}

const digestOf = (entry: AuditEntry): string =>
  hash(
    "sha256",
    JSON.stringify([entry.at, entry.actor, entry.action, entry.resource, entry.detail]),
  ).slice(0, 16);

/** The same entry appended again is not repeated. */
export const appendAudit = async (table: Table, entry: AuditEntry): Promise<void> => {
  const sk = `${sortableInstant(entry.at, "at")}#${digestOf(entry)}`;
  // A conflict means that this very entry is there: its digest is its key.
  await table.put({ pk: auditPartition, sk, version: 1, data: entry }, { ifAbsent: true });
};

/** Newest first. @throws BrokenInput naming `cursor` or `limit`. */
export const listAudit = async (
  table: Table,
  input: { readonly limit: number; readonly cursor?: string },
): Promise<{ readonly items: readonly AuditEntry[]; readonly cursor?: string }> => {
  const page = await table.query({ partition: auditPartition, descending: true, ...input });
  return { ...page, items: page.items.map((item) => item.data as AuditEntry) };
};

/** What these items of the table say that was done, for a dry run. */
export const auditedIn = (items: readonly Item[]): Pick<AuditEntry, "action" | "resource">[] =>
  items
    .filter(({ pk }) => pk === auditPartition)
    .map(({ data }) => data as AuditEntry)
    .map(({ action, resource }) => ({ action, resource }));

/** What governance lists: findings of the enforcer, and what carries our tags and nothing claims. */
import type { Finding, FindingStatus } from "../../core/model/enforcer.ts";
import type { AccountId } from "../../core/model/ids.ts";
import { isListed, type Listed } from "../../core/model/unclaimed.ts";
import { readFinding } from "./enforcer.ts";
import { findingsPrefix, governanceOfPartition, governancePartition } from "./governance-keys.ts";
import { unclaimedOfPartition, unclaimedPartition } from "./keys.ts";
import { listNewestFirst } from "./newest-first.ts";
import type { Item, Table } from "./table.ts";
import { readUnclaimed } from "./unclaimed.ts";

export const governanceKinds = ["UNOWNED_INSTANCE", "UNCLAIMED_RESOURCE"] as const;
type GovernanceKind = (typeof governanceKinds)[number];

export type GovernanceRow =
  | { readonly kind: "UNOWNED_INSTANCE"; readonly finding: Finding }
  | { readonly kind: "UNCLAIMED_RESOURCE"; readonly unclaimed: Listed };

const readRow = (item: Item): GovernanceRow | undefined => {
  if (item.pk.startsWith(findingsPrefix)) {
    return { kind: "UNOWNED_INSTANCE", finding: readFinding(item) };
  }
  const unclaimed = readUnclaimed(item);
  return isListed(unclaimed) ? { kind: "UNCLAIMED_RESOURCE", unclaimed } : undefined;
};

interface Filter {
  readonly accountId?: AccountId;
  readonly region?: string;
  readonly kind?: GovernanceKind;
  /** Of findings alone: nothing else has one. */
  readonly status?: FindingStatus;
}

const isAskedFor = (row: GovernanceRow, { region, kind, status }: Filter): boolean => {
  const where = row.kind === "UNOWNED_INSTANCE" ? row.finding : row.unclaimed;
  const has = row.kind === "UNOWNED_INSTANCE" ? row.finding.status : undefined;
  return (
    (region ?? where.region) === where.region &&
    (kind ?? row.kind) === row.kind &&
    (status ?? has) === has
  );
};

/** Newest first, by when each was flagged or listed. @throws BrokenInput naming `cursor` or `limit`. */
export const listGovernance = (
  table: Table,
  input: Filter & { readonly limit: number; readonly cursor?: string },
): Promise<{ readonly items: readonly GovernanceRow[]; readonly cursor?: string }> => {
  const { accountId, region, kind, status, ...paging } = input;
  return listNewestFirst(table, {
    ...(accountId === undefined
      ? { index: "gsi1" as const, partitions: [governancePartition, unclaimedPartition] }
      : {
          index: "gsi2" as const,
          partitions: [governanceOfPartition(accountId), unclaimedOfPartition(accountId)],
        }),
    scope: JSON.stringify([accountId ?? "", region ?? "", kind ?? "", status ?? ""]),
    ...paging,
    select: (item) => {
      const row = readRow(item);
      return row !== undefined && isAskedFor(row, input) ? row : undefined;
    },
  });
};

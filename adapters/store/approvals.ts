/** Approvals: what was asked for, who agreed, and what came of it. Each changes under the version that was read. */
import {
  approvalSchema,
  isOfFindings,
  type Approval,
  type FindingsApproval,
} from "../../core/model/approval.ts";
import type { ApprovalId, TargetId } from "../../core/model/ids.ts";
import type { Place } from "../../core/model/place.ts";
import {
  approvalKey,
  approvalsOfFindingsPartition,
  approvalsOfPartition,
  approvalsPartition,
} from "./keys.ts";
import { listNewestFirst } from "./newest-first.ts";
import { parseStored, parseToStore, sortableInstant } from "./parsed-data.ts";
import type { Item, Table } from "./table.ts";
import { updateItem } from "./update-item.ts";

const nameOf = (approvalId: string): string => `approval ${approvalId}`;

const read = ({ pk, sk, data }: Item): Approval =>
  parseStored(approvalSchema(), data, `${pk}/${sk}`);

/** What one is asked about: what was asked about the same before is found by it. */
export type AskedAbout =
  | { readonly targetId: TargetId }
  | (Place & Pick<FindingsApproval, "kind"> & { readonly subject: string });

const partitionOf = (about: AskedAbout): string =>
  "targetId" in about
    ? approvalsOfPartition(about.targetId)
    : approvalsOfFindingsPartition(about, about);

const aboutOf = (approval: Approval): AskedAbout =>
  isOfFindings(approval) ? { ...approval, subject: approval.bounds.subject } : approval;

const toItem = (approval: Approval, version: number): Item => {
  const { approvalId, askedAt } = approval;
  const order = `${sortableInstant(askedAt, "askedAt")}#${approvalId}`;
  return {
    ...approvalKey(approvalId),
    version,
    gsi1pk: approvalsPartition,
    gsi1sk: order,
    gsi2pk: partitionOf(aboutOf(approval)),
    gsi2sk: order,
    data: parseToStore(approvalSchema(), approval, nameOf(approvalId)),
  };
};

/** Read consistently. @throws BrokenFacts naming it */
export const getApproval = async (
  table: Table,
  approvalId: ApprovalId,
): Promise<Approval | undefined> => {
  const item = await table.get(approvalKey(approvalId));
  return item === undefined ? undefined : read(item);
};

/** What stands under its id now: a repetition finds what the first attempt has asked for. */
export const askFor = async (table: Table, approval: Approval): Promise<Approval> => {
  const { kind } = await table.put(toItem(approval, 1), { ifAbsent: true });
  if (kind === "WRITTEN") return approval;
  return (await getApproval(table, approval.approvalId)) ?? approval;
};

/** A change that returns its argument itself writes nothing. @throws BrokenNotFound, BrokenFacts, RetryableContention; all name it */
export const updateApproval = (
  table: Table,
  approvalId: ApprovalId,
  change: (approval: Approval) => Approval,
): Promise<Approval> =>
  updateItem(table, approvalKey(approvalId), { name: nameOf(approvalId), read, change, toItem });

/** Newest first, each as it stands now; one that was asked for a moment ago may be missing. @throws BrokenInput naming `cursor` or `limit` */
export const listApprovals = (
  table: Table,
  input: {
    /** Absent: whatever it is about. */
    readonly about?: AskedAbout;
    /** ISO 8601; absent: from the first on. */
    readonly askedSince?: string;
    /** The filter as text: a cursor is good for the same one only. */
    readonly scope?: string;
    readonly select?: (approval: Approval) => boolean;
    readonly limit: number;
    readonly cursor?: string;
  },
): Promise<{ readonly items: readonly Approval[]; readonly cursor?: string }> => {
  const { about, askedSince, scope = "", select = () => true, ...paging } = input;
  const partition = about === undefined ? "" : partitionOf(about);
  return listNewestFirst(table, {
    ...(about === undefined
      ? { index: "gsi1" as const, partitions: [approvalsPartition] }
      : { index: "gsi2" as const, partitions: [partition] }),
    ...(askedSince !== undefined && { from: sortableInstant(askedSince, "askedSince") }),
    scope: JSON.stringify([partition, scope]),
    ...paging,
    select: (item) => {
      const approval = read(item);
      return select(approval) ? approval : undefined;
    },
  });
};

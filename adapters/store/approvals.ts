/** Approvals: what was asked for, who agreed, and what came of it. Each changes under the version that was read. */
import { approvalSchema, type Approval } from "../../core/model/approval.ts";
import type { ApprovalId, TargetId } from "../../core/model/ids.ts";
import { approvalKey, approvalsOfPartition, approvalsPartition } from "./keys.ts";
import { listNewestFirst } from "./newest-first.ts";
import { parseStored, parseToStore, sortableInstant } from "./parsed-data.ts";
import type { Item, Table } from "./table.ts";
import { updateItem } from "./update-item.ts";

const nameOf = (approvalId: string): string => `approval ${approvalId}`;

const read = ({ pk, sk, data }: Item): Approval =>
  parseStored(approvalSchema(), data, `${pk}/${sk}`);

const toItem = (approval: Approval, version: number): Item => {
  const { approvalId, targetId, askedAt } = approval;
  const order = `${sortableInstant(askedAt, "askedAt")}#${approvalId}`;
  return {
    ...approvalKey(approvalId),
    version,
    gsi1pk: approvalsPartition,
    gsi1sk: order,
    gsi2pk: approvalsOfPartition(targetId),
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
    readonly targetId?: TargetId;
    /** The filter as text: a cursor is good for the same one only. */
    readonly scope?: string;
    readonly select?: (approval: Approval) => boolean;
    readonly limit: number;
    readonly cursor?: string;
  },
): Promise<{ readonly items: readonly Approval[]; readonly cursor?: string }> => {
  const { targetId, scope = "", select = () => true, ...paging } = input;
  return listNewestFirst(table, {
    ...(targetId === undefined
      ? { index: "gsi1" as const, partitions: [approvalsPartition] }
      : { index: "gsi2" as const, partitions: [approvalsOfPartition(targetId)] }),
    scope: JSON.stringify([targetId ?? "", scope]),
    ...paging,
    select: (item) => {
      const approval = read(item);
      return select(approval) ? approval : undefined;
    },
  });
};

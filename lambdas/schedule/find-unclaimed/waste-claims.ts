/** Whether a snapshot is the one that was made before a volume was deleted, and ends with its days. */
import { getApproval } from "../../../adapters/store/approvals.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { getWaste } from "../../../adapters/store/waste-findings.ts";
import { isOfFindings } from "../../../core/model/approval.ts";
import { approvalIdSchema, type ApprovalId } from "../../../core/model/ids.ts";
import { approvalTag } from "../../../core/model/tags.ts";
import type { WasteFinding } from "../../../core/model/waste/finding.ts";
import type { TaggedThing } from "../../../core/model/tagged-thing.ts";

const findingAgreedTo = async (
  table: Table,
  approvalId: ApprovalId,
): Promise<WasteFinding | undefined> => {
  const approval = await getApproval(table, approvalId);
  const findingId =
    approval !== undefined && isOfFindings(approval) ? approval.findings[0] : undefined;
  return findingId === undefined ? undefined : getWaste(table, findingId);
};

/** A tag finds it; the finding must name it, or have begun it, and be at work still. */
export const isKeptForUndo = async (
  table: Table,
  { kind, id, tags }: TaggedThing,
): Promise<boolean> => {
  const approvalId = approvalIdSchema.safeParse(tags[approvalTag]);
  if (kind !== "snapshot" || !approvalId.success) return false;
  const finding = await findingAgreedTo(table, approvalId.data);
  const { deletion } = finding ?? {};
  return (
    finding?.closed === undefined &&
    deletion?.approvalId === approvalId.data &&
    (deletion.snapshotId ?? id) === id
  );
};

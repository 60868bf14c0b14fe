/** Of several snapshots of one volume that are to be deleted the oldest goes first: what a run that stops half-way leaves are the newest. */
import { readOwnSnapshots } from "../../../adapters/aws/ec2/own-snapshots.ts";
import { readWasteIn } from "../../../adapters/store/waste-findings.ts";
import type { WasteFinding } from "../../../core/model/waste/finding.ts";
import type { OwnSnapshot } from "../../../core/model/waste/snapshot.ts";
import { olderOf } from "../../../core/waste/snapshots.ts";
import type { Deleting, DeletionSession } from "./session.ts";

/** One that can't be deleted for so long does not keep the younger ones waiting. */
const waitsMs = 24 * 3_600_000;

const isOnItsWay = ({ kind, status, deletion }: WasteFinding, now: Date): boolean =>
  kind === "OLD_SNAPSHOT" &&
  status === "DELETING" &&
  deletion !== undefined &&
  now.getTime() - Date.parse(deletion.begunAt) < waitsMs;

/** Undefined: it is the oldest. @throws what a reading throws */
export const olderOnItsWay = async (
  { clients, context }: DeletionSession,
  finding: Deleting,
): Promise<OwnSnapshot | undefined> => {
  const stored = await readWasteIn(context.table, finding);
  const others = stored
    .map((each) => each.finding)
    .filter((other) => other.findingId !== finding.findingId && isOnItsWay(other, context.now()))
    .map(({ resourceId }) => resourceId);
  if (others.length === 0) return undefined;
  const snapshots = await readOwnSnapshots(clients.ec2, [finding.resourceId, ...others]);
  return olderOf(finding.resourceId, snapshots);
};

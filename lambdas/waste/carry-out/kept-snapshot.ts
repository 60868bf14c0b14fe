/** Ends the snapshot that was made before a volume was deleted, once its days are over, unless something refers to it by then. */
import { readSnapshotUse } from "../../../adapters/aws/ec2/image-use.ts";
import { readOlderTemplateSources } from "../../../adapters/aws/ec2/template-sources.ts";
import { approvalTag } from "../../../core/model/tags.ts";
import type { WasteFinding } from "../../../core/model/waste/finding.ts";
import {
  judgeSnapshotUse,
  surroundingsOfSnapshots,
  whoNeeds,
} from "../../../core/waste/snapshots.ts";
import { readLists } from "../lists.ts";
import { effectOf } from "./effects.ts";
import { perform, record, type Deleting, type DeletionSession } from "./session.ts";

const closed = (
  session: DeletionSession,
  finding: Deleting,
  why: string,
): Promise<WasteFinding> => {
  const at = session.context.now().toISOString();
  return record(session, finding, ({ deletion, ...stored }) => {
    const { nextAt: _, waitsFor: __, ...rest } = deletion;
    return { ...stored, deletion: rest, closed: { at, why } };
  });
};

const lists = [
  "snapshots",
  "volumes",
  "images",
  "configurations",
  "templates",
  "locks",
  "fastRestores",
  "protectedArns",
] as const;

/** Why it stays. Undefined: nothing refers to it. @throws what a reading throws */
const whyKept = async (
  { clients, claimedIds }: DeletionSession,
  { deletion: { approvalId } }: Deleting,
  snapshotId: string,
): Promise<string | undefined> => {
  const read = await readLists(clients, lists);
  const snapshot = read.snapshots.find((one) => one.snapshotId === snapshotId);
  if (snapshot === undefined) return "AWS no longer shows it.";
  if (snapshot.tags[approvalTag] !== approvalId) {
    return "It no longer carries the tag of its approval.";
  }
  const sources = [...read.configurations, ...read.templates];
  const needed = whoNeeds(snapshotId, surroundingsOfSnapshots({ ...read, sources, claimedIds }));
  if (needed !== undefined) return needed;
  const use = judgeSnapshotUse(snapshotId, {
    sharedWith: (await readSnapshotUse(clients.ec2, [snapshotId])).sharedWith,
    olderTemplates: await readOlderTemplateSources(clients.ec2),
  });
  return "reasons" in use ? use.reasons.map(({ sentence }) => sentence).join(" ") : undefined;
};

/** @throws what a reading or a call throws */
export const endKeptSnapshot = async (
  session: DeletionSession,
  finding: Deleting,
): Promise<WasteFinding> => {
  const { snapshotId } = finding.deletion;
  if (snapshotId === undefined) return closed(session, finding, "It is deleted.");
  const why = await whyKept(session, finding, snapshotId);
  if (why !== undefined) {
    return closed(
      session,
      finding,
      `It is deleted. Its snapshot ${snapshotId} is left as it is: ${why}`,
    );
  }
  const tagged = await perform(session, finding, effectOf(session, finding, "TAG_KEPT_SNAPSHOT"));
  const done = await perform(session, tagged, effectOf(session, tagged, "DELETE_KEPT_SNAPSHOT"));
  return closed(session, done, "It is deleted, and so is the snapshot that was made before.");
};

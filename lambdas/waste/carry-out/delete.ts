/** Takes a finding one step further on its way out: judged again right before, and left alone on any change. */
import { imageSharers } from "../../../adapters/aws/ec2/image-use.ts";
import { readOwnSnapshots } from "../../../adapters/aws/ec2/own-snapshots.ts";
import type { WasteFinding } from "../../../core/model/waste/finding.ts";
import { snapshotDaysOf } from "../../../core/model/waste/settings.ts";
import {
  ended,
  gateOfImage,
  gateOfSnapshot,
  hasActed,
  nextActions,
  questionOf,
  unanswered,
  verified,
  type Gate,
} from "../../../core/waste/deletion.ts";
import { useFindingsApproval } from "../../evaluation/findings-approval.ts";
import { judgeAgain } from "./again.ts";
import { effectOf, isDone, readAftermath } from "./effects.ts";
import { endKeptSnapshot } from "./kept-snapshot.ts";
import { olderOnItsWay } from "./oldest-first.ts";
import {
  noteDone,
  perform,
  record,
  withDeletion,
  type Deleting,
  type DeletionSession,
} from "./session.ts";

/** The function comes by every five minutes. */
const soonMs = 5 * 60_000;

const waits = (
  session: DeletionSession,
  finding: Deleting,
  { until, waitsFor }: { readonly until: string; readonly waitsFor: string },
): Promise<WasteFinding> =>
  record(session, finding, (stored) => ({
    ...stored,
    deletion: { ...stored.deletion, nextAt: until, waitsFor },
  }));

const gateOf = async (session: DeletionSession, finding: Deleting): Promise<Gate> => {
  const { clients, context } = session;
  const { deletion, kind } = finding;
  const now = context.now();
  if (kind === "UNUSED_IMAGE") return gateOfImage(deletion, now);
  if (kind === "OLD_SNAPSHOT") {
    const older = await olderOnItsWay(session, finding);
    if (older === undefined) return { kind: "GO" };
    const until = new Date(now.getTime() + soonMs).toISOString();
    return {
      kind: "WAIT",
      until,
      waitsFor: `Snapshot ${older.snapshotId}, which is older, goes first.`,
    };
  }
  const { snapshotId } = deletion;
  if (!hasActed(deletion, "CREATE_SNAPSHOT") || snapshotId === undefined) return { kind: "GO" };
  const [snapshot] = await readOwnSnapshots(clients.ec2, [snapshotId]);
  return gateOfSnapshot(snapshot, now);
};

/** What was made or changed on the way and stays so, in words. */
const leftBehind = ({ resourceId, deletion }: Deleting): string => {
  const { snapshotId } = deletion;
  return [
    ...(snapshotId === undefined ? [] : [`Its snapshot ${snapshotId} is left.`]),
    ...(hasActed(deletion, "DISABLE_IMAGE")
      ? [`It is disabled: aws ec2 enable-image --image-id ${resourceId}.`]
      : []),
  ].join(" ");
};

/** What was used up is used up; a tag by which the role could delete it is taken away. */
const stop = async (
  session: DeletionSession,
  finding: Deleting,
  why: string,
): Promise<WasteFinding> => {
  const { calls } = finding.deletion;
  const isTagged = calls.some(({ action }) => action === "TAG");
  const left = isTagged
    ? await perform(session, finding, effectOf(session, finding, "UNTAG"))
    : finding;
  const at = session.context.now().toISOString();
  return record(session, left, ({ deletion, ...stored }) => {
    const { nextAt: _, ...rest } = deletion;
    const sentence = [why, leftBehind(left)].filter((part) => part !== "").join(" ");
    return { ...stored, status: "CLOSED", deletion: rest, closed: { at, why: sentence } };
  });
};

/** Right before the first effect, and once: for the plan as it is now. @throws StaleApproval */
const useApproval = async (session: DeletionSession, finding: Deleting): Promise<void> => {
  const { context, settings } = session;
  const { approvalId } = finding.deletion;
  const at = { table: context.table, now: context.now() };
  await useFindingsApproval(at, approvalId, questionOf(finding, settings));
};

/** What can't be begun any longer, is shown as it was, and may be agreed to again. */
const giveBack = (session: DeletionSession, finding: Deleting): Promise<WasteFinding> =>
  record(session, finding, ({ deletion: _, ...stored }) => ({ ...stored, status: "OFFERED" }));

/** What AWS shows as done that was begun was done by the call whose answer nobody has noted: it is not made again. */
const withAnswers = async (session: DeletionSession, finding: Deleting): Promise<Deleting> => {
  const action = unanswered(finding.kind, finding.deletion);
  return action !== undefined && (await isDone(session, finding, action))
    ? noteDone(session, finding, action)
    : finding;
};

const end = (session: DeletionSession, finding: Deleting): Promise<WasteFinding> => {
  const snapshotDays = snapshotDaysOf(session.settings);
  const now = session.context.now();
  return record(session, finding, (stored) => ended(stored, { now, snapshotDays }));
};

/** DisableImage takes the shares of an image away, and EnableImage does not bring them back: they are written down first. */
const withShares = async (session: DeletionSession, finding: Deleting): Promise<Deleting> => {
  if (finding.kind !== "UNUSED_IMAGE" || finding.deletion.calls.length > 0) return finding;
  const sharedWith = await imageSharers(session.clients.ec2, finding.resourceId);
  if (sharedWith.length === 0) return finding;
  const shares = `It was shared with ${sharedWith.join(", ")}.`;
  return withDeletion(session, finding, (deletion) =>
    deletion.before.includes(shares)
      ? deletion
      : { ...deletion, before: `${deletion.before} ${shares}` },
  );
};

const further = async (session: DeletionSession, begun: Deleting): Promise<WasteFinding> => {
  const finding = await withAnswers(session, begun);
  if (nextActions(finding.kind, finding.deletion).length === 0) return end(session, finding);
  const gate = await gateOf(session, finding);
  if (gate.kind === "WAIT") return waits(session, finding, gate);
  if (gate.kind === "STOP") return stop(session, finding, gate.sentence);
  const { context, clients, settings, claimedIds } = session;
  const now = context.now();
  const { accountId, region } = finding;
  const place = { accountId, region };
  const again = await judgeAgain({ clients, place, settings, claimedIds, now }, finding);
  if (again.kind === "UNREAD") {
    const until = new Date(now.getTime() + soonMs).toISOString();
    return waits(session, finding, { until, waitsFor: again.why });
  }
  await useApproval(session, finding);
  if (again.kind === "CHANGED") return stop(session, finding, again.why);
  let step = await withShares(session, finding);
  for (const action of nextActions(finding.kind, finding.deletion)) {
    step = await perform(session, step, effectOf(session, step, action));
  }
  return nextActions(step.kind, step.deletion).length === 0
    ? end(session, step)
    : waits(session, step, {
        until: new Date(context.now().getTime() + soonMs).toISOString(),
        waitsFor: "The next step comes with the next run.",
      });
};

const afterEnd = async (session: DeletionSession, finding: Deleting): Promise<WasteFinding> => {
  const now = session.context.now();
  const { snapshotUntil, deletedAt } = finding.deletion;
  const isSnapshotOver = snapshotUntil !== undefined && Date.parse(snapshotUntil) <= now.getTime();
  if (isSnapshotOver && deletedAt !== undefined) return endKeptSnapshot(session, finding);
  const aftermath = await readAftermath(session, finding);
  return record(session, finding, (stored) => verified(stored, aftermath, now));
};

/** @throws what a reading or a call throws; StaleKillSwitch */
export const carryOn = async (
  session: DeletionSession,
  finding: Deleting,
): Promise<WasteFinding> => {
  if (finding.status === "DELETED") return afterEnd(session, finding);
  try {
    return await further(session, finding);
  } catch (error) {
    const hasBegun = finding.deletion.calls.length > 0;
    const isRefused = error instanceof Error && error.name === "StaleApproval" && !hasBegun;
    if (isRefused) return giveBack(session, finding);
    throw error;
  }
};

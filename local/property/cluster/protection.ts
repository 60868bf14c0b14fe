/** Whom the owner of a group has protected from scale-in, and whom we had no right to leave protected. */
import type { GroupSummary } from "../../cloud/autoscaling/control.ts";
import type { JournalEntry } from "../../cloud/journal.ts";
import type { GroupLab } from "../../lab/group-lab.ts";
import type { Happened } from "./twin-samples.ts";

type Journal = readonly JournalEntry[];

interface Of {
  readonly lab: GroupLab;
  readonly before: GroupSummary;
}

const journalOf = ({ lab }: Of): Journal => lab.platform.cloud.journal;
const isOurs = ({ sessionName }: JournalEntry): boolean => sessionName !== undefined;

/** Calls that protected this member, or took that off, and acted. */
const settingsOf = (journal: Journal, instanceId: string, isProtected: boolean): Journal =>
  journal.filter(({ operation, input, hadEffect }) => {
    if (operation !== "SetInstanceProtection" || !hadEffect) return false;
    const { InstanceIds: ids = [], ProtectedFromScaleIn: is } = input as {
      readonly InstanceIds?: readonly string[];
      readonly ProtectedFromScaleIn?: boolean;
    };
    return is === isProtected && ids.includes(instanceId);
  });

/** When we looked at the group last, before we called that. */
export const readBefore = (journal: Journal, { at }: JournalEntry): number =>
  journal.findLast(
    (entry) => entry.operation === "DescribeAutoScalingGroups" && isOurs(entry) && entry.at <= at,
  )?.at ?? at;

/**
 * Who protects a member while we hold it, or between our look at it and our hold, says nothing that could be seen: the group shows a member as protected, not by whom nor how often.
 * It is released with the others. A limit of holding (docs/decisions/0024). Undone before or after that, it stands.
 */
const isUnseen = (journal: Journal, instanceId: string, { at }: JournalEntry): boolean =>
  settingsOf(journal, instanceId, true)
    .filter(isOurs)
    .some((hold) => {
      const release = settingsOf(journal, instanceId, false).find(
        (entry) => isOurs(entry) && entry.at > hold.at,
      );
      return release !== undefined && readBefore(journal, hold) <= at && at <= release.at;
    });

/** Calls of the owner's that protect this member, as far as they could be seen. */
const wishesFor = (journal: Journal, instanceId: string): Journal =>
  settingsOf(journal, instanceId, true).filter(
    (entry) => !isOurs(entry) && !isUnseen(journal, instanceId, entry),
  );

/** The owner's call takes some tens of milliseconds. */
const callMs = 5_000;

/** What happened to the group says something to us: a protection that AWS refused, for the member has left, or that nobody could see, does not. */
export const isSeen =
  (run: Of) =>
  ({ act, atMs }: Happened): boolean => {
    if (act.kind !== "PROTECT" || !act.isProtected) return true;
    const { instanceId = "" } = run.before.members[act.member] ?? {};
    return wishesFor(journalOf(run), instanceId).some(({ at }) => atMs <= at && at < atMs + callMs);
  };

/** Replacements and others alike: a refresh would wait for each of them, and fail. */
export const leftProtected = (run: Of, { members }: GroupSummary): readonly string[] =>
  members
    .filter(
      ({ instanceId, isProtected }) =>
        isProtected && wishesFor(journalOf(run), instanceId).length === 0,
    )
    .map(({ instanceId }) => `${instanceId} is still protected from scale-in`);

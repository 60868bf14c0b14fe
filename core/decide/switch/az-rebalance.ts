/** While originals and replacements stand side by side the group must not balance its zones: it would launch, and end what serves. */
import {
  isLeavingGroup,
  suspensionOf,
  type GroupFacts,
  type LiveGroup,
} from "../../model/group.ts";
import type { Intent } from "../../model/intent.ts";
import type { ChangeOf } from "../../model/intent.ts";
import type { Restore } from "./restore.ts";

export const azRebalance = "AZRebalance";

/** How unequal the zones are: members of the fullest minus those of the emptiest. */
export const zoneSpread = ({
  zones,
  members,
}: Pick<GroupFacts, "zones"> & Pick<LiveGroup, "members">): number => {
  const counts = zones.map(
    ({ zoneId }) =>
      members.filter((member) => member.zoneId === zoneId && !isLeavingGroup(member)).length,
  );
  return counts.length === 0 ? 0 : Math.max(...counts) - Math.min(...counts);
};

/** In one zone there is nothing to balance; what its owner has suspended stays his. */
export const mustSuspendAzRebalance = (
  group: Pick<GroupFacts, "zones"> & Pick<LiveGroup, "suspendedProcesses">,
): boolean => group.zones.length > 1 && suspensionOf(group, azRebalance) === undefined;

/** `User suspended at 2026-11-27T16:38:20Z` */
const suspendedAt = (reason: string): number =>
  Date.parse(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z/.exec(reason)?.[0] ?? "");

/** A call whose answer is not known was carried out within a function's longest time. */
const callMs = 15 * 60_000;
/** AWS's clock and ours need not agree to the second. */
const apartMs = 5_000;

/** When we suspended it at the latest: a suspension of after that is its owner's, who has resumed ours before we could look at it. */
const lastOwnMs = ({ plannedAt, actedAt }: Pick<Intent, "plannedAt" | "actedAt">): number =>
  actedAt === undefined ? Date.parse(plannedAt) + callMs : Date.parse(actedAt) + apartMs;

/** † That AWS writes the time of the suspension anew when a suspended process is suspended again. */
export const isOwnSuspension = (
  change: ChangeOf<"SUSPEND_AZ_REBALANCE">,
  call: Pick<Intent, "plannedAt" | "actedAt">,
  reason: string,
): boolean => {
  if (change.reason !== undefined) return change.reason === reason;
  const atMs = suspendedAt(reason);
  return atMs > Date.parse(call.plannedAt) - apartMs && atMs <= lastOwnMs(call);
};

/** By how many members zones may differ: by one, or by as many as before we suspended the process. */
export const mostSpread = (suspension: Pick<Intent, "before"> | undefined): number =>
  Math.max(1, Number(suspension?.before?.["spread"] ?? 0));

export const staysSuspended = ({ asgName }: ChangeOf<"SUSPEND_AZ_REBALANCE">): string =>
  `${azRebalance} of group ${asgName} stays suspended while its zones differ by more members than one: resuming it would end some. It is resumed once they do not.`;

/**
 * Resumed only where the suspension is still the one that we made, and where resuming does not make the group balance: by zones that
 * differ by one at most, or by no more than they did before.
 */
export const judgeResume = (
  intent: Pick<Intent, "plannedAt" | "actedAt" | "before"> & {
    readonly change: ChangeOf<"SUSPEND_AZ_REBALANCE">;
  },
  group: Pick<GroupFacts, "zones"> & Pick<LiveGroup, "suspendedProcesses" | "members">,
): Restore => {
  const { asgName } = intent.change;
  const suspension = suspensionOf(group, azRebalance);
  if (suspension === undefined) return { kind: "DONE" };
  if (!isOwnSuspension(intent.change, intent, suspension.reason)) {
    return {
      kind: "THEIRS",
      sentence: `${azRebalance} of group ${asgName} is suspended by somebody else (${suspension.reason}): it stays so.`,
    };
  }
  if (zoneSpread(group) <= mostSpread(intent)) return { kind: "RESTORE" };
  return { kind: "NOT_NOW", sentence: staysSuspended(intent.change) };
};
